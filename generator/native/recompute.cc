// SPDX-License-Identifier: Apache-2.0
#include <ATen/autocast_mode.h>

#include "generator/native/internal_recompute.h"

namespace plumb {
namespace {

// Autocast of one kind of device, as it stood.
struct AutocastState {
  at::DeviceType device;
  bool enabled;
  at::ScalarType dtype;
};

std::vector<AutocastState> CurrentAutocast() {
  std::vector<AutocastState> states;
  for (const at::DeviceType device : {at::kCPU, at::kCUDA}) {
    states.push_back({device,
                      at::autocast::is_autocast_enabled(device),
                      at::autocast::get_autocast_dtype(device)});
  }
  return states;
}

void SetAutocast(const std::vector<AutocastState>& states) {
  for (const AutocastState& state : states) {
    at::autocast::set_autocast_enabled(state.device, state.enabled);
    at::autocast::set_autocast_dtype(state.device, state.dtype);
  }
}

// What backward needs beside the inputs.
struct Call : torch::CustomClassHolder {
  RecomputedBlock block;
  std::vector<AutocastState> autocast;
};

// The block with gradients, under the autocast of the first call. Casts of weights that autocast
// remembers from that call have no gradients, and those of this one must not outlive it.
at::Tensor RunAgain(const Call& call, const std::vector<at::Tensor>& inputs) {
  const torch::AutoGradMode with_gradients(true);
  const std::vector<AutocastState> outside = CurrentAutocast();
  at::autocast::clear_cache();
  SetAutocast(call.autocast);
  at::Tensor output = call.block(inputs);
  SetAutocast(outside);
  at::autocast::clear_cache();
  return output;
}

class Recompute : public torch::autograd::Function<Recompute> {
 public:
  // `anchor` makes the output require gradients even where only parameters do.
  static at::Tensor forward(torch::autograd::AutogradContext* context,
                            const c10::intrusive_ptr<Call>& call,
                            const at::Tensor& /*anchor*/,
                            at::TensorList inputs) {
    context->save_for_backward(inputs.vec());
    context->saved_data["call"] = c10::IValue::make_capsule(call);
    return call->block(inputs.vec());
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto capsule = context->saved_data["call"].toCapsule();
    std::vector<at::Tensor> inputs;
    for (const at::Tensor& saved : context->get_saved_variables()) {
      inputs.push_back(saved.detach().set_requires_grad(saved.requires_grad()));
    }
    // Parameters gather their gradients here; those of the inputs are handed on.
    RunAgain(static_cast<const Call&>(*capsule), inputs).backward(gradients.front());
    torch::autograd::variable_list results(2);  // of the call and of the anchor: none
    for (const at::Tensor& input : inputs) results.push_back(input.grad());
    return results;
  }
};

}  // namespace

at::Tensor Recomputed(const RecomputedBlock& block, const std::vector<at::Tensor>& inputs) {
  if (!at::GradMode::is_enabled()) return block(inputs);
  auto call = c10::make_intrusive<Call>();
  call->block = block;
  call->autocast = CurrentAutocast();
  return Recompute::apply(call, at::zeros({}).set_requires_grad(true), at::TensorList(inputs));
}

}  // namespace plumb
