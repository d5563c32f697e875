// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <ATen/Parallel.h>

#include "generator/kernels/internal_lanes.h"
#include "generator/kernels/internal_rotary.h"

namespace plumb {
namespace {

constexpr float kEps = 1e-6F;

// What both directions read.
struct Heads {
  int64_t tokens, heads, width;
  const float* weight;
  const float* turns;  // null: no rotation
};

Heads HeadsOf(const NormedRotatedInput& in) {
  return {in.x.size(0),
          in.x.size(1),
          in.x.size(2),
          in.weight.data_ptr<float>(),
          in.turns.defined() ? in.turns.data_ptr<float>() : nullptr};
}

template <class Element>
float InverseRms(const Element* x, int64_t width) {
  const float squares = SumInLanes(
      width, [&](int64_t i) { return static_cast<float>(x[i]) * static_cast<float>(x[i]); });
  return 1.0F / std::sqrt(squares / static_cast<float>(width) + kEps);
}

template <class Element>
void Forward(const Heads& h, const Element* x, Element* out) {
  at::parallel_for(0, h.tokens, kTokensAtOnce, [&](int64_t first, int64_t last) {
    for (int64_t at = first * h.heads; at < last * h.heads; ++at) {
      const Element* from = x + at * h.width;
      Element* to = out + at * h.width;
      const float r = InverseRms(from, h.width);
      if (h.turns == nullptr) {
        for (int64_t i = 0; i < h.width; ++i) {
          to[i] = static_cast<Element>(static_cast<float>(from[i]) * r * h.weight[i]);
        }
        continue;
      }
      const float* turn = h.turns + at / h.heads * h.width;
      for (int64_t i = 0; i < h.width; i += 2) {
        const float a = static_cast<float>(from[i]) * r * h.weight[i];
        const float b = static_cast<float>(from[i + 1]) * r * h.weight[i + 1];
        to[i] = static_cast<Element>(a * turn[i] - b * turn[i + 1]);
        to[i + 1] = static_cast<Element>(a * turn[i + 1] + b * turn[i]);
      }
    }
  });
}

// The gradient before the rotation: turned back.
template <class Element>
void TurnedBack(const Element* gradient, const float* turn, int64_t width, float* out) {
  if (turn == nullptr) {
    for (int64_t i = 0; i < width; ++i) out[i] = static_cast<float>(gradient[i]);
    return;
  }
  for (int64_t i = 0; i < width; i += 2) {
    const float a = static_cast<float>(gradient[i]);
    const float b = static_cast<float>(gradient[i + 1]);
    out[i] = a * turn[i] + b * turn[i + 1];
    out[i + 1] = b * turn[i] - a * turn[i + 1];
  }
}

// dx = r·(h − x̂·mean(h·x̂)) with h = g·weight; the weight's gradient Σ g·x̂ is summed in blocks of
// tokens and the blocks in order.
template <class Element>
void Backward(const Heads& h, const Element* x, const Element* g, Element* dx, float* block_sums) {
  const int64_t blocks = (h.tokens + kTokensAtOnce - 1) / kTokensAtOnce;
  at::parallel_for(0, blocks, 1, [&](int64_t first_block, int64_t last_block) {
    std::vector<float> gradient(h.width), normed(h.width);
    for (int64_t block = first_block; block < last_block; ++block) {
      const int64_t first = block * kTokensAtOnce * h.heads;
      const int64_t last = std::min(h.tokens, (block + 1) * kTokensAtOnce) * h.heads;
      float* sums = block_sums + block * h.width;
      for (int64_t at = first; at < last; ++at) {
        const Element* from = x + at * h.width;
        const float* turn = h.turns == nullptr ? nullptr : h.turns + at / h.heads * h.width;
        const float r = InverseRms(from, h.width);
        TurnedBack(g + at * h.width, turn, h.width, gradient.data());
        for (int64_t i = 0; i < h.width; ++i) {
          normed[i] = static_cast<float>(from[i]) * r;
          sums[i] += gradient[i] * normed[i];
          gradient[i] *= h.weight[i];
        }
        const float along =
            SumInLanes(h.width, [&](int64_t i) { return gradient[i] * normed[i]; }) /
            static_cast<float>(h.width);
        for (int64_t i = 0; i < h.width; ++i) {
          dx[at * h.width + i] = static_cast<Element>(r * (gradient[i] - normed[i] * along));
        }
      }
    }
  });
}

class NormedRotatedFunction : public torch::autograd::Function<NormedRotatedFunction> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context,
                            const at::Tensor& x,
                            const at::Tensor& weight,
                            const std::optional<at::Tensor>& given_turns) {
    const at::Tensor turns = given_turns.value_or(at::Tensor());
    at::Tensor out = at::empty_like(x);
    const Heads heads = HeadsOf({x, weight, turns});
    WithElementType(x, [&](auto element) {
      using Element = decltype(element);
      Forward<Element>(heads, x.data_ptr<Element>(), out.data_ptr<Element>());
    });
    context->save_for_backward({x, weight, turns});
    return out;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                               const torch::autograd::tensor_list& gradients) {
    const auto saved = context->get_saved_variables();
    const NormedRotatedInput in{saved[0], saved[1], saved[2]};
    const Heads heads = HeadsOf(in);
    const at::Tensor gradient = gradients[0].contiguous();
    at::Tensor dx = at::empty_like(in.x);
    const int64_t blocks = (heads.tokens + kTokensAtOnce - 1) / kTokensAtOnce;
    const at::Tensor sums = at::zeros({blocks, heads.width}, torch::kFloat32);
    WithElementType(in.x, [&](auto element) {
      using Element = decltype(element);
      Backward<Element>(heads,
                        in.x.data_ptr<Element>(),
                        gradient.data_ptr<Element>(),
                        dx.data_ptr<Element>(),
                        sums.data_ptr<float>());
    });
    at::Tensor dweight = at::zeros_like(in.weight);
    for (int64_t block = 0; block < blocks; ++block) dweight += sums[block];
    return {dx, dweight, at::Tensor()};
  }
};

}  // namespace

at::Tensor ComposedNormedRotated(const NormedRotatedInput& input) {
  const at::Tensor x = input.x.to(torch::kFloat32);
  const at::Tensor normed =
      x * at::rsqrt(x.square().mean(-1, /*keepdim=*/true) + kEps) * input.weight;
  if (!input.turns.defined()) return normed.to(input.x.scalar_type());
  const at::Tensor pairs = normed.unflatten(-1, {-1, 2});
  const at::Tensor turns = input.turns.unsqueeze(1);
  const at::Tensor a = pairs.select(-1, 0), b = pairs.select(-1, 1);
  const at::Tensor cosine = turns.select(-1, 0), sine = turns.select(-1, 1);
  return at::stack({a * cosine - b * sine, a * sine + b * cosine}, -1)
      .flatten(-2)
      .to(input.x.scalar_type());
}

at::Tensor NormedRotated(const NormedRotatedInput& input) {
  if (!input.x.is_cpu()) return ComposedNormedRotated(input);
  TORCH_CHECK(input.x.size(2) % 2 == 0, "pairs expected");
  const std::optional<at::Tensor> turns =
      input.turns.defined() ? std::optional(input.turns) : std::nullopt;
  return NormedRotatedFunction::apply(input.x.contiguous(), input.weight, turns);
}

}  // namespace plumb
