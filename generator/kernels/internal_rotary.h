// SPDX-License-Identifier: Apache-2.0
// Queries and keys made ready for attention in one differentiable pass: root-mean-square norm of
// every head (Zhang & Sennrich 2019, eps 1e-6), then the rotation of adjacent pairs (Su et al.
// 2021).
#pragma once

#include <torch/torch.h>

namespace plumb {

struct NormedRotatedInput {
  at::Tensor x;       // F32 or BF16 [N, H, D], D even
  at::Tensor weight;  // F32 [D]
  at::Tensor turns;   // F32 [N, D / 2, 2]: cosine and sine a pair; undefined: no rotation
};
at::Tensor NormedRotated(const NormedRotatedInput& input);  // as x

// The same from LibTorch's operators: what runs on other devices, and what the pass is tested
// against.
at::Tensor ComposedNormedRotated(const NormedRotatedInput& input);

}  // namespace plumb
