// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "core/check.h"
#include "generator/kernels/internal_lanes.h"
#include "generator/kernels/internal_norm_rotate.h"

namespace plumb {
namespace {

constexpr float kEps = 1e-6F;

template <class Element>
float InverseRms(const Element* __restrict x, int64_t width) {
  const float squares = SumInLanes(width, [x](int64_t i) { return ToFloat(x[i]) * ToFloat(x[i]); });
  return 1.0F / std::sqrt(squares / static_cast<float>(width) + kEps);
}

template <class Element>
void Norm(const float* __restrict weight, int64_t width, Element* x) {
  const float r = InverseRms(x, width);
  for (int64_t i = 0; i < width; ++i) FromFloat(ToFloat(x[i]) * r * weight[i], x[i]);
}

template <class Element>
void NormAndTurn(const float* __restrict weight,
                 const float* __restrict turn,
                 int64_t width,
                 Element* x) {
  const float r = InverseRms(x, width);
  for (int64_t i = 0; i < width; i += 2) {
    const float a = ToFloat(x[i]) * r * weight[i];
    const float b = ToFloat(x[i + 1]) * r * weight[i + 1];
    FromFloat(a * turn[i] - b * turn[i + 1], x[i]);
    FromFloat(a * turn[i + 1] + b * turn[i], x[i + 1]);
  }
}

}  // namespace

void NormRotateInPlace(const at::Tensor& x, int64_t heads, const NormRotation& rotation) {
  const int64_t width = x.size(1) / heads;
  PLUMB_CHECK(x.is_cpu() && x.dim() == 2 && x.stride(1) == 1 && width % 2 == 0 &&
              rotation.weight.numel() == width && heads * width == x.size(1));
  const float* weight = rotation.weight.const_data_ptr<float>();
  const float* turns = rotation.turns.defined() ? rotation.turns.const_data_ptr<float>() : nullptr;
  WithElementType(x, [&](auto element) {
    using Element = decltype(element);
    auto* rows = static_cast<Element*>(x.data_ptr());
    for (int64_t token = 0; token < x.size(0); ++token) {
      for (int64_t head = 0; head < heads; ++head) {
        Element* at = rows + token * x.stride(0) + head * width;
        if (turns == nullptr) {
          Norm(weight, width, at);
        } else {
          NormAndTurn(weight, turns + token * width, width, at);
        }
      }
    }
  });
}

}  // namespace plumb
