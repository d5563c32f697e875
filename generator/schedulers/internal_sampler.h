// SPDX-License-Identifier: Apache-2.0
// From noise to latents: a scheduler's steps along what the network says, with guidance, known
// places kept clean; one step at a time, so that a trajectory can be looked at, kept and gone on
// with.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "core/progress.h"
#include "core/safetensors.h"
#include "generator/schedulers/internal_scheduler.h"

namespace plumb {

// "ddim", "ddpm", "dpm++2m", "euler", "heun", "unipc"
const std::vector<std::string>& SamplerNames();

// What the sampler asks the network at one noise level: its output for `latents` [1, C, T, H, W]
// with the caption (conditional), or with the null condition: no caption, or a negative prompt.
using Denoiser =
    std::function<at::Tensor(const at::Tensor& latents, float timestep, bool conditional)>;

struct SamplerInput {
  at::Tensor noise;  // F32 [1, C, T, H, W], standard normal
  at::Tensor clean;  // the same shape; read where `known`
  at::Tensor known;  // bool, broadcastable to it; known places are kept exactly
  // What the network was trained for. Rectified flow (a FlowMatch class), where time runs through
  // evenly spaced levels, shifted; or, with any other class, its training steps and prediction
  // type.
  SchedulerOptions objective = DefaultSchedulerOptions("FlowMatchEulerDiscreteScheduler");
  std::string sampler = "euler";
  int steps = 20;
  double shift = 1.0;  // of rectified flow: see ShiftedSigma
  // null + guidance · (caption − null); at 1 only the caption is asked, at 0 only the null
  // condition.
  double guidance = 1.0;
  // The share of the evaluations in which guidance acts: from the first to before the second. The
  // caption alone is asked in the others (Kynkäänniemi et al. 2024, arXiv 2404.07724).
  double guidance_from = 0.0;
  double guidance_until = 1.0;
  // SDEdit (Meng et al. 2021, arXiv 2108.01073): the trajectory begins not in noise but in `edited`
  // (like `noise`), noised to the shifted level of `start`, in 0 < start <= 1; the steps are spread
  // over what is left. For rectified flow, by "ddim", "ddpm", "euler" or "heun"; at 1 nothing of it
  // is left. Undefined: from noise.
  at::Tensor edited;
  double start = 1.0;
  // Fresh noise for a step, like `noise`: the same for the same step. "ddpm" needs it.
  std::function<at::Tensor(int step)> step_noise;
};

// The scheduler that a sampler uses. Throws UsageError on an unknown name, or on a combination of
// sampler, objective, shift and start that doesn't exist.
std::unique_ptr<Scheduler> SamplerScheduler(const SamplerInput& input);

class Sampler {
 public:
  // Throws as SamplerScheduler; CheckFailure when step_noise is needed and missing.
  Sampler(SamplerInput input, Denoiser denoiser);

  int num_steps() const { return scheduler_->num_steps(); }  // network evaluations, for one caption
  int step() const { return scheduler_->step(); }
  bool Done() const { return scheduler_->Done(); }
  // Where the trajectory stands: noise at first, the result when Done().
  const at::Tensor& latents() const { return latents_; }

  void Next();

  // Latents, step and what the scheduler remembers. Restored into a sampler with the same input it
  // goes on to the same bytes. Restore throws InputError naming `place` and what doesn't fit.
  Safetensors State() const;
  void Restore(const Safetensors& state, const std::string& place);

 private:
  at::Tensor Output(const at::Tensor& latents) const;
  at::Tensor KeepKnown(const at::Tensor& latents) const;
  at::Tensor Beginning() const;

  SamplerInput input_;
  Denoiser denoiser_;
  std::unique_ptr<Scheduler> scheduler_;
  at::Tensor latents_;
};

// All steps. Throws CancelledError between two of them.
at::Tensor Sample(const SamplerInput& input, const Denoiser& denoiser, const Progress& progress);

}  // namespace plumb
