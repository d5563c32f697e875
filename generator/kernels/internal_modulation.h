// SPDX-License-Identifier: Apache-2.0
// The memory-bound steps of an adaLN block, each in one pass over the tokens and differentiable.
// Scales, shifts and gates come as rows; every token says which row is its own, so that clips of
// any shape and noise level can stand in one batch. Sums run in a fixed order: the same bytes for
// any number of threads.
#pragma once

#include <torch/torch.h>

namespace plumb {

// LayerNorm(x) · (1 + scale) + shift, without affine parameters of its own (Peebles & Xie 2022,
// section 3.2); eps 1e-6.
struct ModulatedNormInput {
  at::Tensor x;             // F32 [N, D]
  at::Tensor scale, shift;  // F32 [R, D]
  at::Tensor row_of_token;  // I64 [N], 0 … R-1
};
// [N, D] in `type`: float32 or bfloat16.
at::Tensor ModulatedNorm(const ModulatedNormInput& input, at::ScalarType type);

// x + gate · branch.
struct PlusGatedInput {
  at::Tensor x;             // F32 [N, D]
  at::Tensor branch;        // F32 or BF16 [N, D]
  at::Tensor gate;          // F32 [R, D]
  at::Tensor row_of_token;  // I64 [N]
};
at::Tensor PlusGated(const PlusGatedInput& input);  // F32 [N, D]

// The same from LibTorch's operators: what runs on other devices, and what the passes are tested
// against.
at::Tensor ComposedModulatedNorm(const ModulatedNormInput& input, at::ScalarType type);
at::Tensor ComposedPlusGated(const PlusGatedInput& input);

}  // namespace plumb
