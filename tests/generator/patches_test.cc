// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/check.h"
#include "generator/native/internal_patches.h"
#include "generator/native/internal_vae.h"

namespace plumb {
namespace {

double Largest(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

class PatchesTest : public testing::Test {
 protected:
  PatchesTest() {
    at::set_num_threads(1);
    torch::manual_seed(9);
  }
  const torch::NoGradGuard no_grad_;
  const PatchShape shape_{.frames = 2, .side = 4};
};

TEST_F(PatchesTest, ShapeIsWhatALatentCellStandsFor) {
  const PatchShape shape = PatchShapeOf(PresetConfig("tiny").vae);
  EXPECT_EQ(shape.frames, 4);
  EXPECT_EQ(shape.side, 4);
  EXPECT_EQ(shape.Size(), 3 * 4 * 4 * 4);
}

TEST_F(PatchesTest, ThereAndBackIsTheClip) {
  const at::Tensor begun = at::rand({2, 3, 5, 8, 12});
  const at::Tensor patches = PatchesFromPixels(begun, shape_, /*starts=*/true);
  EXPECT_EQ(patches.sizes(), (std::vector<int64_t>{2, 3, 2, 3, shape_.Size()}));
  EXPECT_TRUE(at::equal(PixelsFromPatches(patches, shape_, /*starts=*/true), begun));
  const at::Tensor later = at::rand({1, 3, 4, 4, 4});
  EXPECT_TRUE(
      at::equal(PixelsFromPatches(PatchesFromPixels(later, shape_, false), shape_, false), later));
}

TEST_F(PatchesTest, TheFirstFrameFillsAPatchByRepetition) {
  const at::Tensor picture = at::rand({1, 3, 1, 4, 4});
  const at::Tensor still = picture.expand({-1, -1, 2, -1, -1});
  EXPECT_TRUE(at::equal(PatchesFromPixels(picture, shape_, /*starts=*/true),
                        PatchesFromPixels(still, shape_, /*starts=*/false)));
}

TEST_F(PatchesTest, PiecesOfAClipArePiecesOfItsPatches) {
  const at::Tensor pixels = at::rand({1, 3, 7, 4, 8});
  const at::Tensor whole = PatchesFromPixels(pixels, shape_, true);
  const at::Tensor first = PatchesFromPixels(pixels.narrow(2, 0, 1), shape_, true);
  const at::Tensor rest = PatchesFromPixels(pixels.narrow(2, 1, 6), shape_, false);
  EXPECT_TRUE(at::equal(at::cat({first, rest}, 1), whole));
}

TEST_F(PatchesTest, APixelBelongsToOnePatch) {
  const at::Tensor pixels = at::rand({1, 3, 5, 8, 8});
  at::Tensor changed = pixels.clone();
  changed[0][1][4][5][2] += 1.0;  // frame 4 ends patch 2 in time; row 5, column 2
  const at::Tensor moved =
      (PatchesFromPixels(pixels, shape_, true) - PatchesFromPixels(changed, shape_, true)).abs();
  EXPECT_EQ(at::count_nonzero(moved).item<int64_t>(), 1);
  EXPECT_GT(moved[0][2][1][0].max().item<double>(), 0.9);
}

TEST_F(PatchesTest, FramesThatFillNoPatchAreABrokenAssumption) {
  EXPECT_THROW(PatchesFromPixels(at::rand({1, 3, 4, 4, 4}), shape_, true), CheckFailure);
  EXPECT_THROW(PatchesFromPixels(at::rand({1, 3, 3, 4, 4}), shape_, false), CheckFailure);
}

// Points mean ± 6·u and mean ± 2·v for unit vectors u = (0.6, 0.8, 0), v = (0, 0, 1).
TEST_F(PatchesTest, PrincipalComponentsOfACross) {
  const at::Tensor mean = torch::tensor({1.0, -2.0, 5.0}, at::kDouble);
  const at::Tensor u = torch::tensor({-0.6, -0.8, 0.0}, at::kDouble);
  const at::Tensor v = torch::tensor({0.0, 0.0, -1.0}, at::kDouble);
  PatchStatistics statistics(3);
  statistics.Add(at::stack({mean + 6 * u, mean - 6 * u, mean + 2 * v, mean - 2 * v}));
  const PrincipalComponents components = statistics.Components(2);
  EXPECT_LT(Largest(components.mean, mean), 1e-12);
  // Variances 2·36/4 and 2·4/4, by falling size; the largest element of a direction is positive.
  EXPECT_LT(Largest(components.deviations, torch::tensor({18.0, 2.0}, at::kDouble).sqrt()), 1e-9);
  EXPECT_LT(Largest(components.directions[0], -u), 1e-9);
  EXPECT_LT(Largest(components.directions[1], -v), 1e-9);
}

TEST_F(PatchesTest, WhatIsLeftOutIsTheErrorOfTheProjection) {
  // Independent numbers of variance 16, 4, 1 (up to sampling): two components lose the third.
  const at::Tensor spread = torch::tensor({1.0, 4.0, 2.0}, at::kDouble);
  const at::Tensor points = at::randn({500, 3}, at::kDouble) * spread;
  PatchStatistics statistics(3);
  statistics.Add(points);
  const PrincipalComponents all = statistics.Components(3);
  const PrincipalComponents two = statistics.Components(2);
  const at::Tensor centred = points - two.mean;
  const at::Tensor projected = centred.mm(two.directions.t()).mm(two.directions);
  const double lost = (centred - projected).square().sum(1).mean().item<double>();
  EXPECT_NEAR(lost, all.deviations[2].square().item<double>(), 1e-9);
  EXPECT_LT(Largest(all.directions.mm(all.directions.t()), at::eye(3, at::kDouble)), 1e-9);
}

TEST_F(PatchesTest, AddedInPartsIsAddedAtOnce) {
  const at::Tensor points = at::randn({40, 6}, at::kDouble);
  PatchStatistics once(6), parts(6);
  once.Add(points);
  parts.Add(points.narrow(0, 0, 10).view({2, 5, 6}));
  parts.Add(points.narrow(0, 10, 30));
  EXPECT_LT(Largest(once.Components(3).directions, parts.Components(3).directions), 1e-9);
}

TEST_F(PatchesTest, EqualPatchesHaveNoZeroDeviation) {
  PatchStatistics statistics(4);
  statistics.Add(at::ones({8, 4}));
  EXPECT_GE(statistics.Components(2).deviations.min().item<double>(), 1e-4);
}

TEST_F(PatchesTest, NothingAddedIsABrokenAssumption) {
  EXPECT_THROW(PatchStatistics(4).Components(1), CheckFailure);
}

// A VAE that starts from principal components.
class PatchesTestPath : public testing::Test {
 protected:
  PatchesTestPath() {
    at::set_num_threads(1);
    torch::manual_seed(4);
    config_ = PresetConfig("test").vae;
    vae_ = CausalVae(config_);
    // Four waves whose amplitudes change from clip to clip: four components tell them wholly.
    const at::Tensor waves = at::randn({4, 1, 3, 1, 8, 8});
    for (int i = 0; i < 12; ++i) {
      const at::Tensor amplitudes = at::randn({4, 1, 1, 1, 1, 1});
      clips_.push_back((0.2 * waves * amplitudes).sum(0).expand({-1, -1, 5, -1, -1}));
    }
    PatchStatistics statistics(PatchShapeOf(config_).Size());
    for (const at::Tensor& clip : clips_) {
      statistics.Add(PatchesFromPixels(clip, PatchShapeOf(config_), true));
    }
    vae_->StartFrom(statistics.Components(config_.latent_channels));
  }

  const torch::NoGradGuard no_grad_;
  VaeConfig config_;
  CausalVae vae_{nullptr};
  std::vector<at::Tensor> clips_;
};

TEST_F(PatchesTestPath, GivesBackWhatItsComponentsTell) {
  for (const at::Tensor& clip : clips_) {
    EXPECT_LT(Largest(vae_->Decode(vae_->Encode(clip).mean), clip), 1e-4);
  }
}

TEST_F(PatchesTestPath, LatentsHaveUnitVarianceAndLittleNoise) {
  std::vector<at::Tensor> latents;
  for (const at::Tensor& clip : clips_) {
    const Posterior posterior = vae_->Encode(clip);
    EXPECT_LT(Largest(posterior.logvar, at::full_like(posterior.logvar, -6.0)), 1e-6);
    latents.push_back(posterior.mean);
  }
  const at::Tensor values = at::cat(latents).transpose(0, 1).flatten(1);
  EXPECT_LT(values.mean(1).abs().max().item<double>(), 1e-4);
  EXPECT_LT(Largest(values.square().mean(1), at::ones({4})), 1e-3);
}

TEST_F(PatchesTestPath, StreamingEqualsOneShot) {
  const at::Tensor pixels = at::rand({1, 3, 9, 16, 8});
  const at::Tensor latents = vae_->Encode(pixels).mean;
  EXPECT_LT(Largest(vae_->EncodeStreaming(pixels).mean, latents), 1e-5);
  EXPECT_LT(Largest(vae_->DecodeStreaming(latents), vae_->Decode(latents)), 1e-5);
}

TEST_F(PatchesTestPath, IsLeftOutWhereTheConfigSaysSo) {
  config_.patch_path = false;
  CausalVae plain(config_);
  EXPECT_FALSE(plain->named_parameters().contains("encoder.patch_path.weight"));
  EXPECT_TRUE(vae_->named_parameters().contains("encoder.patch_path.weight"));
  EXPECT_TRUE(vae_->named_parameters().contains("decoder.patch_path.bias"));
}

}  // namespace
}  // namespace plumb
