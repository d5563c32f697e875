// SPDX-License-Identifier: Apache-2.0
// Rotary position embedding (Su et al. 2021) on three axes with real positions, so that a model
// meets other sizes, aspects and lengths without tables of its own.
#pragma once

#include <torch/torch.h>

#include "generator/native/configs.h"

namespace plumb {

// Turns of the pairs, F32 [N, head_dim / 2, 2] as cosine and sine, from angles computed in float64.
// `positions` [N, 3]: time, row and column of each token. Pairs that no axis owns stay unturned.
// NormedRotated (kernels) applies them to adjacent pairs.
at::Tensor MakeRopeTable(const at::Tensor& positions, const TransformerConfig& config);

}  // namespace plumb
