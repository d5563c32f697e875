// SPDX-License-Identifier: Apache-2.0
// The stored weights of one network: a safetensors file, or shards with their index, mapped and
// checked against each other before a number is read.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/safetensors.h"

namespace plumb {

struct WeightTensor {
  TensorView view;
  std::shared_ptr<const MappedFile> mapping;  // that the view lies in
  std::string file;                           // its path, for messages
};

struct WeightFiles {
  std::string place;                         // the file, or the index of the shards
  std::vector<std::filesystem::path> files;  // that hold the tensors, by name
  std::map<std::string, WeightTensor> tensors;
};

// Opens `path` ("…/diffusion_pytorch_model.safetensors"), or the shards that `path`.index.json
// lists when there is one, as Diffusers does. Throws InputError naming the file when it is missing
// or no sound safetensors file, when a shard is missing or one too many of the same series lies
// beside the index, when index and shards name other tensors (all of them listed), and, with the
// reason, when the weights are pickled.
WeightFiles OpenWeights(const std::filesystem::path& path);

// "a; b; c; and 17 more": complaints about many tensors in one message.
std::string ListedComplaints(const std::vector<std::string>& complaints);

}  // namespace plumb
