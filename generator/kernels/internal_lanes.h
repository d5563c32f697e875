// SPDX-License-Identifier: Apache-2.0
// What the kernels share: elements of either type, an exponential without branch or call, and sums
// in sixteen lanes, whose order is the same on every machine however wide its vectors are.
#pragma once

#include <bit>
#include <cmath>
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

// What LayerNorm takes from a row.
struct Moments {
  float mean, inverse_deviation;
};
inline Moments MomentsOf(const float* x, int64_t width, float eps) {
  const float mean = SumInLanes(width, [&](int64_t i) { return x[i]; }) / static_cast<float>(width);
  const float variance =
      SumInLanes(width, [&](int64_t i) { return (x[i] - mean) * (x[i] - mean); }) /
      static_cast<float>(width);
  return {mean, 1.0F / std::sqrt(variance + eps)};
}

inline float ToFloat(float value) { return value; }
inline float ToFloat(at::BFloat16 value) {
  return std::bit_cast<float>(static_cast<uint32_t>(value.x) << 16);
}

inline void FromFloat(float value, float& out) { out = value; }
// To the nearest, ties to even; infinities stay. For numbers: a NaN may become another value.
inline void FromFloat(float value, at::BFloat16& out) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  out.x = static_cast<uint16_t>((bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16);
}

// eˣ for −87 ≤ x ≤ 0, within 2 units in the last place. Cody and Waite's reduction by ln 2 in two
// parts, then the series to the sixth power on ±ln 2 / 2.
inline float ExpOfNegative(float x) {
  constexpr float kLog2E = 1.44269504F;
  constexpr float kLn2High = 0.693359375F;
  constexpr float kLn2Low = -2.12194440e-4F;
  constexpr float kRounder = 12582912.0F;  // 1.5 · 2²³: adding it leaves a whole number
  const float whole = (x * kLog2E + kRounder) - kRounder;
  const float rest = __builtin_fmaf(-whole, kLn2Low, __builtin_fmaf(-whole, kLn2High, x));
  float series = 1.0F / 720.0F;
  series = __builtin_fmaf(series, rest, 1.0F / 120.0F);
  series = __builtin_fmaf(series, rest, 1.0F / 24.0F);
  series = __builtin_fmaf(series, rest, 1.0F / 6.0F);
  series = __builtin_fmaf(series, rest, 0.5F);
  series = __builtin_fmaf(series, rest, 1.0F);
  series = __builtin_fmaf(series, rest, 1.0F);
  const int32_t exponent = static_cast<int32_t>(whole) + 127;
  return series * std::bit_cast<float>(static_cast<uint32_t>(exponent) << 23);
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
