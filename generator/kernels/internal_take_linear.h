// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "generator/kernels/internal_packed_linear.h"

namespace plumb {

// Takes the weights of layers that read the same input, which then have none, as one layer in
// `type` with their outputs side by side. All have a bias, or none.
PackedLinear TakeLinear(const std::vector<torch::nn::LinearImpl*>& layers, at::ScalarType type);

}  // namespace plumb
