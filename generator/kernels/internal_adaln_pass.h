// SPDX-License-Identifier: Apache-2.0
// What stands between two matrix products of an adaLN block, in one pass over the tokens and
// without gradients: residual with gate, LayerNorm without affine parameters, scale and shift
// (Peebles & Xie 2022, section 3.2).
#pragma once

#include <torch/torch.h>

namespace plumb {

struct AdaLnPass {
  // One row per sample, [R, D], rows may be strided; float32 where x is.
  at::Tensor scale, shift;
  at::Tensor gate;    // undefined: no residual
  at::Tensor branch;  // [N, D] in any floating type, read with the gate
  // I64 [N], 0 … R-1: each token's row. Undefined: the tokens lie sample by sample, equally many of
  // each.
  at::Tensor row_of_token;
  double eps = 1e-6;
};

// x += gate · branch, in place, and returns LayerNorm(x) · (1 + scale) + shift in `type`. x is
// [N, D]. Float32 on the CPU is one pass with sums in a fixed
// order; anything else is composed of LibTorch's operators.
at::Tensor ApplyAdaLn(at::Tensor& x, const AdaLnPass& pass, at::ScalarType type);

// The composed form, for any type and device.
at::Tensor ComposedAdaLn(at::Tensor& x, const AdaLnPass& pass, at::ScalarType type);

}  // namespace plumb
