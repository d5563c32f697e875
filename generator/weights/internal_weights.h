// SPDX-License-Identifier: Apache-2.0
// Between the modules' parameters and safetensors files.
#pragma once

#include <filesystem>
#include <string>

#include <torch/torch.h>

#include "core/safetensors.h"
#include "core/tensor.h"

namespace plumb {

// Copies; shapes are kept. Tensors must lie on the CPU; element types are those both sides know.
Tensor FromTorch(const at::Tensor& tensor);
at::Tensor ToTorch(const Tensor& tensor);

// All parameters by name, converted to `type`.
Safetensors ModuleWeights(const torch::nn::Module& module, at::ScalarType type);

// Fills every parameter. Throws InputError naming `place` and the tensors that are missing,
// unexpected, of another shape (with both shapes) or not finite; all of them, not only the first.
void LoadWeights(torch::nn::Module& module, const Safetensors& weights, const std::string& place);

int64_t CountParameters(const torch::nn::Module& module);

// SHA-256 of a file in hex. Throws InputError when it can't be read.
std::string FileDigest(const std::filesystem::path& path);

}  // namespace plumb
