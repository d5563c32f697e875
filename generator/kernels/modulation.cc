// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <ATen/Parallel.h>

#include "generator/kernels/internal_lanes.h"
#include "generator/kernels/internal_modulation.h"

namespace plumb {
namespace {

constexpr float kEps = 1e-6F;

// Gradients of rows [R, D]: Σ value(token, column) over the tokens of each row, in token order.
template <class Value>
at::Tensor RowSums(const at::Tensor& rows, const at::Tensor& row_of_token, const Value& value) {
  const int64_t tokens = row_of_token.size(0), width = rows.size(1);
  at::Tensor sums = at::zeros_like(rows);
  float* to = sums.data_ptr<float>();
  const int64_t* row = row_of_token.data_ptr<int64_t>();
  at::parallel_for(0, width, kTokensAtOnce, [&](int64_t first, int64_t last) {
    for (int64_t token = 0; token < tokens; ++token) {
      float* sum = to + row[token] * width;
      for (int64_t column = first; column < last; ++column) sum[column] += value(token, column);
    }
  });
  return sums;
}

template <class Out>
void NormForward(const ModulatedNormInput& in, at::Tensor& out) {
  const int64_t width = in.x.size(1);
  const float* x = in.x.data_ptr<float>();
  const float* scale = in.scale.data_ptr<float>();
  const float* shift = in.shift.data_ptr<float>();
  const int64_t* row = in.row_of_token.data_ptr<int64_t>();
  Out* to = out.data_ptr<Out>();
  at::parallel_for(0, in.x.size(0), kTokensAtOnce, [&](int64_t first, int64_t last) {
    for (int64_t token = first; token < last; ++token) {
      const float* from = x + token * width;
      const float* a = scale + row[token] * width;
      const float* b = shift + row[token] * width;
      const Moments m = MomentsOf(from, width, kEps);
      for (int64_t i = 0; i < width; ++i) {
        to[token * width + i] =
            static_cast<Out>((from[i] - m.mean) * m.inverse_deviation * (1.0F + a[i]) + b[i]);
      }
    }
  });
}

// dx = r·(h − mean(h) − x̂·mean(h·x̂)) with h = g·(1 + scale); the normed tokens x̂ are kept for the
// rows' gradients.
template <class Out>
void NormBackward(const ModulatedNormInput& in,
                  const at::Tensor& gradient,
                  at::Tensor& dx,
                  at::Tensor& normed) {
  const int64_t width = in.x.size(1);
  const float inverse_width = 1.0F / static_cast<float>(width);
  const float* x = in.x.data_ptr<float>();
  const float* scale = in.scale.data_ptr<float>();
  const int64_t* row = in.row_of_token.data_ptr<int64_t>();
  const Out* g = gradient.data_ptr<Out>();
  float* to = dx.data_ptr<float>();
  float* kept = normed.data_ptr<float>();
  at::parallel_for(0, in.x.size(0), kTokensAtOnce, [&](int64_t first, int64_t last) {
    for (int64_t token = first; token < last; ++token) {
      const int64_t at = token * width;
      const float* a = scale + row[token] * width;
      const Moments m = MomentsOf(x + at, width, kEps);
      for (int64_t i = 0; i < width; ++i) {
        kept[at + i] = (x[at + i] - m.mean) * m.inverse_deviation;
        to[at + i] = static_cast<float>(g[at + i]) * (1.0F + a[i]);
      }
      const float mean = SumInLanes(width, [&](int64_t i) { return to[at + i]; }) * inverse_width;
      const float along =
          SumInLanes(width, [&](int64_t i) { return to[at + i] * kept[at + i]; }) * inverse_width;
      for (int64_t i = 0; i < width; ++i) {
        to[at + i] = m.inverse_deviation * (to[at + i] - mean - kept[at + i] * along);
      }
    }
  });
}

class ModulatedNormFunction : public torch::autograd::Function<ModulatedNormFunction> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context,
                            const at::Tensor& x,
                            const at::Tensor& scale,
                            const at::Tensor& shift,
                            const at::Tensor& row_of_token,
                            at::ScalarType type) {
    const ModulatedNormInput in{x, scale.contiguous(), shift.contiguous(), row_of_token};
    at::Tensor out = at::empty(x.sizes(), x.options().dtype(type));
    WithElementType(out, [&](auto element) { NormForward<decltype(element)>(in, out); });
    context->save_for_backward({x, in.scale, row_of_token});
    return out;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                               const torch::autograd::tensor_list& gradients) {
    const auto saved = context->get_saved_variables();
    const ModulatedNormInput in{saved[0], saved[1], {}, saved[2]};
    const at::Tensor gradient = gradients[0].contiguous();
    at::Tensor dx = at::empty_like(in.x), normed = at::empty_like(in.x), scale, shift;
    WithElementType(gradient, [&](auto element) {
      using Out = decltype(element);
      NormBackward<Out>(in, gradient, dx, normed);
      const int64_t width = in.x.size(1);
      const Out* g = gradient.data_ptr<Out>();
      const float* x = normed.data_ptr<float>();
      scale = RowSums(in.scale, in.row_of_token, [=](int64_t token, int64_t i) {
        return static_cast<float>(g[token * width + i]) * x[token * width + i];
      });
      shift = RowSums(in.scale, in.row_of_token, [=](int64_t token, int64_t i) {
        return static_cast<float>(g[token * width + i]);
      });
    });
    return {dx, scale, shift, at::Tensor(), at::Tensor()};
  }
};

template <class Branch>
void GatedForward(const PlusGatedInput& in, at::Tensor& out) {
  const int64_t width = in.x.size(1);
  const float* x = in.x.data_ptr<float>();
  const float* gate = in.gate.data_ptr<float>();
  const Branch* branch = in.branch.data_ptr<Branch>();
  const int64_t* row = in.row_of_token.data_ptr<int64_t>();
  float* to = out.data_ptr<float>();
  at::parallel_for(0, in.x.size(0), kTokensAtOnce, [&](int64_t first, int64_t last) {
    for (int64_t token = first; token < last; ++token) {
      const int64_t at = token * width;
      const float* g = gate + row[token] * width;
      for (int64_t i = 0; i < width; ++i) {
        to[at + i] = x[at + i] + g[i] * static_cast<float>(branch[at + i]);
      }
    }
  });
}

template <class Branch>
void GatedBackward(const PlusGatedInput& in, const at::Tensor& gradient, at::Tensor& dbranch) {
  const int64_t width = in.branch.size(1);
  const float* gate = in.gate.data_ptr<float>();
  const float* g = gradient.data_ptr<float>();
  const int64_t* row = in.row_of_token.data_ptr<int64_t>();
  Branch* to = dbranch.data_ptr<Branch>();
  at::parallel_for(0, in.branch.size(0), kTokensAtOnce, [&](int64_t first, int64_t last) {
    for (int64_t token = first; token < last; ++token) {
      const float* a = gate + row[token] * width;
      for (int64_t i = 0; i < width; ++i) {
        to[token * width + i] = static_cast<Branch>(g[token * width + i] * a[i]);
      }
    }
  });
}

class PlusGatedFunction : public torch::autograd::Function<PlusGatedFunction> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context,
                            const at::Tensor& x,
                            const at::Tensor& branch,
                            const at::Tensor& gate,
                            const at::Tensor& row_of_token) {
    const PlusGatedInput in{x, branch.contiguous(), gate.contiguous(), row_of_token};
    at::Tensor out = at::empty_like(x);
    WithElementType(branch, [&](auto element) { GatedForward<decltype(element)>(in, out); });
    context->save_for_backward({in.branch, in.gate, row_of_token});
    return out;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                               const torch::autograd::tensor_list& gradients) {
    const auto saved = context->get_saved_variables();
    const PlusGatedInput in{{}, saved[0], saved[1], saved[2]};
    const at::Tensor gradient = gradients[0].contiguous();
    at::Tensor dbranch = at::empty_like(in.branch), dgate;
    WithElementType(in.branch, [&](auto element) {
      using Branch = decltype(element);
      GatedBackward<Branch>(in, gradient, dbranch);
      const int64_t width = in.branch.size(1);
      const float* g = gradient.data_ptr<float>();
      const Branch* branch = in.branch.data_ptr<Branch>();
      dgate = RowSums(in.gate, in.row_of_token, [=](int64_t token, int64_t i) {
        return g[token * width + i] * static_cast<float>(branch[token * width + i]);
      });
    });
    return {gradient, dbranch, dgate, at::Tensor()};
  }
};

}  // namespace

at::Tensor ComposedModulatedNorm(const ModulatedNormInput& input, at::ScalarType type) {
  const at::Tensor normed = at::layer_norm(input.x, {input.x.size(1)}, {}, {}, kEps);
  return at::addcmul(input.shift.index_select(0, input.row_of_token),
                     normed,
                     1 + input.scale.index_select(0, input.row_of_token))
      .to(type);
}

at::Tensor ComposedPlusGated(const PlusGatedInput& input) {
  return at::addcmul(
      input.x, input.gate.index_select(0, input.row_of_token), input.branch.to(torch::kFloat32));
}

at::Tensor ModulatedNorm(const ModulatedNormInput& input, at::ScalarType type) {
  if (!input.x.is_cpu()) return ComposedModulatedNorm(input, type);
  return ModulatedNormFunction::apply(
      input.x.contiguous(), input.scale, input.shift, input.row_of_token, type);
}

at::Tensor PlusGated(const PlusGatedInput& input) {
  if (!input.x.is_cpu()) return ComposedPlusGated(input);
  return PlusGatedFunction::apply(
      input.x.contiguous(), input.branch, input.gate, input.row_of_token);
}

}  // namespace plumb
