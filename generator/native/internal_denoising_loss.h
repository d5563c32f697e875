// SPDX-License-Identifier: Apache-2.0
// The denoising loss of latents, whoever the denoiser is.
#pragma once

#include "generator/native/internal_objective.h"
#include "generator/schedulers/internal_sampler.h"

namespace plumb {

struct LossInput {
  at::Tensor clean;  // F32 [1, C, T, H, W]
  at::Tensor known;  // bool, broadcastable to it; seen clean and not counted; not everything
  Objective objective;
};

// Mean squared error of what the denoiser says, with its caption, of the latents under `noise`.
double LossAt(const LossInput& input,
              const ObjectiveLevel& level,
              const at::Tensor& noise,
              const Denoiser& denoiser);

}  // namespace plumb
