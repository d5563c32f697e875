// SPDX-License-Identifier: Apache-2.0
#include "generator/kernels/internal_take_linear.h"

namespace plumb {

PackedLinear TakeLinear(const std::vector<torch::nn::LinearImpl*>& layers, at::ScalarType type) {
  const torch::NoGradGuard no_grad;
  std::vector<at::Tensor> weights, biases;
  for (torch::nn::LinearImpl* layer : layers) {
    weights.push_back(layer->weight.detach().to(type));
    if (layer->bias.defined()) biases.push_back(layer->bias.detach().to(type));
    layer->weight.set_data(at::empty({0}, type));
  }
  const auto together = [](const std::vector<at::Tensor>& parts) {
    if (parts.empty()) return at::Tensor();
    return parts.size() == 1 ? parts.front() : at::cat(parts);
  };
  return {together(weights), together(biases)};
}

}  // namespace plumb
