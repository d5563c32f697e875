// SPDX-License-Identifier: Apache-2.0
#include "app/worker.h"

#include <chrono>
#include <fcntl.h>
#include <iostream>
#include <map>
#include <memory>
#include <new>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "app/model_spec.h"
#include "app/plan.h"
#include "app/run_folder.h"
#include "app/video_io.h"
#include "core/check.h"
#include "metrics/metrics.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

constexpr int kReplyDescriptor = 3;

double NowSeconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

// What stays in memory from one piece of work to the next.
struct Memory {
  std::string truth_folder;
  std::unique_ptr<Truth> truth;
  std::string model_text;
  std::unique_ptr<SampleMaker> model;
};

const Truth& RememberedTruth(const fs::path& folder, Memory& memory) {
  if (memory.truth_folder != folder.string()) {
    memory.truth.reset();
    memory.truth = std::make_unique<Truth>(ReadTruth(folder));
    memory.truth_folder = folder.string();
  }
  return *memory.truth;
}

SampleMaker& RememberedModel(const std::string& text, Memory& memory) {
  if (memory.model_text != text || memory.model == nullptr) {
    memory.model.reset();
    memory.model_text = text;
    memory.model = OpenModel(ParseModelSpec(text));
  }
  return *memory.model;
}

void AddFacts(const Video& sample, Cell& cell) {
  cell.sample.frames = sample.num_frames();
  cell.sample.fps = sample.fps();
  cell.sample.width = sample.width();
  cell.sample.height = sample.height();
}

// Scores and sample facts of one measurement.
void AddMeasurement(const MetricInput& input,
                    const std::vector<std::string>& families,
                    Cell& cell) {
  const MetricReport report = Measure(input, {families}, {});
  AddFacts(*input.sample, cell);
  cell.scores = report.scores;
  cell.sample.motion_class = std::string(MotionClassName(report.motion_class));
  for (const std::string& note : report.notes) cell.sample.notes.push_back(note);
  for (const auto& [family, seconds] : report.seconds) {
    cell.stage_seconds["score " + family] += seconds;
  }
}

// What a scoring task knows of the truth: all of it, only its video, or nothing.
struct KnownTruth {
  std::unique_ptr<Truth> truth;
  std::optional<LoadedVideo> loaded;
  std::string path;  // of the truth's video

  const Video* video() const {
    if (truth != nullptr) return &truth->video;
    return loaded ? &loaded->video : nullptr;
  }
};

KnownTruth ReadKnownTruth(const ScoreTask& task, const VideoReadOptions& options) {
  KnownTruth known;
  if (!task.truth_folder.empty()) {
    known.truth = std::make_unique<Truth>(ReadTruth(task.truth_folder));
    known.path = (task.truth_folder / "rgb.mkv").string();
  } else if (!task.truth_video.empty()) {
    known.loaded = ReadVideo(task.truth_video, options);
    known.path = task.truth_video.string();
  }
  return known;
}

// Simulates and renders one scene of a suite into the run folder, unless it lies there.
Json DoTruth(const Json& request, StageClock& clock) {
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

struct CellSample {
  Video video;
  std::string path;
  std::vector<std::string> notes;
  double seconds = 0.0;
};

// The sample of a cell: read again when it lies in the folder, else made and stored.
CellSample SampleOf(const Json& request,
                    const SampleRequest& asked,
                    StageClock& clock,
                    Memory& memory) {
  const RunFolder folder{request.at("run").get<std::string>()};
  const auto stored = request.at("sample").get<std::string>();
  if (!stored.empty() && fs::exists(folder.root / stored)) {
    clock.Begin("decode");
    return {ReadSample(folder, stored),
            stored,
            request.at("sample_notes").get<std::vector<std::string>>(),
            request.at("sample_seconds").get<double>()};
  }
  clock.Begin("generate");
  const double began_s = NowSeconds();
  MadeSample made = RememberedModel(request.at("model").get<std::string>(), memory).Make(asked, {});
  const double seconds = NowSeconds() - began_s;
  clock.Begin("encode");
  std::string path = StoreSample(folder, made.video);
  return {std::move(made.video), std::move(path), std::move(made.notes), seconds};
}

Json DoCell(const Json& request, StageClock& clock, Memory& memory) {
  clock.Begin("truth");
  const Suite suite = SuiteFromDocument({"request", request.at("suite"), {}});
  const RunFolder folder{request.at("run").get<std::string>()};
  const auto digest = request.at("truth").get<std::string>();
  const Truth& truth = RememberedTruth(folder.truths() / digest, memory);
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
  AddFacts(sample.video, cell);
  AddMeasurement(input, suite.families, cell);
  clock.Begin("");
  for (const auto& [stage, seconds] : clock.seconds()) cell.stage_seconds[stage] = seconds;
  Json reply = ReplyOf(cell);
  reply["made"] = {{"path", sample.path}, {"notes", sample.notes}, {"seconds", sample.seconds}};
  return reply;
}

Json DoRequest(const Json& request, StageClock& clock, Memory& memory) {
  const auto kind = request.at("kind").get<std::string>();
  if (kind == "truth") return DoTruth(request, clock);
  if (kind == "cell") return DoCell(request, clock, memory);
  if (kind == "score") return ReplyOf(DoScoreTask(ScoreTaskFromJson(request), clock));
  throw CheckFailure(fmt::format("unknown request '{}'", kind));
}

Json Failure(const StageClock& clock, ExitCode code, const std::string& text) {
  return {
      {"failed", {{"stage", clock.stage()}, {"reason", text}, {"code", static_cast<int>(code)}}}};
}

Json Answer(const Json& request, StageClock& clock, Memory& memory) {
  try {
    return {{"done", DoRequest(request, clock, memory)}};
  } catch (const Error& error) {
    return Failure(clock, error.exit_code(), error.what());
  } catch (const std::bad_alloc&) {
    return Failure(clock, ExitCode::kEnvironment, "out of memory");
  } catch (const std::exception& error) {
    return Failure(clock, ExitCode::kInternal, error.what());
  }
}

// One line on the reply descriptor. A parent that is gone ends the worker.
void Send(const Json& message) {
  const std::string line = message.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t written = write(kReplyDescriptor, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) _exit(static_cast<int>(ExitCode::kInterrupted));
    rest.remove_prefix(static_cast<size_t>(written));
  }
}

void PrepareProcess() {
  // The end of the parent, however it ends, is the end of the worker; Ctrl-C is the parent's to
  // handle.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, SIG_DFL);
  const int nowhere = open("/dev/null", O_WRONLY);
  if (nowhere >= 0) {
    dup2(nowhere, STDOUT_FILENO);
    close(nowhere);
  }
}

}  // namespace

StageClock::StageClock(std::function<void(const std::string&)> announce)
    : announce_(std::move(announce)) {}

void StageClock::Begin(const std::string& stage) {
  const double now_s = NowSeconds();
  if (!stage_.empty()) seconds_[stage_] += now_s - began_s_;
  stage_ = stage;
  began_s_ = now_s;
  if (announce_ && !stage.empty()) announce_(stage);
}

Json ToJson(const ScoreTask& task) {
  return {{"kind", "score"},
          {"sample", task.sample.string()},
          {"truth_video", task.truth_video.string()},
          {"truth_folder", task.truth_folder.string()},
          {"conditioning_frames", task.conditioning_frames},
          {"seed", task.seed},
          {"families", task.families},
          {"png_fps", task.png_fps},
          {"proxy", task.proxy.string()},
          {"truth_proxy", task.truth_proxy.string()},
          {"decode_only", task.decode_only}};
}

ScoreTask ScoreTaskFromJson(const Json& json) {
  ScoreTask task;
  task.sample = json.at("sample").get<std::string>();
  task.truth_video = json.at("truth_video").get<std::string>();
  task.truth_folder = json.at("truth_folder").get<std::string>();
  task.conditioning_frames = json.at("conditioning_frames").get<int>();
  task.seed = json.at("seed").get<uint64_t>();
  task.families = json.at("families").get<std::vector<std::string>>();
  task.png_fps = json.at("png_fps").get<double>();
  task.proxy = json.at("proxy").get<std::string>();
  task.truth_proxy = json.at("truth_proxy").get<std::string>();
  task.decode_only = json.at("decode_only").get<bool>();
  return task;
}

Json ReplyOf(const Cell& cell) {
  Json reply = {{"source", cell.sample.source},
                {"frames", cell.sample.frames},
                {"fps", cell.sample.fps},
                {"width", cell.sample.width},
                {"height", cell.sample.height},
                {"motion_class", cell.sample.motion_class},
                {"notes", cell.sample.notes},
                {"truth_video", cell.truth_video},
                {"stage_seconds", cell.stage_seconds},
                {"scores", Json::array()}};
  for (const Score& score : cell.scores) reply["scores"].push_back(ToJson(score));
  return reply;
}

void AddReply(const Json& reply, Cell& cell) {
  cell.status = CellStatus::kDone;
  cell.sample.source = reply.at("source").get<std::string>();
  cell.sample.frames = reply.at("frames").get<int>();
  cell.sample.fps = reply.at("fps").get<double>();
  cell.sample.width = reply.at("width").get<int>();
  cell.sample.height = reply.at("height").get<int>();
  cell.sample.motion_class = reply.at("motion_class").get<std::string>();
  cell.sample.notes = reply.at("notes").get<std::vector<std::string>>();
  cell.truth_video = reply.at("truth_video").get<std::string>();
  cell.stage_seconds = reply.at("stage_seconds").get<std::map<std::string, double>>();
  for (const Json& score : reply.at("scores")) {
    cell.scores.push_back(ScoreFromJson(score, "worker's reply"));
  }
}

Cell DoScoreTask(const ScoreTask& task, StageClock& clock) {
  clock.Begin("decode");
  VideoReadOptions options;
  options.png_fps = task.png_fps;
  const LoadedVideo sample = ReadVideo(task.sample, options);
  const KnownTruth known = ReadKnownTruth(task, options);
  clock.Begin("encode");
  if (!task.proxy.empty()) WriteProxy(task.proxy, sample.video);
  if (!task.truth_proxy.empty() && known.video() != nullptr) {
    WriteProxy(task.truth_proxy, *known.video());
  }
  Cell cell;
  cell.status = CellStatus::kDone;
  cell.sample.source = task.sample.string();
  cell.sample.notes = sample.notes;
  cell.truth_video = known.path;
  AddFacts(sample.video, cell);
  if (!task.decode_only) {
    clock.Begin("score");
    MetricInput input;
    input.sample = &sample.video;
    input.truth = known.truth.get();
    input.truth_video = known.truth == nullptr ? known.video() : nullptr;
    input.conditioning_frames = task.conditioning_frames;
    input.seed = task.seed;
    AddMeasurement(input, task.families, cell);
  }
  clock.Begin("");
  for (const auto& [stage, seconds] : clock.seconds()) cell.stage_seconds[stage] = seconds;
  return cell;
}

ExitCode ServeRequests() {
  PrepareProcess();
  Memory memory;
  std::string line;
  while (std::getline(std::cin, line)) {
    StageClock clock([](const std::string& stage) { Send({{"stage", stage}}); });
    Json request = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    Send(request.is_object()
             ? Answer(request, clock, memory)
             : Failure(clock, ExitCode::kInternal, "the request is no JSON object"));
  }
  return ExitCode::kOk;
}

}  // namespace plumb
