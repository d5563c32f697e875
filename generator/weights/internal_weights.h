// SPDX-License-Identifier: Apache-2.0
// Between the modules' parameters and safetensors files.
#pragma once

#include <filesystem>
#include <string>

#include <torch/torch.h>

#include "core/safetensors.h"
#include "core/tensor.h"
#include "generator/weights/weight_files.h"

namespace plumb {

// Copies; shapes are kept. Tensors must lie on the CPU; element types are those both sides know.
Tensor FromTorch(const at::Tensor& tensor);
at::Tensor ToTorch(const Tensor& tensor);
at::ScalarType ScalarTypeOf(DType dtype);

// All parameters by name, converted to `type`.
Safetensors ModuleWeights(const torch::nn::Module& module, at::ScalarType type);

// Fills every parameter. Throws InputError naming `place` and the tensors that are missing,
// unexpected, of another shape (with both shapes) or not finite; all of them, not only the first.
// Nothing is changed then.
void LoadWeights(torch::nn::Module& module, const Safetensors& weights, const std::string& place);

// The same from mapped files, without a second copy: a parameter of the stored element type lies on
// the file's pages from then on and keeps the mapping alive; writing to it changes neither the file
// nor other readers. Others are converted to the parameter's type, one by one. Build the module
// under UnfilledParameters, so that it holds nothing before. What optimizers or views hold of the
// old parameters is no longer theirs.
void MapWeights(torch::nn::Module& module, const WeightFiles& weights);

int64_t CountParameters(const torch::nn::Module& module);

// SHA-256 of a file in hex. Throws InputError when it can't be read.
std::string FileDigest(const std::filesystem::path& path);

}  // namespace plumb
