// SPDX-License-Identifier: Apache-2.0
// The noise levels of rectified flow: x(σ) = (1 − σ)·clip + σ·noise, velocity v = noise − clip, and
// a step from σ to σ' is x + (σ' − σ)·v.
#pragma once

#include <vector>

#include "core/seed.h"

namespace plumb {

// σ' = shift·σ / (1 + (shift − 1)·σ): moves levels towards noise for shift > 1 (Esser et al. 2024,
// section 5.3.2).
double ShiftedSigma(double sigma, double shift);

// A level as training draws it: logit-normal (Esser et al. 2024, section 3.1), then shifted.
float DrawSigma(double shift, Random& random);

// Levels 1, 1 − 1/steps … 1/steps, not shifted: what Diffusers' pipelines hand to set_timesteps as
// sigmas. Throws CheckFailure when steps < 1.
std::vector<double> EvenSigmas(int steps);

}  // namespace plumb
