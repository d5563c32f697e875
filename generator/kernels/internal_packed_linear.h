// SPDX-License-Identifier: Apache-2.0
// Linear layers for inference on the CPU: oneDNN multiplies weights that lie in its own block order
// up to a fifth faster than rows as they are stored, and adds bias and activation on the way out.
#pragma once

#include <torch/torch.h>

namespace plumb {

enum class LinearActivation { kNone, kGelu, kGeluTanh };

class PackedLinear {
 public:
  PackedLinear() = default;
  // weight [out, in], bias [out] or undefined, both float32 or bfloat16 for the packed product.
  // Other types and devices take LibTorch's ordinary operators.
  PackedLinear(at::Tensor weight, at::Tensor bias);

  // activation(x · weightᵀ + bias) for x [rows, in], in the type of the weights. The first call
  // lays the weights out for its number of rows and lets go of the stored ones; other numbers of
  // rows are served too, if slower. Not for several threads at once, no gradients.
  at::Tensor operator()(const at::Tensor& x, LinearActivation activation = LinearActivation::kNone);

  at::ScalarType type() const { return type_; }

 private:
  at::Tensor weight_, bias_, packed_;
  at::ScalarType type_ = at::kFloat;
};

// Whether this processor and build run the packed product for the type.
bool HasPackedLinear(at::ScalarType type);

}  // namespace plumb
