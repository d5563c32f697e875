// SPDX-License-Identifier: Apache-2.0
// NormedRotated for inference: in place and without gradients, on heads that are part of a wider
// row.
#pragma once

#include <torch/torch.h>

namespace plumb {

struct NormRotation {
  at::Tensor weight;  // F32 [D], D even
  at::Tensor turns;   // F32 [N, D / 2, 2]: cosine and sine a pair; undefined: no rotation
};

// x F32 or BF16 [N, H·D], whose rows may be strided: of every head the root-mean-square norm (eps
// 1e-6), then the rotation of adjacent pairs. Sums run in a fixed order.
void NormRotateInPlace(const at::Tensor& x, int64_t heads, const NormRotation& rotation);

}  // namespace plumb
