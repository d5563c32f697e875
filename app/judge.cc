// SPDX-License-Identifier: Apache-2.0
#include "app/judge.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <memory>

#include <fmt/format.h>

#include "core/errors.h"
#if PLUMB_WITH_GENERATOR
#include "generator/native/inspectable_model.h"
#endif

namespace plumb {

#if PLUMB_WITH_GENERATOR
namespace {

constexpr int kLevels = 10;
constexpr size_t kRemembered = 2;

// All that losses depend on beside the checkpoint.
struct Question {
  std::vector<Image> frames;
  double fps = 0.0;
  LossCondition condition;
  uint64_t seed = 0;
};

bool SameCamera(const Camera& a, const Camera& b) {
  const auto numbers = [](const Intrinsics& k) {
    return std::array{static_cast<double>(k.width),
                      static_cast<double>(k.height),
                      k.fx_px,
                      k.fy_px,
                      k.cx_px,
                      k.cy_px};
  };
  return numbers(a.intrinsics) == numbers(b.intrinsics) &&
         a.camera_from_world.translation == b.camera_from_world.translation &&
         a.camera_from_world.rotation.coeffs() == b.camera_from_world.rotation.coeffs();
}

bool SameQuestion(const Question& a, const Question& b) {
  return a.seed == b.seed && a.fps == b.fps && a.frames == b.frames &&
         a.condition.caption == b.condition.caption &&
         a.condition.known_frames == b.condition.known_frames &&
         std::equal(a.condition.cameras.begin(),
                    a.condition.cameras.end(),
                    b.condition.cameras.begin(),
                    b.condition.cameras.end(),
                    SameCamera);
}

struct OpenJudge {
  std::string checkpoint;
  std::unique_ptr<InspectableModel> model;
  std::deque<std::pair<Question, LossCurve>> remembered;  // the last asked first
};

// Whole latent frames from the start: 0, or a multiple of the step plus one.
int WholeFrames(int frames, int step) { return frames < 1 ? 0 : (frames - 1) / step * step + 1; }

// Which frames of a clip the checkpoint sees.
std::vector<int> ChosenFrames(const Video& video, const InspectableModel& model) {
  const TrainedClip trained = model.Trained();
  const int stride = std::max(1, static_cast<int>(std::lround(video.fps() / trained.fps)));
  const int there = (video.num_frames() - 1) / stride + 1;
  const int count = WholeFrames(std::min(there, trained.frames), model.FrameStep());
  if (count <= model.FrameStep()) {
    throw UsageError(
        fmt::format("{} frames at {:.4g} a second are too few for the judge, which "
                    "needs {} at {:.4g}",
                    video.num_frames(),
                    video.fps(),
                    model.FrameStep() + 1,
                    trained.fps));
  }
  std::vector<int> chosen;
  for (int i = 0; i < count; ++i) chosen.push_back(i * stride);
  return chosen;
}

Question QuestionOf(const JudgedClip& clip,
                    const JudgedScene& scene,
                    const InspectableModel& model) {
  const Video& video = clip.video;
  const ClipShape shape = model.PlanClip({.width = video.width(),
                                          .height = video.height(),
                                          .frames = video.num_frames(),
                                          .fps = video.fps()});
  Question question;
  question.seed = scene.seed;
  question.condition.caption = scene.caption;
  const std::vector<int> chosen = ChosenFrames(video, model);
  question.fps = video.fps() / chosen[1];
  int known = 0;
  for (const int frame : chosen) {
    question.frames.push_back(AreaResized(video.frame(frame), shape.width, shape.height));
    if (!scene.cameras.empty()) {
      question.condition.cameras.push_back(scene.cameras.at(clip.truth_frames[frame]));
    }
    known += frame < clip.known_frames ? 1 : 0;
  }
  const int most = static_cast<int>(chosen.size()) - model.FrameStep();
  question.condition.known_frames = WholeFrames(std::min(known, most), model.FrameStep());
  return question;
}

OpenJudge& Opened(const std::string& checkpoint) {
  static OpenJudge judge;
  if (judge.checkpoint != checkpoint || judge.model == nullptr) {
    judge = {};
    judge.model = LoadInspectableModel(checkpoint);
    judge.checkpoint = checkpoint;
  }
  return judge;
}

LossCurve LossesOf(OpenJudge& judge, const Question& question) {
  auto& remembered = judge.remembered;
  const auto known = std::find_if(remembered.begin(), remembered.end(), [&](const auto& entry) {
    return SameQuestion(entry.first, question);
  });
  if (known != remembered.end()) {
    std::rotate(remembered.begin(), known, known + 1);
    return remembered.front().second;
  }
  const DenoisingLosses losses = judge.model->DenoisingLoss(
      {question.frames, question.fps},
      question.condition,
      {.timesteps = judge.model->EvenTimesteps(kLevels), .noise_seed = question.seed});
  remembered.push_front({question, {losses.timesteps, losses.losses}});
  if (remembered.size() > kRemembered) remembered.pop_back();
  return remembered.front().second;
}

}  // namespace

DenoisingJudge JudgeOf(const std::string& checkpoint, const JudgedScene& scene) {
  Opened(checkpoint);
  return [checkpoint, scene](const JudgedClip& clip) {
    OpenJudge& judge = Opened(checkpoint);
    return LossesOf(judge, QuestionOf(clip, scene, *judge.model));
  };
}

#else

DenoisingJudge JudgeOf(const std::string& checkpoint, const JudgedScene& /*scene*/) {
  throw UsageError(
      fmt::format("judge {}: this program was built without the generator", checkpoint));
}

#endif

}  // namespace plumb
