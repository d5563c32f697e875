// SPDX-License-Identifier: Apache-2.0
#include "app/cell_task.h"

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/plan.h"
#include "app/run_folder.h"
#include "app/score_task.h"
#include "app/truth_store.h"
#include "core/check.h"
#include "core/errors.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

const Truth& RememberedTruth(const fs::path& store, const std::string& digest, CellMemory& memory) {
  const std::string folder = (store / digest).string();
  if (memory.truth_folder != folder) {
    memory.truth_folder.clear();
    memory.truth.reset();
    memory.truth = std::make_unique<Truth>(ReadStoredTruth(store, digest));
    memory.truth_folder = folder;
  }
  return *memory.truth;
}

SampleMaker& RememberedModel(const Json& request, CellMemory& memory) {
  const auto text = request.at("model").get<std::string>();
  if (memory.model_text != text || memory.model == nullptr) {
    memory.model.reset();
    memory.model_text = text;
    memory.model = OpenModel(ParseModelSpec(text), request.value("answer_seconds", 3420.0));
  }
  return *memory.model;
}

struct CellSample {
  Video video;
  std::string path;
  std::vector<std::string> notes;
  double seconds = 0.0;
};

// The video of a sample that was stored before; nothing when it is damaged. Then its stamps, which
// say that the folder is whole, are taken away, so that it is stored anew.
std::optional<Video> StoredVideo(const RunFolder& folder, const std::string& path) {
  if (path.empty() || !fs::exists(folder.root / path)) return std::nullopt;
  try {
    return ReadSample(folder, path);
  } catch (const InputError&) {
  } catch (const CheckFailure&) {
  }
  std::error_code ignored;
  fs::remove((folder.root / path).parent_path() / "sample.json", ignored);
  return std::nullopt;
}

// The sample of a cell: read again when it lies whole in the folder, else made, and stored if it is
// to be kept.
CellSample SampleOf(const Json& request,
                    const SampleRequest& asked,
                    StageClock& clock,
                    CellMemory& memory) {
  const RunFolder folder{request.at("run").get<std::string>()};
  const auto stored = request.at("sample").get<std::string>();
  if (!stored.empty()) clock.Begin("decode");
  if (std::optional<Video> video = StoredVideo(folder, stored)) {
    return {std::move(*video),
            stored,
            request.at("sample_notes").get<std::vector<std::string>>(),
            request.at("sample_seconds").get<double>()};
  }
  clock.Begin("generate");
  MadeSample made = RememberedModel(request, memory).Make(asked, {});
  clock.Begin("encode");
  const double seconds = clock.seconds().at("generate");
  std::string path = request.value("keep_sample", true) ? StoreSample(folder, made.video) : "";
  return {std::move(made.video), std::move(path), std::move(made.notes), seconds};
}

}  // namespace

Json DoTruthTask(const Json& request, StageClock& clock) {
  clock.Begin("truth");
  const Suite suite = SuiteFromDocument({"request", request.at("suite"), {}});
  const RunFolder folder{request.at("run").get<std::string>()};
  const auto scene_id = request.at("scene").get<std::string>();
  for (const Scene& scene : ScenesOf(suite)) {
    if (scene.id != scene_id) continue;
    LoadOrMakeTruth(folder.truths(), scene, TruthProtocolOf(suite));
    clock.Begin("");
    return {{"stage_seconds", clock.seconds()}};
  }
  throw CheckFailure(fmt::format("no scene '{}' in the suite", scene_id));
}

Json DoCellTask(const Json& request, StageClock& clock, CellMemory& memory) {
  clock.Begin("truth");
  const Suite suite = SuiteFromDocument({"request", request.at("suite"), {}});
  const RunFolder folder{request.at("run").get<std::string>()};
  const auto digest = request.at("truth").get<std::string>();
  const Truth& truth = RememberedTruth(folder.truths(), digest, memory);
  SampleRequest asked;
  asked.prompt = PromptOf(truth, suite, request.at("seed").get<uint64_t>());
  asked.truth = &truth;
  asked.conditioning_frames = suite.protocol.conditioning_frames;
  const CellSample sample = SampleOf(request, asked, clock, memory);
  clock.Begin("score");
  Cell cell;
  cell.sample.source = sample.path;
  cell.sample.notes = sample.notes;
  cell.truth_video = fmt::format("truth/{}/rgb.mkv", digest);
  MetricInput input;
  input.sample = &sample.video;
  input.truth = &truth;
  input.conditioning_frames = asked.conditioning_frames;
  input.seed = asked.prompt.seed;
  input.truth_masks = suite.protocol.truth_masks;
  AddMeasurement(input, suite.families, cell);
  clock.Begin("");
  for (const auto& [stage, seconds] : clock.seconds()) cell.stage_seconds[stage] = seconds;
  Json reply = ReplyOf(cell);
  reply["made"] = {{"path", sample.path}, {"notes", sample.notes}, {"seconds", sample.seconds}};
  return reply;
}

}  // namespace plumb
