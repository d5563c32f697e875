// SPDX-License-Identifier: Apache-2.0
#include "generator/native/internal_rope.h"

namespace plumb {

at::Tensor MakeRopeTable(const at::Tensor& positions, const TransformerConfig& config) {
  const at::Tensor exact = positions.to(torch::kFloat64);
  std::vector<at::Tensor> angles;
  int64_t pairs_left = config.attention_head_dim / 2;
  for (size_t axis = 0; axis < 3; ++axis) {
    const int64_t dim = config.rope_dims[axis];
    const at::Tensor exponents = at::arange(0, dim, 2, torch::kFloat64) / static_cast<double>(dim);
    const at::Tensor frequencies = at::pow(at::Scalar(config.rope_theta), -exponents);
    angles.push_back(exact.select(1, static_cast<int64_t>(axis)).unsqueeze(1) * frequencies);
    pairs_left -= dim / 2;
  }
  angles.push_back(at::zeros({exact.size(0), pairs_left}, torch::kFloat64));
  const at::Tensor all = at::cat(angles, 1);
  return at::stack({all.cos(), all.sin()}, -1).to(torch::kFloat32);
}

}  // namespace plumb
