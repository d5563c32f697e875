// SPDX-License-Identifier: Apache-2.0
// What a checkpoint is trained for: how its clips are made noisy, and what the network is to say of
// them. Rectified flow: (1 − σ)·clip + σ·noise, to be told noise − clip (Liu et al. 2022, arXiv
// 2209.03003). Variance-preserving diffusion: √ᾱ·clip + √(1 − ᾱ)·noise, to be told the noise (Ho et
// al. 2020, arXiv 2006.11239) or v = √ᾱ·noise − √(1 − ᾱ)·clip (Salimans & Ho 2022, arXiv
// 2202.00512).
#pragma once

#include <vector>

#include <torch/torch.h>

#include "core/seed.h"
#include "generator/schedulers/scheduler_options.h"

namespace plumb {

// A level of x = alpha·clip + sigma·noise and the timestep that the network is shown there.
struct ObjectiveLevel {
  float timestep = 0.0F;
  float alpha = 1.0F;
  float sigma = 0.0F;
};

class Objective {
 public:
  // Of a checkpoint's scheduler.
  explicit Objective(const SchedulerOptions& scheduler);

  // The level at a timestep: of a flow anything within 0 … num_train_timesteps, of diffusion the
  // whole step at or below it, the highest being num_train_timesteps − 1. Throws CheckFailure
  // outside.
  ObjectiveLevel At(double timestep) const;
  // One as training draws it: of a flow as DrawSigma does, of diffusion every step equally often.
  ObjectiveLevel Draw(double shift, Random& random) const;

  at::Tensor Noisy(const at::Tensor& clean,
                   const at::Tensor& noise,
                   const ObjectiveLevel& level) const;
  // What a network says that is exactly right.
  at::Tensor Wanted(const at::Tensor& clean,
                    const at::Tensor& noise,
                    const ObjectiveLevel& level) const;

 private:
  bool IsFlow() const { return products_.empty(); }
  SchedulerOptions scheduler_;
  std::vector<double> products_;  // ᾱ by training step; empty for a flow
};

}  // namespace plumb
