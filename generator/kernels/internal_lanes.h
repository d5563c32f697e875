// SPDX-License-Identifier: Apache-2.0
// What the kernels share: elements of either type, and sums in sixteen lanes, whose order is the
// same on every machine however wide its vectors are.
#pragma once

#include <cstdint>

#include <torch/torch.h>

namespace plumb {

inline constexpr int64_t kLanes = 16;
inline constexpr int64_t kTokensAtOnce = 64;  // that one thread takes

inline float LaneSum(const float* lanes) {
  float sum = 0.0F;
  for (int64_t i = 0; i < kLanes; ++i) sum += lanes[i];
  return sum;
}

// Σ value(i) for i in 0 … count-1.
template <class Value>
float SumInLanes(int64_t count, const Value& value) {
  float lanes[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (int64_t lane = 0; lane < kLanes; ++lane) lanes[lane] += value(i + lane);
  }
  for (int64_t lane = 0; i < count; ++i, ++lane) lanes[lane] += value(i);
  return LaneSum(lanes);
}

// Calls `body` with a value of the tensor's C++ element type.
template <class Body>
void WithElementType(const at::Tensor& tensor, const Body& body) {
  if (tensor.scalar_type() == torch::kBFloat16) {
    body(at::BFloat16());
  } else {
    TORCH_CHECK(tensor.scalar_type() == torch::kFloat32, "float32 or bfloat16 expected");
    body(float());
  }
}

}  // namespace plumb
