// SPDX-License-Identifier: Apache-2.0
// Rotary position embedding (Su et al. 2021) on three axes with real positions, so that a model meets other sizes,
// aspects and lengths without tables of its own.
#pragma once

#include <torch/torch.h>

#include "generator/configs.h"

namespace plumb {

// Cosines and sines [N, head_dim / 2], float32 from tables computed in float64; pairs that no axis owns stay unturned.
struct RopeTable {
  at::Tensor cosines;
  at::Tensor sines;
};

// `positions` [N, 3]: time, row, column of each token.
RopeTable MakeRopeTable(const at::Tensor& positions, const TransformerConfig& config);

// Turns adjacent pairs of the last dimension of `x` [B, heads, N, head_dim].
at::Tensor ApplyRope(const at::Tensor& x, const RopeTable& table);

}  // namespace plumb
