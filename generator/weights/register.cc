// SPDX-License-Identifier: Apache-2.0
#include "generator/weights/internal_register.h"

namespace plumb {

torch::nn::Module& ModuleAt(torch::nn::Module& root, const std::string& path) {
  const size_t dot = path.find('.');
  const std::string name = path.substr(0, dot);
  const auto children = root.named_children();
  const std::shared_ptr<torch::nn::Module>* found = children.find(name);
  torch::nn::Module& child =
      found != nullptr ? **found
                       : *root.register_module(name, std::make_shared<torch::nn::Module>());
  return dot == path.npos ? child : ModuleAt(child, path.substr(dot + 1));
}

}  // namespace plumb
