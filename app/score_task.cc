// SPDX-License-Identifier: Apache-2.0
#include "app/score_task.h"

#include <map>
#include <memory>
#include <optional>

#include "app/asked_metrics.h"
#include "app/judge.h"
#include "app/reconstruction_folder.h"
#include "app/truth_store.h"
#include "app/video_io.h"

namespace plumb {
namespace {

void AddFacts(const Video& sample, Cell& cell) {
  cell.sample.frames = sample.num_frames();
  cell.sample.fps = sample.fps();
  cell.sample.width = sample.width();
  cell.sample.height = sample.height();
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

// What the judge makes of sample and truth. The truth's own scene says what happens and who sees
// it.
Score Likelihood(const MetricInput& input, const std::string& checkpoint) {
  const Truth* truth = input.truth;
  JudgedScene scene{.seed = input.seed};
  if (truth != nullptr) {
    scene.caption = truth->scene.caption;
    scene.cameras = truth->cameras;
  }
  return MeasureLikelihood({.sample = input.sample,
                            .truth = truth != nullptr ? &truth->video : input.truth_video,
                            .conditioning_frames = input.conditioning_frames,
                            .seed = input.seed,
                            .judge = JudgeOf(checkpoint, scene)});
}

// What geometry found, or, where its scores were not asked for, finds now.
void SaveReconstruction(const ScoreTask& task,
                        const MetricInput& input,
                        const std::optional<Reconstruction>& measured,
                        Cell& cell) {
  const Reconstruction found =
      measured ? *measured : ReconstructVideo(*input.sample, {input.seed}, {});
  WriteReconstruction(
      task.reconstruction, found, task.reconstruction_pictures ? input.sample : nullptr);
  cell.sample.notes.push_back(ReconstructionNote(found));
}

std::optional<Reconstruction> AddFamilies(const MetricInput& input,
                                          const std::vector<std::string>& families,
                                          Cell& cell) {
  MetricReport report = Measure(input, {families}, {});
  cell.scores = report.scores;
  cell.sample.motion_class = std::string(MotionClassName(report.motion_class));
  for (const std::string& note : report.notes) cell.sample.notes.push_back(note);
  for (const auto& [family, seconds] : report.seconds) {
    cell.stage_seconds["score " + family] += seconds;
  }
  return std::move(report.reconstruction);
}

}  // namespace

std::optional<Reconstruction> AddMeasurement(const MetricInput& input,
                                             const std::vector<std::string>& metrics,
                                             Cell& cell) {
  const AskedMetrics asked = ParseMetrics(metrics);
  AddFacts(*input.sample, cell);
  std::optional<Reconstruction> reconstruction;
  if (!asked.families.empty()) reconstruction = AddFamilies(input, asked.families, cell);
  if (!asked.judge.empty()) cell.scores.push_back(Likelihood(input, asked.judge));
  return reconstruction;
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
          {"decode_only", task.decode_only},
          {"reconstruction", task.reconstruction.string()},
          {"reconstruction_pictures", task.reconstruction_pictures}};
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
  task.reconstruction = json.at("reconstruction").get<std::string>();
  task.reconstruction_pictures = json.at("reconstruction_pictures").get<bool>();
  return task;
}

Json ReplyOf(const Cell& cell) {
  Json reply = ToJson(cell.sample);
  reply["truth_video"] = cell.truth_video;
  reply["stage_seconds"] = cell.stage_seconds;
  reply["scores"] = Json::array();
  for (const Score& score : cell.scores) reply["scores"].push_back(ToJson(score));
  return reply;
}

void AddReply(const Json& reply, Cell& cell) {
  cell.status = CellStatus::kDone;
  cell.sample = SampleInfoFromJson(reply);
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
    input.keep_reconstruction = !task.reconstruction.empty();
    const auto reconstruction = AddMeasurement(input, task.families, cell);
    if (!task.reconstruction.empty()) SaveReconstruction(task, input, reconstruction, cell);
  }
  clock.Begin("");
  for (const auto& [stage, seconds] : clock.seconds()) cell.stage_seconds[stage] = seconds;
  return cell;
}

}  // namespace plumb
