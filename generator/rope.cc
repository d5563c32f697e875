// SPDX-License-Identifier: Apache-2.0
#include "generator/internal_rope.h"

namespace plumb {

RopeTable MakeRopeTable(const at::Tensor& positions, const TransformerConfig& config) {
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
  return {all.cos().to(torch::kFloat32), all.sin().to(torch::kFloat32)};
}

at::Tensor ApplyRope(const at::Tensor& x, const RopeTable& table) {
  const at::Tensor pairs = x.to(torch::kFloat32).unflatten(-1, {-1, 2});
  const at::Tensor even = pairs.select(-1, 0);
  const at::Tensor odd = pairs.select(-1, 1);
  const at::Tensor turned = at::stack({even * table.cosines - odd * table.sines,
                                       even * table.sines + odd * table.cosines},
                                      -1);
  return turned.flatten(-2).to(x.scalar_type());
}

}  // namespace plumb
