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
  const int64_t width = x.size(1);
  const int64_t of_each = x.size(0) / pass.scale.size(0);
  const bool gated = pass.gate.defined();
  const int64_t* rows =
      pass.row_of_token.defined() ? pass.row_of_token.const_data_ptr<int64_t>() : nullptr;
  float* values = x.data_ptr<float>();
  const Branch* branches = gated ? branch.const_data_ptr<Branch>() : nullptr;
  Out* results = out.data_ptr<Out>();
  for (int64_t n = 0; n < x.size(0); ++n) {
    const int64_t r = rows == nullptr ? n / of_each : rows[n];
    const Row row = {pass.scale.const_data_ptr<float>() + r * pass.scale.stride(0),
                     pass.shift.const_data_ptr<float>() + r * pass.shift.stride(0),
                     gated ? pass.gate.const_data_ptr<float>() + r * pass.gate.stride(0) : nullptr};
    if (gated) AddGated(values + n * width, row.gate, branches + n * width, width);
    Normalise(values + n * width, row, pass.eps, results + n * width, width);
  }
}

// The rows spread over the tokens: [N, D].
at::Tensor OfTokens(const at::Tensor& rows, const AdaLnPass& pass, int64_t tokens) {
  if (pass.row_of_token.defined()) return rows.index_select(0, pass.row_of_token);
  return rows.repeat_interleave(tokens / rows.size(0), 0);
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
  const auto of_tokens = [&](const at::Tensor& rows) { return OfTokens(rows, pass, x.size(0)); };
  if (pass.gate.defined()) x.add_(of_tokens(pass.gate) * pass.branch.to(x.scalar_type()));
  const at::Tensor normed = at::layer_norm(x, {x.size(1)}, {}, {}, pass.eps);
  return (normed * (1 + of_tokens(pass.scale)) + of_tokens(pass.shift)).to(type);
}

at::Tensor ApplyAdaLn(at::Tensor& x, const AdaLnPass& pass, at::ScalarType type) {
  const at::Tensor& rows = pass.row_of_token;
  PLUMB_CHECK(x.dim() == 2 && x.is_contiguous() &&
              (rows.defined() ? rows.size(0) == x.size(0) && rows.is_contiguous()
                              : x.size(0) % pass.scale.size(0) == 0));
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
