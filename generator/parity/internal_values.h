// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/tensor.h"

namespace plumb {

// The elements of a tensor of any type as numbers, row-major.
std::vector<double> TensorValues(const Tensor& tensor);

}  // namespace plumb
