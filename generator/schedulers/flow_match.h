// SPDX-License-Identifier: Apache-2.0
// The noise levels of rectified flow: x(σ) = (1 − σ)·clip + σ·noise, velocity v = noise − clip, and
// a step from σ to σ' is x + (σ' − σ)·v. Numbers as Diffusers' FlowMatchEulerDiscreteScheduler
// gives them.
#pragma once

#include <vector>

#include "generator/native/configs.h"

namespace plumb {

struct FlowSchedule {
  std::vector<float> timesteps;  // one per step: σ · num_train_timesteps
  std::vector<float> sigmas;     // one more than steps; the last is 0
};

// σ' = shift·σ / (1 + (shift − 1)·σ): moves levels towards noise for shift > 1 (Esser et al. 2024,
// section 5.3.2).
double ShiftedSigma(double sigma, double shift);

// Levels 1, 1 − 1/steps … 1/steps, then shifted, then 0: what Diffusers' pipelines hand to
// set_timesteps as sigmas. Throws CheckFailure when steps < 1 or shift ≤ 0.
FlowSchedule MakeFlowSchedule(int steps, double shift, int64_t num_train_timesteps);

// What Diffusers' set_timesteps(steps) does: its end points are shifted already and the levels
// between are shifted again.
FlowSchedule MakeDiffusersFlowSchedule(int steps, const SchedulerConfig& config);

}  // namespace plumb
