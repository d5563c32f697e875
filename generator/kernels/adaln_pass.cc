// SPDX-License-Identifier: Apache-2.0
#include "core/check.h"
#include "generator/kernels/internal_adaln_pass.h"
#include "generator/kernels/internal_lanes.h"

namespace plumb {
namespace {

struct Row {
  const float* scale;
  const float* shift;
  const float* gate;
};

template <typename Branch>
void AddGated(float* __restrict x,
              const float* __restrict gate,
              const Branch* __restrict branch,
              int64_t width) {
  for (int64_t i = 0; i < width; ++i) x[i] += gate[i] * ToFloat(branch[i]);
}

template <typename Out>
void Normalise(
    const float* __restrict x, const Row& row, double eps, Out* __restrict out, int64_t width) {
  const Moments m = MomentsOf(x, width, static_cast<float>(eps));
  const float* __restrict scale = row.scale;
  const float* __restrict shift = row.shift;
  for (int64_t i = 0; i < width; ++i) {
    FromFloat((x[i] - m.mean) * m.inverse_deviation * (1.0F + scale[i]) + shift[i], out[i]);
  }
}

template <typename Branch, typename Out>
void RunPass(at::Tensor& x, const AdaLnPass& pass, const at::Tensor& branch, at::Tensor& out) {
  const int64_t batch = pass.scale.size(0);
  const int64_t width = x.size(1);
  const int64_t tokens = x.size(0) / batch;
  const bool gated = pass.gate.defined();
  float* values = x.data_ptr<float>();
  const Branch* branches = gated ? branch.const_data_ptr<Branch>() : nullptr;
  Out* results = out.data_ptr<Out>();
  for (int64_t b = 0; b < batch; ++b) {
    const Row row = {pass.scale.const_data_ptr<float>() + b * pass.scale.stride(0),
                     pass.shift.const_data_ptr<float>() + b * pass.shift.stride(0),
                     gated ? pass.gate.const_data_ptr<float>() + b * pass.gate.stride(0) : nullptr};
    for (int64_t n = b * tokens; n < (b + 1) * tokens; ++n) {
      if (gated) AddGated(values + n * width, row.gate, branches + n * width, width);
      Normalise(values + n * width, row, pass.eps, results + n * width, width);
    }
  }
}

bool IsPlain(const at::Tensor& tensor) {
  return tensor.is_cpu() &&
         (tensor.scalar_type() == at::kFloat || tensor.scalar_type() == at::kBFloat16);
}

bool IsRows(const at::Tensor& tensor) {
  return tensor.is_cpu() && tensor.scalar_type() == at::kFloat && tensor.stride(1) == 1;
}

}  // namespace

at::Tensor ComposedAdaLn(at::Tensor& x, const AdaLnPass& pass, at::ScalarType type) {
  const int64_t batch = pass.scale.size(0);
  const at::Tensor samples = x.view({batch, -1, x.size(1)});
  if (pass.gate.defined()) {
    samples.add_(pass.gate.unsqueeze(1) * pass.branch.to(x.scalar_type()).view(samples.sizes()));
  }
  const at::Tensor normed = at::layer_norm(samples, {x.size(1)}, {}, {}, pass.eps);
  return (normed * (1 + pass.scale.unsqueeze(1)) + pass.shift.unsqueeze(1))
      .view(x.sizes())
      .to(type);
}

at::Tensor ApplyAdaLn(at::Tensor& x, const AdaLnPass& pass, at::ScalarType type) {
  PLUMB_CHECK(x.dim() == 2 && x.is_contiguous() && x.size(0) % pass.scale.size(0) == 0);
  const bool gated = pass.gate.defined();
  const bool fits = IsRows(x) && IsRows(pass.scale) && IsRows(pass.shift) &&
                    (!gated || (IsRows(pass.gate) && IsPlain(pass.branch))) &&
                    (type == at::kFloat || type == at::kBFloat16);
  if (!fits) return ComposedAdaLn(x, pass, type);
  const at::Tensor branch = gated ? pass.branch.contiguous() : at::Tensor();
  at::Tensor out = at::empty(x.sizes(), x.options().dtype(type));
  const bool wide_branch = !gated || branch.scalar_type() == at::kFloat;
  if (wide_branch && type == at::kFloat) RunPass<float, float>(x, pass, branch, out);
  if (wide_branch && type != at::kFloat) RunPass<float, at::BFloat16>(x, pass, branch, out);
  if (!wide_branch && type == at::kFloat) RunPass<at::BFloat16, float>(x, pass, branch, out);
  if (!wide_branch && type != at::kFloat) RunPass<at::BFloat16, at::BFloat16>(x, pass, branch, out);
  return out;
}

}  // namespace plumb
