// SPDX-License-Identifier: Apache-2.0
// Networks whose parameters have the names of a foreign checkpoint.
#pragma once

#include <string>

#include <torch/torch.h>

namespace plumb {

// The module registered at a dotted path ("norm1.emb.timestep_embedder"); plain modules are made
// for the parts of the path that are not there yet.
torch::nn::Module& ModuleAt(torch::nn::Module& root, const std::string& path);

// Registers `holder` at a dotted path and hands it back.
template <typename Holder>
Holder RegisterAt(torch::nn::Module& root, const std::string& path, Holder holder) {
  const size_t dot = path.rfind('.');
  torch::nn::Module& parent = dot == path.npos ? root : ModuleAt(root, path.substr(0, dot));
  parent.register_module(dot == path.npos ? path : path.substr(dot + 1), holder);
  return holder;
}

}  // namespace plumb
