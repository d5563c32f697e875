// SPDX-License-Identifier: Apache-2.0
// From noise to latents: Euler steps along the learned velocity, with guidance, known places kept
// clean.
#pragma once

#include <functional>

#include <torch/torch.h>

#include "core/progress.h"
#include "generator/schedulers/flow_match.h"

namespace plumb {

// What the sampler asks the network at one noise level: the velocity of `latents` [1, C, T, H, W]
// with the caption (conditional) or without.
using Denoiser =
    std::function<at::Tensor(const at::Tensor& latents, float timestep, bool conditional)>;

struct SamplerInput {
  at::Tensor noise;  // F32 [1, C, T, H, W]
  at::Tensor clean;  // the same shape; read where `known`
  at::Tensor known;  // bool, broadcastable to it; known places are kept exactly
  FlowSchedule schedule;
  double guidance =
      1.0;  // v = v_null + guidance · (v_caption − v_null); at 1 only the caption is asked
};

at::Tensor SampleEuler(const SamplerInput& input,
                       const Denoiser& denoiser,
                       const Progress& progress);

}  // namespace plumb
