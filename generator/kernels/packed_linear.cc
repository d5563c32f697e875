// SPDX-License-Identifier: Apache-2.0
#include <ATen/core/dispatch/Dispatcher.h>

#include "generator/kernels/internal_packed_linear.h"

namespace plumb {
namespace {

at::Tensor CallOperator(const c10::OperatorHandle& op, torch::jit::Stack stack) {
  op.callBoxed(stack);
  return stack.at(0).toTensor();
}

c10::OperatorHandle FindOperator(const char* name) {
  return c10::Dispatcher::singleton().findSchemaOrThrow(name, "");
}

at::Tensor Pack(const at::Tensor& weight, int64_t rows) {
  static const c10::OperatorHandle op = FindOperator("mkldnn::_reorder_linear_weight");
  return CallOperator(op, {weight, rows});
}

at::Tensor PackedProduct(const at::Tensor& x,
                         const at::Tensor& packed,
                         const at::Tensor& bias,
                         LinearActivation activation) {
  const char* kind = activation == LinearActivation::kNone ? "none" : "gelu";
  const char* algorithm = activation == LinearActivation::kGeluTanh ? "tanh" : "none";
  static const c10::OperatorHandle op = FindOperator("mkldnn::_linear_pointwise");
  return CallOperator(op,
                      {x,
                       packed,
                       bias.defined() ? c10::IValue(bias) : c10::IValue(),
                       kind,
                       c10::List<std::optional<at::Scalar>>(),
                       algorithm});
}

at::Tensor OrdinaryProduct(const at::Tensor& x,
                           const at::Tensor& weight,
                           const at::Tensor& bias,
                           LinearActivation activation) {
  const at::Tensor product = at::linear(x, weight, bias);
  if (activation == LinearActivation::kNone) return product;
  return at::gelu(product, activation == LinearActivation::kGeluTanh ? "tanh" : "none");
}

bool MultipliesBfloat16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16");
#else
  return false;
#endif
}

}  // namespace

bool HasPackedLinear(at::ScalarType type) {
  if (!at::hasMKLDNN() || !at::globalContext().userEnabledMkldnn()) return false;
  return type == at::kFloat || (type == at::kBFloat16 && MultipliesBfloat16());
}

PackedLinear::PackedLinear(at::Tensor weight, at::Tensor bias)
    : weight_(std::move(weight)), bias_(std::move(bias)), type_(weight_.scalar_type()) {}

at::Tensor PackedLinear::operator()(const at::Tensor& x, LinearActivation activation) {
  if (packed_.defined()) return PackedProduct(x.contiguous(), packed_, bias_, activation);
  if (!weight_.is_cpu() || !HasPackedLinear(type_)) {
    return OrdinaryProduct(x, weight_, bias_, activation);
  }
  packed_ = Pack(weight_.contiguous(), x.size(0));
  weight_.reset();
  return PackedProduct(x.contiguous(), packed_, bias_, activation);
}

}  // namespace plumb
