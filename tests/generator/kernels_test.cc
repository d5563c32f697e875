// SPDX-License-Identifier: Apache-2.0
// Every fused pass gives what LibTorch's operators give, values and gradients, and the same bytes
// on two threads as on one.
#include <gtest/gtest.h>

#include "generator/kernels/internal_modulation.h"
#include "generator/kernels/internal_rotary.h"

namespace plumb {
namespace {

constexpr double kRounding = 2e-5;  // of sums of up to 200 float32 terms near 1

at::Tensor Drawn(at::IntArrayRef shape) {
  return (at::randn(shape) * 1.5 + 0.3).requires_grad_(true);
}

// The output, then the gradients of `inputs` when the output is followed with fixed weights.
std::vector<at::Tensor> ValuesAndGradients(const at::Tensor& output,
                                           const std::vector<at::Tensor>& inputs) {
  const at::Tensor weights = at::sin(at::arange(output.numel()).to(torch::kFloat32) * 0.7 + 1.0)
                                 .view(output.sizes())
                                 .to(output.scalar_type());
  std::vector<at::Tensor> all = {output.detach().to(torch::kFloat32)};
  for (const at::Tensor& gradient : torch::autograd::grad({output}, inputs, {weights})) {
    all.push_back(gradient.to(torch::kFloat32));
  }
  return all;
}

void ExpectNear(const std::vector<at::Tensor>& actual,
                const std::vector<at::Tensor>& expected,
                double tolerance) {
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t i = 0; i < actual.size(); ++i) {
    const double scale = std::max(1.0, expected[i].abs().max().item<double>());
    EXPECT_LT((actual[i] - expected[i]).abs().max().item<double>(), tolerance * scale) << i;
  }
}

void ExpectSameBytes(const std::vector<at::Tensor>& a, const std::vector<at::Tensor>& b) {
  for (size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(at::equal(a[i], b[i])) << i;
}

class KernelsTest : public testing::TestWithParam<int64_t> {
 protected:
  KernelsTest() {
    at::set_num_threads(1);
    torch::manual_seed(3);
    row_ = torch::randint(0, 4, {kTokens}, torch::kInt64);
  }
  ~KernelsTest() override { at::set_num_threads(1); }

  static constexpr int64_t kTokens = 197;
  at::Tensor row_;
};

// Widths with and without a rest over the sixteen lanes.
INSTANTIATE_TEST_SUITE_P(Widths, KernelsTest, testing::Values(16, 24, 62, 128));

TEST_P(KernelsTest, ModulatedNormIsTheComposedOne) {
  const at::Tensor x = Drawn({kTokens, GetParam()}), scale = Drawn({4, GetParam()}),
                   shift = Drawn({4, GetParam()});
  const ModulatedNormInput input{x, scale, shift, row_};
  const auto fused = ValuesAndGradients(ModulatedNorm(input, torch::kFloat32), {x, scale, shift});
  ExpectNear(fused,
             ValuesAndGradients(ComposedModulatedNorm(input, torch::kFloat32), {x, scale, shift}),
             kRounding);
  at::set_num_threads(2);
  ExpectSameBytes(fused,
                  ValuesAndGradients(ModulatedNorm(input, torch::kFloat32), {x, scale, shift}));
}

TEST_P(KernelsTest, ModulatedNormRoundsOnceToBfloat16) {
  const at::Tensor x = Drawn({kTokens, GetParam()}), scale = Drawn({4, GetParam()}),
                   shift = Drawn({4, GetParam()});
  const ModulatedNormInput input{x, scale, shift, row_};
  const at::Tensor exact = ModulatedNorm(input, torch::kFloat32);
  EXPECT_TRUE(at::equal(ModulatedNorm(input, torch::kBFloat16), exact.to(torch::kBFloat16)));
}

TEST_P(KernelsTest, PlusGatedIsTheComposedOne) {
  for (const at::ScalarType type : {torch::kFloat32, torch::kBFloat16}) {
    const at::Tensor x = Drawn({kTokens, GetParam()}), gate = Drawn({4, GetParam()});
    const at::Tensor branch = at::randn({kTokens, GetParam()}).to(type).requires_grad_(true);
    const PlusGatedInput input{x, branch, gate, row_};
    const auto fused = ValuesAndGradients(PlusGated(input), {x, branch, gate});
    ExpectNear(fused, ValuesAndGradients(ComposedPlusGated(input), {x, branch, gate}), kRounding);
    at::set_num_threads(2);
    ExpectSameBytes(fused, ValuesAndGradients(PlusGated(input), {x, branch, gate}));
    at::set_num_threads(1);
  }
}

TEST_P(KernelsTest, NormedRotatedIsTheComposedOne) {
  const at::Tensor angles = at::randn({kTokens, GetParam() / 2});
  const at::Tensor turns = at::stack({angles.cos(), angles.sin()}, -1);
  for (const at::Tensor& some_turns : {turns, at::Tensor()}) {
    const at::Tensor x = Drawn({kTokens, 3, GetParam()}), weight = Drawn({GetParam()});
    const NormedRotatedInput input{x, weight, some_turns};
    const auto fused = ValuesAndGradients(NormedRotated(input), {x, weight});
    ExpectNear(fused, ValuesAndGradients(ComposedNormedRotated(input), {x, weight}), kRounding);
    at::set_num_threads(2);
    ExpectSameBytes(fused, ValuesAndGradients(NormedRotated(input), {x, weight}));
    at::set_num_threads(1);
  }
}

TEST_P(KernelsTest, NormedRotatedTakesBfloat16) {
  constexpr double kBfloat16Rounding = 1e-2;
  const at::Tensor x =
      at::randn({kTokens, 3, GetParam()}).to(torch::kBFloat16).requires_grad_(true);
  const at::Tensor weight = Drawn({GetParam()});
  const at::Tensor turns =
      at::stack({at::ones({kTokens, GetParam() / 2}), at::zeros({kTokens, GetParam() / 2})}, -1);
  const NormedRotatedInput input{x, weight, turns};
  EXPECT_EQ(NormedRotated(input).scalar_type(), torch::kBFloat16);
  ExpectNear(ValuesAndGradients(NormedRotated(input), {x, weight}),
             ValuesAndGradients(ComposedNormedRotated(input), {x, weight}),
             kBfloat16Rounding);
}

}  // namespace
}  // namespace plumb
