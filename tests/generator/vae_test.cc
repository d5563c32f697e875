// SPDX-License-Identifier: Apache-2.0
#include <functional>

#include <gtest/gtest.h>

#include "core/check.h"
#include "generator/native/internal_vae.h"
#include "tests/peak_memory.h"

namespace plumb {
namespace {

// Rounding of float32 sums that are taken in another order.
constexpr double kRounding = 1e-5;

class VaeTest : public testing::Test {
 protected:
  void SetUp() override {
    at::set_num_threads(1);
    torch::manual_seed(3);
    config_ = PresetConfig("test").vae;
    config_.latents_mean = {0.5, -1.0, 0.0, 2.0};
    config_.latents_std = {1.0, 2.0, 0.5, 4.0};
    vae_ = CausalVae(config_);
    // Gains away from one, so that a forgotten gain shows.
    torch::NoGradGuard no_grad;
    for (at::Tensor& parameter : vae_->parameters())
      parameter.add_(0.1 * at::randn_like(parameter));
  }

  static double Largest(const at::Tensor& a, const at::Tensor& b) {
    return (a - b).abs().max().item<double>();
  }

  const torch::NoGradGuard no_grad_;
  VaeConfig config_;
  CausalVae vae_{nullptr};
};

TEST_F(VaeTest, StridesFollowFromTheLevels) {
  EXPECT_EQ(config_.SpatialStride(), 8);
  EXPECT_EQ(config_.TemporalStride(), 4);
}

TEST_F(VaeTest, FramesFourNPlusOneBecomeNPlusOne) {
  for (const int64_t n : {0, 1, 3}) {
    const at::Tensor pixels = at::rand({2, 3, 4 * n + 1, 16, 24});
    const Posterior posterior = vae_->Encode(pixels);
    EXPECT_EQ(posterior.mean.sizes(), (std::vector<int64_t>{2, 4, n + 1, 2, 3}));
    EXPECT_EQ(posterior.logvar.sizes(), posterior.mean.sizes());
    EXPECT_EQ(vae_->Decode(posterior.mean).sizes(), pixels.sizes());
  }
}

TEST_F(VaeTest, WrongShapesAreBrokenAssumptions) {
  EXPECT_THROW(vae_->Encode(at::rand({1, 3, 4, 16, 16})), CheckFailure);
  EXPECT_THROW(vae_->Encode(at::rand({1, 3, 5, 12, 16})), CheckFailure);
}

TEST_F(VaeTest, LaterFramesDoNotChangeEarlierLatents) {
  const at::Tensor pixels = at::rand({1, 3, 13, 16, 16});
  at::Tensor changed = pixels.clone();
  // Frame 5 is the first one of latent frame 2.
  changed.narrow(2, 5, 8).copy_(at::rand({1, 3, 8, 16, 16}));
  const at::Tensor a = vae_->Encode(pixels).mean;
  const at::Tensor b = vae_->Encode(changed).mean;
  EXPECT_TRUE(at::equal(a.narrow(2, 0, 2), b.narrow(2, 0, 2)));
  EXPECT_GT(Largest(a.narrow(2, 2, 1), b.narrow(2, 2, 1)), 1e-3);
}

TEST_F(VaeTest, LastFrameOfALatentFrameReachesIt) {
  const at::Tensor pixels = at::rand({1, 3, 9, 16, 16});
  at::Tensor changed = pixels.clone();
  changed.narrow(2, 4, 1).add_(0.5);
  const at::Tensor a = vae_->Encode(pixels).mean;
  const at::Tensor b = vae_->Encode(changed).mean;
  EXPECT_TRUE(at::equal(a.narrow(2, 0, 1), b.narrow(2, 0, 1)));
  EXPECT_GT(Largest(a.narrow(2, 1, 1), b.narrow(2, 1, 1)), 1e-4);
}

TEST_F(VaeTest, LaterLatentsDoNotChangeEarlierFrames) {
  const at::Tensor latents = at::randn({1, 4, 4, 2, 2});
  at::Tensor changed = latents.clone();
  changed.narrow(2, 2, 2).copy_(at::randn({1, 4, 2, 2, 2}));
  const at::Tensor a = vae_->Decode(latents);
  const at::Tensor b = vae_->Decode(changed);
  EXPECT_TRUE(at::equal(a.narrow(2, 0, 5), b.narrow(2, 0, 5)));
  EXPECT_GT(Largest(a.narrow(2, 5, 4), b.narrow(2, 5, 4)), 1e-3);
}

TEST_F(VaeTest, AFirstFrameIsAPicture) {
  const at::Tensor pixels = at::rand({1, 3, 9, 16, 16});
  const at::Tensor alone = vae_->Encode(pixels.narrow(2, 0, 1)).mean;
  EXPECT_LT(Largest(alone, vae_->Encode(pixels).mean.narrow(2, 0, 1)), kRounding);
}

TEST_F(VaeTest, StreamedEqualsOneShot) {
  const at::Tensor pixels = at::rand({1, 3, 17, 24, 16});
  const Posterior once = vae_->Encode(pixels);
  const Posterior streamed = vae_->EncodeStreaming(pixels);
  EXPECT_LT(Largest(once.mean, streamed.mean), kRounding);
  EXPECT_LT(Largest(once.logvar, streamed.logvar), kRounding);
  EXPECT_LT(Largest(vae_->Decode(once.mean), vae_->DecodeStreaming(once.mean)), kRounding);
}

TEST_F(VaeTest, AStreamWithoutMemoryWouldShow) {
  const at::Tensor latents = at::randn({1, 4, 3, 2, 2});
  const at::Tensor whole = vae_->Decode(latents).narrow(2, 5, 4);
  // Cutting the past off moves the output far beyond rounding: the equality above has teeth.
  const at::Tensor cut = vae_->Decode(latents.narrow(2, 1, 2)).narrow(2, 1, 4);
  EXPECT_GT(Largest(whole, cut), 100 * kRounding);
}

TEST_F(VaeTest, NormalisationIsUndone) {
  const at::Tensor latents = at::randn({1, 4, 2, 2, 2});
  const at::Tensor normalized = vae_->Normalized(latents);
  EXPECT_NEAR(normalized[0][1][0][0][0].item<double>(),
              (latents[0][1][0][0][0].item<double>() + 1.0) / 2.0,
              1e-6);
  EXPECT_LT(Largest(vae_->Denormalized(normalized), latents), 1e-6);
}

TEST_F(VaeTest, ChannelNormIsRootMeanSquareOfEachPlace) {
  ChannelRmsNorm norm(2);
  const at::Tensor x = torch::tensor({3.0F, 4.0F}).view({1, 2, 1, 1, 1});
  // sqrt((9 + 16) / 2) = 3.5355339
  EXPECT_NEAR(norm->forward(x).flatten()[0].item<double>(), 3.0 / 3.5355339, 1e-6);
}

TEST_F(VaeTest, ClipsOfABatchDoNotMix) {
  const at::Tensor pixels = at::rand({3, 3, 5, 16, 16});
  const at::Tensor latents = vae_->Encode(pixels).mean;
  const at::Tensor decoded = vae_->Decode(latents);
  for (int64_t i = 0; i < 3; ++i) {
    const at::Tensor alone = vae_->Encode(pixels.narrow(0, i, 1)).mean;
    EXPECT_LT(Largest(alone, latents.narrow(0, i, 1)), kRounding) << i;
    EXPECT_LT(Largest(vae_->Decode(alone), decoded.narrow(0, i, 1)), 10 * kRounding) << i;
  }
}

TEST_F(VaeTest, ALongerClipBeginsLikeAShorterOne) {
  const at::Tensor pixels = at::rand({1, 3, 17, 16, 16});
  const at::Tensor whole = vae_->Encode(pixels).mean;
  for (const int64_t n : {0, 1, 2}) {
    const at::Tensor begun = vae_->Encode(pixels.narrow(2, 0, 4 * n + 1)).mean;
    EXPECT_LT(Largest(begun, whole.narrow(2, 0, n + 1)), kRounding) << n;
  }
}

TEST_F(VaeTest, AMinuteIsDecodedInTheMemoryOfSeconds) {
  if (kFreedMemoryIsHeld) GTEST_SKIP() << "the sanitizer keeps what is freed";
  const at::Tensor latents = at::randn({1, 4, 181, 8, 8});
  int64_t frames = 0;
  using Sink = std::function<void(const at::Tensor&)>;
  const auto peak_of = [&](int64_t latent_frames, const Sink& sink) {
    frames = 0;
    const auto decode = [&] {
      StreamCache cache;
      for (int64_t i = 0; i < latent_frames; ++i) {
        const at::Tensor pixels = vae_->decoder->forward(latents.narrow(2, i, 1), &cache);
        frames += pixels.size(2);
        sink(pixels);
      }
    };
    return PeakBytesOf(decode);
  };
  const Sink pass = [](const at::Tensor&) {};
  peak_of(4, pass);  // what LibTorch sets up once
  const int64_t seconds = peak_of(16, pass);
  const int64_t minute = peak_of(181, pass);
  EXPECT_EQ(frames, 721);
  // Whole the pixels are 35 MB; where they are kept, the peak says so.
  constexpr int64_t kMore = 8'000'000;
  EXPECT_LT(minute - seconds, kMore);
  std::vector<at::Tensor> kept;
  EXPECT_GT(peak_of(181, [&](const at::Tensor& pixels) { kept.push_back(pixels); }) - seconds,
            kMore);
}

TEST_F(VaeTest, EqualInputsGiveEqualBytes) {
  const at::Tensor pixels = at::rand({1, 3, 5, 16, 16});
  EXPECT_TRUE(at::equal(vae_->Encode(pixels).mean, vae_->Encode(pixels).mean));
  const at::Tensor latents = at::randn({1, 4, 2, 2, 2});
  EXPECT_TRUE(at::equal(vae_->DecodeStreaming(latents), vae_->DecodeStreaming(latents)));
}

TEST_F(VaeTest, VariancesStayWithinWhatExponentialsBear) {
  for (at::Tensor& parameter : vae_->encoder->conv_out->parameters()) parameter.mul_(1e4);
  const at::Tensor logvar = vae_->Encode(at::rand({1, 3, 5, 16, 16})).logvar;
  EXPECT_GE(logvar.min().item<double>(), -30.0);
  EXPECT_LE(logvar.max().item<double>(), 20.0);
  EXPECT_GT(logvar.max().item<double>() - logvar.min().item<double>(), 40.0) << "both ends show";
}

TEST_F(VaeTest, OtherStridesGiveOtherShapes) {
  struct Case {
    int64_t patch;
    std::vector<int64_t> spatial, temporal;
    int64_t side, stride;
  };
  for (const Case& c : {Case{1, {1, 1, 1}, {0, 0, 0}, 8, 1},
                        Case{2, {1, 0, 0}, {0, 0, 1}, 4, 2},
                        Case{4, {0, 0, 0}, {1, 1, 1}, 4, 8}}) {
    config_.pixel_patch = c.patch;
    config_.spatial_downsample = c.spatial;
    config_.temporal_downsample = c.temporal;
    CausalVae vae(config_);
    EXPECT_EQ(config_.SpatialStride(), c.side);
    EXPECT_EQ(config_.TemporalStride(), c.stride);
    const at::Tensor pixels = at::rand({1, 3, c.stride + 1, 2 * c.side, c.side});
    const at::Tensor latents = vae->Encode(pixels).mean;
    EXPECT_EQ(latents.sizes(), (std::vector<int64_t>{1, 4, 2, 2, 1}));
    EXPECT_EQ(vae->Decode(latents).sizes(), pixels.sizes());
    EXPECT_LT(Largest(vae->DecodeStreaming(latents), vae->Decode(latents)), kRounding);
  }
}

TEST_F(VaeTest, WithoutStatisticsNothingIsNormalised) {
  vae_->config.latents_mean.clear();
  EXPECT_THROW(vae_->Normalized(at::zeros({1, 4, 1, 1, 1})), CheckFailure);
}

}  // namespace
}  // namespace plumb
