// SPDX-License-Identifier: Apache-2.0
#include "generator/native/inspectable_model.h"

#include <algorithm>
#include <cmath>

#include <fnmatch.h>

#include "core/check.h"
#include "core/seed.h"
#include "generator/native/internal_denoising_loss.h"
#include "generator/native/internal_folder_model.h"

namespace plumb {
namespace {

class FolderTrajectory : public Trajectory {
 public:
  FolderTrajectory(DiffusersFolderModel& model, const VideoRequest& request)
      : model_(model), request_(request), sampler_(SamplerOf(model, request)) {}

  int num_steps() const override { return sampler_.num_steps(); }
  int step() const override { return sampler_.step(); }
  bool Done() const override { return sampler_.Done(); }
  void Next() override {
    const c10::InferenceMode inference;
    at::set_num_threads(1);
    sampler_.Next();
  }
  Safetensors State() const override { return sampler_.State(); }
  void Restore(const Safetensors& state, const std::string& place) override {
    const c10::InferenceMode inference;
    sampler_.Restore(state, place);
  }
  Video Decoded() const override {
    const c10::InferenceMode inference;
    at::set_num_threads(1);
    return model_.VideoOf(sampler_.latents(), request_);
  }

 private:
  static Sampler SamplerOf(DiffusersFolderModel& model, const VideoRequest& request) {
    const c10::InferenceMode inference;
    at::set_num_threads(1);
    DiffusersFolderModel::Task task = model.TaskOf(request);
    return {std::move(task.input), std::move(task.denoiser)};
  }

  DiffusersFolderModel& model_;
  VideoRequest request_;
  Sampler sampler_;
};

// The layers that a name, or a pattern with * and ?, means.
std::vector<std::string> LayersNamed(const std::string& name,
                                     const std::vector<std::string>& layers) {
  std::vector<std::string> named;
  for (const std::string& layer : layers) {
    if (fnmatch(name.c_str(), layer.c_str(), 0) == 0) named.push_back(layer);
  }
  if (named.empty()) {
    throw UsageError(
        fmt::format("layer '{}' is unknown; there are: {}", name, fmt::join(layers, ", ")));
  }
  return named;
}

// The request whose clip is the video, wholly unknown yet.
VideoRequest RequestOf(const Video& video, const LossCondition& condition) {
  VideoRequest request;
  request.name = "denoising loss";
  request.caption = condition.caption;
  request.width = video.width();
  request.height = video.height();
  request.frames = video.num_frames();
  request.fps = video.fps();
  request.cameras = condition.cameras;
  return request;
}

void CheckCondition(const LossCondition& condition, int frames, int step) {
  const int known = condition.known_frames;
  const bool whole = known == 0 || (known > 0 && (known - 1) % step == 0);
  if (!whole || known >= frames) {
    throw UsageError(fmt::format(
        "known_frames {}: expected 0, or a multiple of {} plus 1, and fewer than the {} frames",
        known,
        step,
        frames));
  }
}

double HighestTimestep(const SchedulerOptions& scheduler) {
  const auto steps = static_cast<double>(scheduler.num_train_timesteps);
  return scheduler.prediction == Prediction::kFlow ? steps : steps - 1;
}

}  // namespace

std::vector<std::string> DiffusersFolderModel::Layers() const {
  return LayerNames(networks_.config.transformer);
}

void DiffusersFolderModel::Observe(const std::vector<std::string>& layers,
                                   ActivationObserver observer) {
  std::set<std::string> observed;
  for (const std::string& name : layers) {
    const std::vector<std::string> named = LayersNamed(name, Layers());
    observed.insert(named.begin(), named.end());
  }
  if (observer == nullptr) observed.clear();
  observed_ = std::move(observed);
  observer_ = std::move(observer);
}

LayerWatch DiffusersFolderModel::WatchOf(float timestep, bool conditional) const {
  return [this, timestep, conditional](const std::string& layer, const at::Tensor& output) {
    if (!observed_.contains(layer)) return;
    observer_({.layer = layer,
               .timestep = timestep,
               .conditional = conditional,
               .values = FromTorch(output.to(torch::kFloat32))});
  };
}

std::unique_ptr<Trajectory> DiffusersFolderModel::Begin(const VideoRequest& request) {
  return std::make_unique<FolderTrajectory>(*this, request);
}

std::vector<double> DiffusersFolderModel::EvenTimesteps(int count) const {
  PLUMB_CHECK(count > 0, "{} timesteps", count);
  const SchedulerOptions& scheduler = networks_.config.scheduler;
  const auto steps = static_cast<double>(scheduler.num_train_timesteps);
  std::vector<double> timesteps;
  for (int i = 0; i < count; ++i) {
    timesteps.push_back(std::min((i + 0.5) * steps / count, HighestTimestep(scheduler)));
  }
  return timesteps;
}

DenoisingLosses DiffusersFolderModel::DenoisingLoss(const Video& video,
                                                    const LossCondition& condition,
                                                    const LossLevels& levels) {
  const c10::InferenceMode inference;
  at::set_num_threads(1);
  VideoRequest request = RequestOf(video, condition);
  request.seed = levels.noise_seed;
  CheckClip(request, Limits());
  CheckCondition(condition, request.frames, FrameStep());
  const TransformerConfig& config = networks_.config.transformer;
  const std::vector<int64_t> shape = LatentShape(request);
  at::Tensor known = at::zeros(
      {shape[2], shape[3] / config.patch_size[1], shape[4] / config.patch_size[2]}, torch::kBool);
  if (condition.known_frames > 0) {
    known.narrow(0, 0, (condition.known_frames - 1) / FrameStep() + 1).fill_(true);
  }
  const LossInput input = {.clean = Encode(video.frames()),
                           .known = KnownCells(known, config),
                           .objective = Objective(networks_.config.scheduler)};
  const Denoiser denoiser = MakeDenoiser(request, Groups(request, input.clean, known));
  const double highest = HighestTimestep(networks_.config.scheduler);
  DenoisingLosses losses = {.timesteps = levels.timesteps, .losses = {}};
  for (const double timestep : levels.timesteps) {
    if (!(timestep >= 0 && timestep <= highest)) {
      throw UsageError(fmt::format("timestep {}: expected 0 to {}", timestep, highest));
    }
    const at::Tensor noise = DrawNoise(request, shape, fmt::format("noise at {:.6g}", timestep));
    losses.losses.push_back(LossAt(input, input.objective.At(timestep), noise, denoiser));
  }
  return losses;
}

}  // namespace plumb
