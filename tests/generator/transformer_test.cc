// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <gtest/gtest.h>

#include "core/check.h"
#include "generator/native/internal_text_encoder.h"
#include "generator/native/internal_transformer.h"

namespace plumb {
namespace {

constexpr double kRounding = 1e-5;

class TransformerTest : public testing::Test {
 protected:
  TransformerTest() {
    at::set_num_threads(1);
    torch::manual_seed(11);
    config_ = PresetConfig("test").transformer;
    fresh_ = SpacetimeTransformer(config_);
    wild_ = SpacetimeTransformer(config_);
    // Zero-initialised gates would hide every branch: draw all parameters anew.
    torch::NoGradGuard no_grad;
    for (at::Tensor& parameter : wild_->parameters()) {
      parameter.copy_(0.3 * at::randn_like(parameter));
    }
  }

  TransformerInput Input(int64_t frames, int64_t rows, int64_t columns) const {
    TransformerInput input;
    input.latents = at::randn({2, 4, frames, rows, columns});
    input.timesteps = torch::tensor({0.0F, 700.0F, 0.0F, 300.0F}).view({2, 2});
    input.levels = at::ones({2, frames}, torch::kInt64);
    input.times_s = at::arange(frames, torch::kFloat64) / 6.0;
    input.text = at::randn({2, 5, 16});
    input.text_mask = at::ones({2, 5}, torch::kBool);
    return input;
  }

  static double Largest(const at::Tensor& a, const at::Tensor& b) {
    return (a - b).abs().max().item<double>();
  }

  const torch::NoGradGuard no_grad_;
  TransformerConfig config_;
  SpacetimeTransformer fresh_{nullptr}, wild_{nullptr};
};

TEST_F(TransformerTest, StartsAsZero) {
  EXPECT_EQ(fresh_->forward(Input(3, 4, 4)).abs().max().item<double>(), 0.0);
}

TEST_F(TransformerTest, FreshBlocksAreTheIdentity) {
  const TransformerInput input = Input(3, 4, 4);
  const at::Tensor tokens = at::randn({2, 12, config_.Width()});
  const at::Tensor modulation = at::zeros({2, 2, 6, config_.Width()});
  auto* block = fresh_->blocks[0]->as<TransformerBlockImpl>();
  EXPECT_TRUE(at::equal(block->forward(tokens, modulation, input, {}), tokens));
}

TEST_F(TransformerTest, AnySizeAndLength) {
  for (const auto& [frames, rows, columns] :
       {std::tuple{1, 2, 2}, std::tuple{2, 4, 6}, std::tuple{5, 8, 2}}) {
    const TransformerInput input = Input(frames, rows, columns);
    EXPECT_EQ(wild_->forward(input).sizes(), input.latents.sizes());
  }
}

TEST_F(TransformerTest, OddSizesAreRefused) {
  EXPECT_THROW(wild_->forward(Input(2, 3, 4)), CheckFailure);
}

TEST_F(TransformerTest, ClipsOfABatchDoNotMix) {
  const TransformerInput both = Input(3, 4, 4);
  TransformerInput first = both;
  for (at::Tensor* part :
       {&first.latents, &first.timesteps, &first.levels, &first.text, &first.text_mask}) {
    *part = part->narrow(0, 0, 1);
  }
  EXPECT_LT(Largest(wild_->forward(both).narrow(0, 0, 1), wild_->forward(first)), kRounding);
}

TEST_F(TransformerTest, LevelsPerFrameEqualLevelsPerToken) {
  TransformerInput input = Input(3, 4, 4);
  input.levels[0][0] = 0;
  const at::Tensor per_frame = wild_->forward(input);
  input.levels = input.levels.repeat_interleave(4, 1);
  EXPECT_LT(Largest(per_frame, wild_->forward(input)), kRounding);
}

TEST_F(TransformerTest, OneTokensLevelMatters) {
  TransformerInput input = Input(3, 4, 4);
  input.levels = at::ones({2, 12}, torch::kInt64);
  const at::Tensor before = wild_->forward(input);
  input.levels[0][5] = 0;
  const at::Tensor after = wild_->forward(input);
  EXPECT_GT(Largest(before[0], after[0]), 1e-4);
  EXPECT_EQ(Largest(before[1], after[1]), 0.0);
}

TEST_F(TransformerTest, TimestepAndCaptionMatter) {
  TransformerInput input = Input(2, 4, 4);
  const at::Tensor before = wild_->forward(input);
  TransformerInput later = input;
  later.timesteps = input.timesteps + 10.0;
  EXPECT_GT(Largest(before, wild_->forward(later)), 1e-4);
  TransformerInput other = input;
  other.text = input.text + 0.5;
  EXPECT_GT(Largest(before, wild_->forward(other)), 1e-4);
}

TEST_F(TransformerTest, MaskedTextIsNotRead) {
  TransformerInput input = Input(2, 4, 4);
  input.text_mask.narrow(1, 3, 2).fill_(false);
  const at::Tensor before = wild_->forward(input);
  input.text.narrow(1, 3, 2).fill_(9.0);
  EXPECT_LT(Largest(before, wild_->forward(input)), kRounding);
}

TEST_F(TransformerTest, RealTimeMatters) {
  TransformerInput input = Input(3, 4, 4);
  const at::Tensor before = wild_->forward(input);
  TransformerInput shifted = input;
  shifted.times_s = input.times_s + 5.0;
  EXPECT_LT(Largest(before, wild_->forward(shifted)), 1e-3) << "only distances in time count";
  TransformerInput slower = input;
  slower.times_s = input.times_s * 2.0;
  EXPECT_GT(Largest(before, wild_->forward(slower)), 1e-3);
}

TEST_F(TransformerTest, PlacesInThePictureAreTold) {
  TransformerInput input = Input(1, 4, 4);
  input.latents.zero_();
  const at::Tensor out = wild_->forward(input);
  const at::Tensor corner = out.narrow(3, 0, 2).narrow(4, 0, 2);
  const at::Tensor opposite = out.narrow(3, 2, 2).narrow(4, 2, 2);
  EXPECT_GT(Largest(corner, opposite), 1e-3);
}

TEST_F(TransformerTest, SinusoidHasCosinesFirst) {
  const at::Tensor sinusoid = TimestepSinusoid(torch::tensor({2.0F}), 4).flatten();
  // Frequencies 1 and 10000^(-1/2) = 0.01.
  EXPECT_NEAR(sinusoid[0].item<double>(), std::cos(2.0), 1e-6);
  EXPECT_NEAR(sinusoid[1].item<double>(), std::cos(0.02), 1e-6);
  EXPECT_NEAR(sinusoid[2].item<double>(), std::sin(2.0), 1e-6);
  EXPECT_NEAR(sinusoid[3].item<double>(), std::sin(0.02), 1e-6);
}

TEST_F(TransformerTest, FlopsOfABlockByHand) {
  TransformerConfig config = config_;
  config.num_layers = 1;
  const double one = ForwardFlops(config, {1, 4, 3, 4, 4}, 5);
  config.num_layers = 2;
  const double two = ForwardFlops(config, {1, 4, 3, 4, 4}, 5);
  // n = 12 tokens, d = 24, f = 48, m = 5 pieces of width 16.
  const double by_hand =
      12 * (12 * 24 * 24 + 4 * 24 * 48) + 4 * 12 * 12 * 24 + 4 * 12 * 5 * 24 + 4 * 5 * 16 * 24;
  EXPECT_DOUBLE_EQ(two - one, by_hand);
}

TEST_F(TransformerTest, TextPaddingDoesNotChangeAPiece) {
  TextEncoderConfig config = PresetConfig("test").text_encoder;
  config.vocab_size = 10;
  TextEncoder encoder(config);
  TokenBatch tokens{torch::tensor({{3L, 4L, 2L}}), at::ones({1, 3}, torch::kBool)};
  const at::Tensor alone = encoder->forward(tokens);
  tokens.ids = torch::tensor({{3L, 4L, 2L, 0L, 0L}});
  tokens.mask = tokens.ids != 0;
  EXPECT_LT(Largest(alone, encoder->forward(tokens).narrow(1, 0, 3)), kRounding);
}

}  // namespace
}  // namespace plumb
