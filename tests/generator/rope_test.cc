// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <gtest/gtest.h>

#include "generator/kernels/internal_rotary.h"
#include "generator/native/internal_rope.h"

namespace plumb {
namespace {

class RopeTest : public testing::Test {
 protected:
  RopeTest() {
    torch::manual_seed(5);
    config_.num_attention_heads = 2;
    config_.attention_head_dim = 14;  // one pair is nobody's
    config_.rope_dims = {4, 4, 4};
    config_.rope_theta = 100.0;
  }

  // `x` [heads, 14] of one token turned, at its own length.
  at::Tensor Turned(const at::Tensor& x, double t, double row, double column) const {
    const at::Tensor position = torch::tensor({t, row, column}, torch::kFloat64).unsqueeze(0);
    const at::Tensor length =
        (x.square().mean(-1, /*keepdim=*/true) + 1e-6).sqrt();  // NormedRotated takes it away
    return length *
           NormedRotated({x.unsqueeze(0), at::ones({14}), MakeRopeTable(position, config_)})
               .squeeze(0);
  }

  TransformerConfig config_;
};

TEST_F(RopeTest, OriginTurnsNothing) {
  const at::Tensor x = at::randn({2, 14});
  EXPECT_LT((Turned(x, 0, 0, 0) - x).abs().max().item<double>(), 1e-6);
}

TEST_F(RopeTest, PairTurnsByPositionTimesFrequency) {
  at::Tensor x = at::zeros({1, 14});
  x[0][4] = 1.0;  // first pair of the rows' axis: frequency 1
  const at::Tensor turned = Turned(x, 0, 0.5, 0).flatten();
  EXPECT_NEAR(turned[4].item<double>(), std::cos(0.5), 1e-6);
  EXPECT_NEAR(turned[5].item<double>(), std::sin(0.5), 1e-6);
  // Second pair of the same axis: frequency theta^(-2/4).
  x.zero_();
  x[0][6] = 1.0;
  EXPECT_NEAR(Turned(x, 0, 0.5, 0).flatten()[6].item<double>(), std::cos(0.05), 1e-6);
}

TEST_F(RopeTest, EachAxisHasItsOwnPairs) {
  const at::Tensor x = at::randn({1, 14});
  const at::Tensor moved = (Turned(x, 3.0, 0, 0) - x).abs().flatten();
  EXPECT_GT(moved.narrow(0, 0, 4).max().item<double>(), 1e-3);
  EXPECT_LT(moved.narrow(0, 4, 10).max().item<double>(), 1e-6);
}

TEST_F(RopeTest, UnownedPairNeverTurns) {
  const at::Tensor x = at::randn({1, 14});
  const at::Tensor moved = (Turned(x, 3.0, 2.0, 1.0) - x).abs().flatten();
  EXPECT_LT(moved.narrow(0, 12, 2).max().item<double>(), 1e-6);
}

TEST_F(RopeTest, LengthsStay) {
  const at::Tensor x = at::randn({2, 14});
  EXPECT_NEAR(Turned(x, 7.25, -3, 2).norm().item<double>(), x.norm().item<double>(), 1e-5);
}

TEST_F(RopeTest, ProductsDependOnDistanceOnly) {
  const at::Tensor q = at::randn({1, 14});
  const at::Tensor k = at::randn({1, 14});
  const auto product = [&](double shift) {
    return (Turned(q, 1 + shift, 2 + shift, 3 + shift) * Turned(k, 4 + shift, shift, 1 + shift))
        .sum()
        .item<double>();
  };
  EXPECT_NEAR(product(0.0), product(11.5), 1e-4);
  EXPECT_GT(std::abs((Turned(q, 1, 2, 3) * Turned(k, 4, 0, 1)).sum().item<double>() -
                     (Turned(q, 1, 2, 3) * Turned(k, 5, 0, 1)).sum().item<double>()),
            1e-3);
}

}  // namespace
}  // namespace plumb
