// SPDX-License-Identifier: Apache-2.0
// Packed linear layers, the pass between products and attention over heads side by side: each
// against LibTorch's own operators in float64.
#include <cmath>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "generator/kernels/internal_adaln_pass.h"
#include "generator/kernels/internal_head_attention.h"
#include "generator/kernels/internal_lanes.h"
#include "generator/kernels/internal_norm_rotate.h"
#include "generator/kernels/internal_rotary.h"
#include "generator/kernels/internal_take_linear.h"

namespace plumb {
namespace {

class InferenceKernelsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    torch::manual_seed(7);
    at::set_num_threads(1);
  }
  const torch::NoGradGuard no_grad_;
};

double Apart(const at::Tensor& actual, const at::Tensor& exact) {
  const at::Tensor difference = actual.to(at::kDouble) - exact.to(at::kDouble);
  return (difference.abs().max() / exact.to(at::kDouble).square().mean().sqrt()).item<double>();
}

// Rounding of sums of some hundred float32 products, and of one result to bfloat16's 8 bits.
double Rounding(at::ScalarType type) {
  if (type == at::kDouble) return 1e-13;
  return type == at::kFloat ? 5e-6 : 2e-2;
}

TEST_F(InferenceKernelsTest, ExponentialIsWithinTwoUnits) {
  for (float x = 0.0F; x > -87.0F; x -= 0.0137F) {
    const double exact = std::exp(static_cast<double>(x));
    EXPECT_NEAR(ExpOfNegative(x), exact, exact * 2.4e-7) << x;
  }
  EXPECT_EQ(ExpOfNegative(0.0F), 1.0F);
}

TEST_F(InferenceKernelsTest, Bfloat16IsRoundedAsLibTorchRounds) {
  const at::Tensor values =
      at::cat({at::randn({4096}) * 1e3, torch::tensor({0.0F, -0.0F, 1.0F / 0.0F})});
  const at::Tensor rounded = values.to(at::kBFloat16);
  for (int64_t i = 0; i < values.numel(); ++i) {
    c10::BFloat16 mine;
    FromFloat(values.const_data_ptr<float>()[i], mine);
    EXPECT_EQ(mine.x, rounded.const_data_ptr<at::BFloat16>()[i].x);
    EXPECT_EQ(ToFloat(mine), static_cast<float>(mine));
  }
}

TEST_F(InferenceKernelsTest, PackedProductIsTheLinearLayer) {
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16, at::kDouble}) {
    const at::Tensor weight = at::randn({40, 24}).to(type);
    const at::Tensor bias = at::randn({40}).to(type);
    const at::Tensor x = at::randn({33, 24}).to(type);
    const at::Tensor exact =
        at::linear(x.to(at::kDouble), weight.to(at::kDouble), bias.to(at::kDouble));
    PackedLinear linear(weight, bias);
    const at::Tensor first = linear(x);
    EXPECT_EQ(first.scalar_type(), type);
    EXPECT_LT(Apart(first, exact), Rounding(type)) << type;
    EXPECT_LT(Apart(linear(x, LinearActivation::kGelu), at::gelu(exact)), Rounding(type)) << type;
    EXPECT_LT(Apart(linear(x, LinearActivation::kGeluTanh), at::gelu(exact, "tanh")),
              Rounding(type))
        << type;
    // The two activations differ by more than that where rounding is fine enough to tell.
    if (type == at::kDouble) {
      EXPECT_GT(Apart(at::gelu(exact), at::gelu(exact, "tanh")), 10 * Rounding(type));
    }
    PackedLinear without(weight, {});
    EXPECT_LT(Apart(without(x), exact - bias.to(at::kDouble)), Rounding(type)) << type;
  }
}

TEST_F(InferenceKernelsTest, PackedProductServesOtherNumbersOfRows) {
  const at::Tensor weight = at::randn({16, 24});
  PackedLinear linear(weight, {});
  for (const int64_t rows : {64, 1, 7}) {
    const at::Tensor x = at::randn({rows, 24});
    EXPECT_LT(Apart(linear(x), at::linear(x.to(at::kDouble), weight.to(at::kDouble))), 5e-6);
  }
}

TEST_F(InferenceKernelsTest, RowsThatWereSeenBeforeLeaveNoTrace) {
  const at::Tensor weight = at::randn({48, 72}), x = at::randn({301, 72});
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    PackedLinear fresh(weight.to(type), {}), used(weight.to(type), {});
    used(at::randn({2, 72}).to(type));
    EXPECT_TRUE(used(x.to(type)).equal(fresh(x.to(type)))) << type;
  }
}

TEST_F(InferenceKernelsTest, LayersAreTakenSideBySide) {
  torch::nn::Linear first(24, 8), second(24, 16);
  const at::Tensor x = at::randn({5, 24});
  const at::Tensor expected = at::cat({first->forward(x), second->forward(x)}, 1);
  PackedLinear both = TakeLinear({first.get(), second.get()}, at::kFloat);
  EXPECT_LT(Apart(both(x), expected), 5e-6);
  EXPECT_EQ(first->weight.numel() + second->weight.numel(), 0) << "no second copy is left";
}

// Against the pass that is trained; heads are the middle part of wider rows.
TEST_F(InferenceKernelsTest, HeadsAreNormedAndTurnedInPlace) {
  constexpr int64_t kTokens = 7, kHeads = 3;
  for (const int64_t dim : {2, 20, 64}) {
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
      const at::Tensor rows = at::randn({kTokens, 3 * kHeads * dim}).to(type);
      const at::Tensor before = rows.clone();
      const at::Tensor part = rows.narrow(1, kHeads * dim, kHeads * dim);
      const at::Tensor angles = at::randn({kTokens, dim / 2}), weight = at::randn({dim});
      for (const at::Tensor& turns : {at::stack({angles.cos(), angles.sin()}, -1), at::Tensor()}) {
        rows.copy_(before);
        const at::Tensor heads = part.reshape({kTokens, kHeads, dim}).to(at::kFloat);
        const at::Tensor exact = ComposedNormedRotated({heads, weight, turns}).flatten(1);
        NormRotateInPlace(part, kHeads, {weight, turns});
        EXPECT_LT(Apart(part, exact), Rounding(type)) << dim << " " << type;
        for (const int64_t other : {0, 2}) {
          const auto span = [&](const at::Tensor& all) {
            return all.narrow(1, other * kHeads * dim, kHeads * dim);
          };
          EXPECT_TRUE(span(rows).equal(span(before))) << "what stands beside it stays";
        }
      }
    }
  }
}

AdaLnPass RandomPass(int64_t batch, int64_t tokens, int64_t width, at::ScalarType branch_type) {
  // Rows as they come out of a projection: three parts side by side.
  const at::Tensor rows = at::randn({batch, 3 * width});
  return {.scale = rows.narrow(1, 0, width),
          .shift = rows.narrow(1, width, width),
          .gate = rows.narrow(1, 2 * width, width),
          .branch = at::randn({batch * tokens, width}).to(branch_type),
          .eps = 1e-3};
}

AdaLnPass InDouble(AdaLnPass pass) {
  pass.scale = pass.scale.to(at::kDouble);
  pass.shift = pass.shift.to(at::kDouble);
  if (pass.gate.defined()) pass.gate = pass.gate.to(at::kDouble);
  if (pass.branch.defined()) pass.branch = pass.branch.to(at::kDouble);
  return pass;
}

TEST_F(InferenceKernelsTest, OnePassIsResidualNormAndModulation) {
  for (const int64_t width : {5, 16, 72}) {
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
      for (const at::ScalarType branch_type : {at::kFloat, at::kBFloat16}) {
        const AdaLnPass pass = RandomPass(3, 4, width, branch_type);
        at::Tensor x = at::randn({12, width}) + 2.0;
        at::Tensor exact_x = x.to(at::kDouble);
        const at::Tensor out = ApplyAdaLn(x, pass, type);
        const at::Tensor exact = ComposedAdaLn(exact_x, InDouble(pass), at::kDouble);
        EXPECT_EQ(out.scalar_type(), type);
        EXPECT_LT(Apart(x, exact_x), 1e-6) << "the residual stays float32";
        EXPECT_LT(Apart(out, exact), Rounding(type)) << width << " " << type << " " << branch_type;
      }
    }
  }
}

TEST_F(InferenceKernelsTest, EveryTokenMayNameItsRow) {
  AdaLnPass pass = RandomPass(3, 2, 32, at::kFloat);
  // The first and the last row, alternating: as if only those tokens had been given.
  pass.row_of_token = torch::tensor({0, 2, 0, 2, 2, 0}, at::kLong);
  const at::Tensor given = at::randn({6, 32});
  at::Tensor x = given.clone(), exact_x = given.to(at::kDouble);
  const at::Tensor out = ApplyAdaLn(x, pass, at::kFloat);
  const at::Tensor exact = ComposedAdaLn(exact_x, InDouble(pass), at::kDouble);
  EXPECT_LT(Apart(x, exact_x), 1e-6);
  EXPECT_LT(Apart(out, exact), 5e-6);
  at::Tensor by_sample = given.clone();
  pass.row_of_token.reset();
  const at::Tensor other = ApplyAdaLn(by_sample, pass, at::kFloat);
  EXPECT_TRUE(out[0].equal(other[0]));
  EXPECT_GT(Apart(out, other), 0.1);
  // One row for all, without a copy of it.
  pass = RandomPass(1, 6, 32, at::kFloat);
  at::Tensor a = given.clone(), b = given.clone();
  const at::Tensor plain = ApplyAdaLn(a, pass, at::kFloat);
  for (at::Tensor* rows : {&pass.scale, &pass.shift, &pass.gate}) *rows = rows->expand({3, 32});
  pass.row_of_token = torch::tensor({2, 1, 0, 0, 1, 2}, at::kLong);
  EXPECT_TRUE(ApplyAdaLn(b, pass, at::kFloat).equal(plain));
  EXPECT_TRUE(a.equal(b));
}

TEST_F(InferenceKernelsTest, WithoutAGateTheTokensStay) {
  AdaLnPass pass = RandomPass(2, 3, 32, at::kFloat);
  pass.gate.reset();
  at::Tensor x = at::randn({6, 32});
  const at::Tensor before = x.clone();
  at::Tensor exact_x = x.to(at::kDouble);
  const at::Tensor out = ApplyAdaLn(x, pass, at::kFloat);
  EXPECT_TRUE(x.equal(before));
  EXPECT_LT(Apart(out, ComposedAdaLn(exact_x, InDouble(pass), at::kDouble)), 5e-6);
}

TEST_F(InferenceKernelsTest, DoubleTokensAreComposed) {
  const AdaLnPass pass = InDouble(RandomPass(2, 3, 8, at::kFloat));
  at::Tensor x = at::randn({6, 8}, at::kDouble);
  at::Tensor same = x.clone();
  EXPECT_TRUE(ApplyAdaLn(x, pass, at::kDouble).equal(ComposedAdaLn(same, pass, at::kDouble)));
  EXPECT_TRUE(x.equal(same));
}

TEST_F(InferenceKernelsTest, AttentionIsThatOfLibTorch) {
  // Keys beyond one panel, numbers that no block divides, one key, and dims of DiT.
  const std::vector<std::array<int64_t, 4>> shapes = {
      {1, 2, 64, 8}, {2, 3, 100, 12}, {2, 1, 1, 4}, {1, 2, 301, 72}, {1, 1, 640, 64}};
  for (const auto& [batch, heads, tokens, dim] : shapes) {
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
      const auto draw = [&, tokens = tokens, batch = batch, heads = heads, dim = dim] {
        return (1.5 * at::randn({batch * tokens, heads * dim})).to(type);
      };
      const at::Tensor q = draw(), k = draw(), v = draw();
      const at::Tensor exact =
          LibraryAttention(q.to(at::kDouble), k.to(at::kDouble), v.to(at::kDouble), batch, heads);
      const at::Tensor mixed = HeadAttention(q, k, v, batch, heads);
      EXPECT_EQ(mixed.scalar_type(), type);
      // Means over many values are small beside what was rounded: LibTorch's own error tells how
      // much the type gives away.
      EXPECT_LE(Apart(mixed, exact), 2.0 * Apart(LibraryAttention(q, k, v, batch, heads), exact))
          << tokens << " tokens of " << dim << " " << type;
    }
  }
}

TEST_F(InferenceKernelsTest, AttentionReadsOtherNumbersOfKeysThanQueries) {
  const at::Tensor q = at::randn({2 * 70, 16}), k = at::randn({2 * 9, 16}),
                   v = at::randn({2 * 9, 16});
  const at::Tensor exact =
      LibraryAttention(q.to(at::kDouble), k.to(at::kDouble), v.to(at::kDouble), 2, 2);
  EXPECT_LT(Apart(HeadAttention(q, k, v, 2, 2), exact), 5e-6);
}

// Queries, keys and values as one product makes them: side by side.
TEST_F(InferenceKernelsTest, AttentionTakesPartsOfRows) {
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16, at::kDouble}) {
    const at::Tensor rows = at::randn({2 * 70, 3 * 16}).to(type);
    const at::Tensor q = rows.narrow(1, 0, 16), k = rows.narrow(1, 16, 16),
                     v = rows.narrow(1, 32, 16);
    const at::Tensor mixed = HeadAttention(q, k, v, 2, 2);
    EXPECT_TRUE(mixed.is_contiguous());
    EXPECT_TRUE(mixed.equal(HeadAttention(q.contiguous(), k.contiguous(), v.contiguous(), 2, 2)));
  }
}

TEST_F(InferenceKernelsTest, LargeScoresDoNotOverflow) {
  const at::Tensor q = 200 * at::randn({32, 8}), k = 200 * at::randn({32, 8}),
                   v = at::randn({32, 8});
  const at::Tensor mixed = HeadAttention(q, k, v, 1, 1);
  EXPECT_TRUE(mixed.isfinite().all().item<bool>());
  EXPECT_LT(
      Apart(mixed, LibraryAttention(q.to(at::kDouble), k.to(at::kDouble), v.to(at::kDouble), 1, 1)),
      1e-3);
}

TEST_F(InferenceKernelsTest, KernelsGiveTheSameBytesForAnyNumberOfThreads) {
  const at::Tensor q = at::randn({128, 32}), weight = at::randn({32, 32});
  const auto run = [&](int threads) {
    at::set_num_threads(threads);
    PackedLinear linear(weight, {});
    return HeadAttention(linear(q), q, q, 2, 4);
  };
  const at::Tensor one = run(1);
  EXPECT_TRUE(one.equal(run(2)));
  at::set_num_threads(1);
}

}  // namespace
}  // namespace plumb
