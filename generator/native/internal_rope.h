// SPDX-License-Identifier: Apache-2.0
// Rotary position embedding (Su et al. 2021) on three axes with real positions, so that a model
// meets other sizes, aspects and lengths without tables of its own.
#pragma once

#include <torch/torch.h>

#include "generator/native/configs.h"

namespace plumb {

// Turns as complex numbers, C64 [N, 1, head_dim / 2], from angles computed in float64. `positions`
// [N, 3]: time, row and column of each token. Pairs that no axis owns stay unturned.
at::Tensor MakeRopeTable(const at::Tensor& positions, const TransformerConfig& config);

// Turns adjacent pairs of the last dimension of `x` [B, N, heads, head_dim].
at::Tensor ApplyRope(const at::Tensor& x, const at::Tensor& table);

}  // namespace plumb
