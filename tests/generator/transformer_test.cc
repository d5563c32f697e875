// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <gtest/gtest.h>

#include "core/check.h"
#include "generator/kernels/internal_rotary.h"
#include "generator/native/internal_text_encoder.h"
#include "tests/generator/packed_clips.h"

namespace plumb {
namespace {

constexpr double kRounding = 2e-5;

class TransformerTest : public testing::Test {
 protected:
  TransformerTest() {
    at::set_num_threads(1);
    torch::manual_seed(11);
    config_ = PresetConfig("test").transformer;
    fresh_ = SpacetimeTransformer(config_);
    wild_ = SpacetimeTransformer(config_);
    DrawAnew(*wild_);
  }

  const torch::NoGradGuard no_grad_;
  TransformerConfig config_;
  SpacetimeTransformer fresh_{nullptr}, wild_{nullptr};
};

TEST_F(TransformerTest, StartsAsZero) {
  EXPECT_EQ(Velocity(fresh_, DrawnClip(3, 4, 4)).abs().max().item<double>(), 0.0);
}

TEST_F(TransformerTest, AnySizeAspectAndLength) {
  for (const auto& [frames, height, width] :
       {std::tuple{1, 2, 2}, std::tuple{2, 4, 6}, std::tuple{5, 8, 2}}) {
    const HandmadeClip clip = DrawnClip(frames, height, width);
    EXPECT_EQ(Velocity(wild_, clip).sizes(), clip.groups.front().clean.sizes());
  }
}

TEST_F(TransformerTest, OddSizesAreRefused) {
  HandmadeClip clip = DrawnClip(2, 4, 4);
  clip.target().clean = at::randn({4, 2, 3, 4});
  EXPECT_THROW(Velocity(wild_, clip), CheckFailure);
}

TEST_F(TransformerTest, ClipsOfDifferentShapesDoNotMix) {
  HandmadeClip small = DrawnClip(1, 2, 4);
  small.timestep = 20.0F;
  small.text = at::randn({2, 16});
  const std::vector<HandmadeClip> clips = {DrawnClip(3, 4, 4), small, DrawnClip(2, 6, 2)};
  const std::vector<at::Tensor> together = Velocities(wild_, clips);
  for (size_t i = 0; i < clips.size(); ++i) {
    EXPECT_LT(Largest(together[i], Velocity(wild_, clips[i])), kRounding) << i;
  }
}

TEST_F(TransformerTest, OrderInTheBatchIsNotSeen) {
  const HandmadeClip a = DrawnClip(3, 4, 4), b = DrawnClip(2, 4, 6);
  EXPECT_LT(Largest(Velocities(wild_, {a, b})[1], Velocities(wild_, {b, a})[0]), kRounding);
}

TEST_F(TransformerTest, TimestepAndCaptionMatter) {
  const HandmadeClip clip = DrawnClip(2, 4, 4);
  const at::Tensor before = Velocity(wild_, clip);
  HandmadeClip later = clip;
  later.timestep += 10.0F;
  EXPECT_GT(Largest(before, Velocity(wild_, later)), 1e-4);
  HandmadeClip other = clip;
  other.text = clip.text + 0.5;
  EXPECT_GT(Largest(before, Velocity(wild_, other)), 1e-4);
}

TEST_F(TransformerTest, OrderOfTheTextStatesIsNotSeen) {
  HandmadeClip clip = DrawnClip(2, 4, 4);
  const at::Tensor before = Velocity(wild_, clip);
  clip.text = clip.text.flip(0);
  EXPECT_LT(Largest(before, Velocity(wild_, clip)), kRounding) << "the text encoder tells order";
}

TEST_F(TransformerTest, OneKnownTokenMatters) {
  HandmadeClip clip = DrawnClip(3, 4, 4);
  const at::Tensor before = Velocity(wild_, clip);
  clip.target().known[1][0][1] = true;
  EXPECT_GT(Largest(before, Velocity(wild_, clip)), 1e-4);
}

TEST_F(TransformerTest, TimestepOfAWhollyKnownClipIsNotSeen) {
  HandmadeClip clip = DrawnClip(2, 4, 4);
  clip.target().known.fill_(true);
  const at::Tensor before = Velocity(wild_, clip);
  clip.timestep = 999.0F;
  EXPECT_EQ(Largest(before, Velocity(wild_, clip)), 0.0) << "known tokens stand at level 0";
}

TEST_F(TransformerTest, FramesReachEachOtherBothWays) {
  const HandmadeClip clip = DrawnClip(3, 4, 4);
  const at::Tensor before = Velocity(wild_, clip);
  for (const auto& [changed, watched] : {std::pair{0, 2}, std::pair{2, 0}}) {
    HandmadeClip other = clip;
    other.target().clean = clip.groups.front().clean.clone();
    other.target().clean.select(1, changed).add_(0.5);
    EXPECT_GT(Largest(before.select(1, watched), Velocity(wild_, other).select(1, watched)), 1e-3);
  }
}

TEST_F(TransformerTest, RealTimeMatters) {
  const HandmadeClip clip = DrawnClip(3, 4, 4);
  const at::Tensor before = Velocity(wild_, clip);
  HandmadeClip shifted = clip;
  shifted.target().times_s = clip.groups.front().times_s + 5.0;
  EXPECT_LT(Largest(before, Velocity(wild_, shifted)), 1e-3) << "only distances in time count";
  HandmadeClip slower = clip;
  slower.target().times_s = clip.groups.front().times_s * 2.0;
  EXPECT_GT(Largest(before, Velocity(wild_, slower)), 1e-3);
}

TEST_F(TransformerTest, PlacesInThePictureAreTold) {
  HandmadeClip clip = DrawnClip(1, 4, 4);
  clip.target().clean.zero_();
  const at::Tensor out = Velocity(wild_, clip);
  EXPECT_GT(Largest(out.narrow(2, 0, 2).narrow(3, 0, 2), out.narrow(2, 2, 2).narrow(3, 2, 2)),
            1e-3);
}

TEST_F(TransformerTest, CameraPathIsSeenAndMayBeLeftOut) {
  HandmadeClip clip = DrawnClip(2, 4, 4);
  const at::Tensor unstated = Velocity(wild_, clip);
  clip.target().rays = at::zeros({2, 2, 2, 6});
  const at::Tensor still = Velocity(wild_, clip);
  EXPECT_GT(Largest(unstated, still), 1e-4) << "stated and unstated are told apart";
  clip.target().rays = at::randn({2, 2, 2, 6});
  EXPECT_GT(Largest(still, Velocity(wild_, clip)), 1e-4);
}

TEST_F(TransformerTest, AReferenceIsReadByItsOwnClipOnly) {
  HandmadeClip first = DrawnClip(2, 4, 4), second = DrawnClip(2, 4, 4);
  const std::vector<at::Tensor> without = Velocities(wild_, {first, second});
  HandmadeClip shown = DrawnClip(1, 4, 2);
  shown.target().known.fill_(true);
  shown.target().reference = true;
  shown.target().times_s.fill_(-8.0);
  first.groups.push_back(shown.groups.front());
  const std::vector<at::Tensor> with = Velocities(wild_, {first, second});
  EXPECT_EQ(with[0].sizes(), without[0].sizes());
  EXPECT_GT(Largest(with[0], without[0]), 1e-3);
  EXPECT_LT(Largest(with[1], without[1]), kRounding);
}

TEST_F(TransformerTest, GradientsReachEveryParameter) {
  const torch::AutoGradMode grad(true);
  HandmadeClip clip = DrawnClip(3, 4, 4);
  clip.target().known[0].fill_(true);
  Velocity(wild_, clip).square().sum().backward();
  for (const auto& parameter : wild_->named_parameters()) {
    ASSERT_TRUE(parameter.value().grad().defined()) << parameter.key();
    EXPECT_GT(parameter.value().grad().abs().max().item<double>(), 0.0) << parameter.key();
  }
}

// A tensor made beside the given ones would lie on the CPU, whatever device they are on. The meta
// device, which has these operations, refuses to mix with it as a GPU does.
TEST_F(TransformerTest, WhatAForwardMakesLiesWhereItsInputLies) {
  const at::Tensor timesteps = at::empty({3}, at::kMeta);
  EXPECT_TRUE(TimestepSinusoid(timesteps, 8).is_meta());
  const at::Tensor heads = at::empty({6, 2, 12}, at::kMeta),
                   turns = at::empty({6, 6, 2}, at::kMeta);
  EXPECT_TRUE(NormedRotated({heads, at::empty({12}, at::kMeta), turns}).is_meta());
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
  const double one = ForwardFlops(config, 12, 5);
  config.num_layers = 2;
  const double two = ForwardFlops(config, 12, 5);
  // n = 12 tokens, d = 24, f = 48, m = 5 pieces of width 16.
  const double by_hand =
      12 * (12 * 24 * 24 + 4 * 24 * 48) + 4 * 12 * 12 * 24 + 4 * 12 * 5 * 24 + 4 * 5 * 16 * 24;
  EXPECT_DOUBLE_EQ(two - one, by_hand);
  EXPECT_GT(ForwardFlops(config, 24, 5), 2.0 * two) << "attention is quadratic";
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
