// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "core/check.h"
#include "core/errors.h"
#include "generator/dit/internal_dit_pipeline.h"

namespace plumb {
namespace {

// Steps whose conditions are made together: their weights are then read once for all of them.
constexpr int kStepsAtOnce = 32;

bool TakesVariance(const SchedulerOptions& options) {
  return options.class_name == "DDPMScheduler" && options.variance_type.starts_with("learned");
}

// Diffusers asks for the class alone up to 1; the original repository mixes whatever the weight.
bool IsGuided(const DitSampling& sampling) {
  return sampling.kind == DitGuidance::kUpstream ? sampling.guidance != 1.0
                                                 : sampling.guidance > 1.0;
}

// One sample on its way.
class DitTrajectory {
 public:
  DitTrajectory(DitTransformer& dit, const SchedulerOptions& options, const DitSampling& sampling)
      : dit_(dit),
        sampling_(sampling),
        channels_(dit->config().in_channels),
        guided_(IsGuided(sampling)),
        keeps_variance_(TakesVariance(options)),
        scheduler_(MakeScheduler(options, {.steps = sampling.steps})) {
    if (keeps_variance_ && !dit->config().LearnsVariance()) {
      throw UsageError(fmt::format("variance_type '{}' needs a network with a learned variance",
                                   options.variance_type));
    }
  }

  int num_steps() const { return scheduler_->num_steps(); }

  at::Tensor Run(int sample, at::Tensor latents, const std::function<void(int)>& before_step) {
    labels_ = {sampling_.labels[sample]};
    if (guided_) labels_.push_back(DitNullLabel(dit_->config(), sampling_.kind));
    for (int step = 0; step < num_steps(); ++step) {
      before_step(step);
      StepInput input{.model_output = Output(step, scheduler_->ModelInput(latents)),
                      .sample = latents};
      if (scheduler_->WantsNoise()) input.noise = sampling_.step_noise(sample, step);
      latents = scheduler_->Step(input);
    }
    return latents;
  }

 private:
  // The conditions of a step: a row for the class, and one for no class where there is guidance.
  DitConditions StepConditions(int step) {
    const int first = step / kStepsAtOnce * kStepsAtOnce;
    const auto rows = static_cast<int64_t>(labels_.size());
    if (step == first) {
      const int last = std::min(first + kStepsAtOnce, num_steps());
      std::vector<double> timesteps;
      std::vector<int64_t> labels;
      for (int i = first; i < last; ++i) {
        timesteps.insert(timesteps.end(), labels_.size(), scheduler_->timesteps()[i]);
        labels.insert(labels.end(), labels_.begin(), labels_.end());
      }
      conditions_ =
          dit_->Condition(torch::tensor(timesteps, at::kDouble), torch::tensor(labels, at::kLong));
    }
    return conditions_.Rows((step - first) * rows, rows);
  }

  // What the scheduler is told: guided noise, with the variance behind where it takes one.
  at::Tensor Output(int step, const at::Tensor& latents) {
    const at::Tensor both = guided_ ? at::cat({latents, latents}) : latents;
    const at::Tensor predicted = dit_->Predict(both, StepConditions(step));
    at::Tensor output = predicted.narrow(0, 0, 1);
    if (guided_) {
      const int64_t count =
          sampling_.kind == DitGuidance::kUpstream ? std::min<int64_t>(3, channels_) : channels_;
      const at::Tensor with_class = output.narrow(1, 0, count);
      const at::Tensor without = predicted.narrow(0, 1, 1).narrow(1, 0, count);
      const at::Tensor guided = without + sampling_.guidance * (with_class - without);
      output = at::cat({guided, output.narrow(1, count, output.size(1) - count)}, 1);
    }
    return keeps_variance_ ? output : output.narrow(1, 0, channels_);
  }

  DitTransformer& dit_;
  const DitSampling& sampling_;
  int64_t channels_;
  bool guided_;
  bool keeps_variance_;
  std::unique_ptr<Scheduler> scheduler_;
  std::vector<int64_t> labels_;
  DitConditions conditions_;
};

}  // namespace

DitGuidance DitGuidanceFromName(const std::string& name) {
  if (name == "upstream") return DitGuidance::kUpstream;
  if (name == "diffusers") return DitGuidance::kDiffusers;
  throw UsageError(
      fmt::format("guidance channels '{}' are unknown; there are: upstream, diffusers", name));
}

std::string DitGuidanceName(DitGuidance kind) {
  return kind == DitGuidance::kUpstream ? "upstream" : "diffusers";
}

int64_t DitNullLabel(const DitConfig& config, DitGuidance kind) {
  constexpr int64_t kDiffusersNull = 1000;
  return kind == DitGuidance::kDiffusers ? std::min(kDiffusersNull, config.num_classes)
                                         : config.num_classes;
}

at::Tensor SampleDit(DitTransformer& dit,
                     const SchedulerOptions& options,
                     const DitSampling& sampling,
                     const at::Tensor& latents,
                     const Progress& progress) {
  const auto count = static_cast<int>(sampling.labels.size());
  PLUMB_CHECK(latents.size(0) == count && count > 0, "{} labels", count);
  std::vector<at::Tensor> samples;
  for (int sample = 0; sample < count; ++sample) {
    DitTrajectory trajectory(dit, options, sampling);
    const int total = count * trajectory.num_steps();
    samples.push_back(trajectory.Run(sample, latents.narrow(0, sample, 1), [&](int step) {
      progress.ThrowIfCancelled();
      progress.Report("sampling", sample * trajectory.num_steps() + step, total);
    }));
  }
  return at::cat(samples);
}

}  // namespace plumb
