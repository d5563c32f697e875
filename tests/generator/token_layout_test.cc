// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/check.h"
#include "generator/native/internal_camera_rays.h"
#include "generator/native/internal_token_layout.h"

namespace plumb {
namespace {

class TokenLayoutTest : public testing::Test {
 protected:
  TokenLayoutTest() { torch::manual_seed(4); }

  static LatentGroup Group(int64_t frames, int64_t height, int64_t width) {
    return {.clean = at::randn({4, frames, height, width}),
            .known = at::zeros({frames, height / 2, width / 2}, torch::kBool),
            .times_s = at::arange(frames, torch::kFloat64) * 0.25};
  }

  const TransformerConfig config_ = PresetConfig("test").transformer;
};

TEST_F(TokenLayoutTest, TokensAndLatentsAreTheSameNumbers) {
  const at::Tensor latents = at::randn({4, 3, 4, 6});
  const at::Tensor tokens = PatchTokens(latents, config_);
  EXPECT_EQ(tokens.sizes(), (std::vector<int64_t>{3 * 2 * 3, 16}));
  // Token of frame 1, row 1, column 2; channel 3, lower left of its patch.
  EXPECT_EQ(tokens[1 * 6 + 1 * 3 + 2][3 * 4 + 2].item<float>(), latents[3][1][3][4].item<float>());
  EXPECT_TRUE(at::equal(LatentsFromTokens(tokens, latents.sizes(), config_), latents));
}

TEST_F(TokenLayoutTest, ClipsStandOneAfterTheOther) {
  LatentGroup shown = Group(1, 2, 2);
  shown.reference = true;
  const TokenLayout layout = MakeTokenLayout(config_, {{Group(3, 4, 4), shown}, {Group(2, 2, 6)}});
  ASSERT_EQ(layout.clips.size(), 2U);
  EXPECT_EQ(layout.clips[0].count, 13);
  EXPECT_EQ(layout.targets[0].count, 12);
  EXPECT_EQ(layout.clips[1].first, 13);
  EXPECT_EQ(layout.clips[1].count, 6);
  EXPECT_EQ(layout.features.size(0), 19);
  EXPECT_EQ(layout.features.size(1), FeatureCount(config_));
  EXPECT_EQ(layout.features.select(1, FeatureCount(config_) - 1).sum().item<float>(), 1.0F)
      << "the one token of the reference is marked";
}

TEST_F(TokenLayoutTest, RowsTellClipAndWhetherKnown) {
  LatentGroup group = Group(2, 2, 4);
  group.known[0][0][1] = true;
  const TokenLayout layout = MakeTokenLayout(config_, {{Group(1, 2, 2)}, {group}});
  EXPECT_TRUE(at::equal(layout.row_of_token, torch::tensor({1, 3, 2, 3, 3}, torch::kInt64)));
}

TEST_F(TokenLayoutTest, AnchorIsTheNearestKnownFrameThere) {
  LatentGroup group = Group(5, 2, 2);  // one token a frame, a quarter of a second apart
  group.known[0].fill_(true);
  group.known[3].fill_(true);
  const at::Tensor features = MakeTokenLayout(config_, {{group}}).features;
  const at::Tensor tokens = PatchTokens(group.clean, config_);
  const int64_t nearest[] = {0, 0, 3, 3, 3};
  for (int64_t frame = 0; frame < 5; ++frame) {
    EXPECT_TRUE(at::equal(features[frame].narrow(0, 1, 16), tokens[nearest[frame]])) << frame;
    EXPECT_EQ(features[frame][17].item<float>(), 1.0F);
    // In units of two seconds.
    EXPECT_FLOAT_EQ(features[frame][18].item<float>(),
                    static_cast<float>(frame - nearest[frame]) * 0.25F / 2.0F);
  }
}

TEST_F(TokenLayoutTest, AnchorsNeverShowWhatIsToBeMade) {
  LatentGroup group = Group(3, 4, 4);
  group.known[0][1][1] = true;
  const at::Tensor before = MakeTokenLayout(config_, {{group}}).features;
  const at::Tensor given = group.clean.narrow(1, 0, 1).narrow(2, 2, 2).narrow(3, 2, 2).clone();
  group.clean = at::randn_like(group.clean);
  group.clean.narrow(1, 0, 1).narrow(2, 2, 2).narrow(3, 2, 2).copy_(given);
  EXPECT_TRUE(at::equal(MakeTokenLayout(config_, {{group}}).features, before));
}

TEST_F(TokenLayoutTest, NothingKnownMeansNoAnchor) {
  const at::Tensor features = MakeTokenLayout(config_, {{Group(2, 2, 2)}}).features;
  EXPECT_EQ(features.narrow(1, 0, 19).abs().max().item<float>(), 0.0F);
}

TEST_F(TokenLayoutTest, ShapesThatDoNotFitAreRefused) {
  LatentGroup group = Group(2, 4, 4);
  group.times_s = at::arange(3, torch::kFloat64);
  EXPECT_THROW(MakeTokenLayout(config_, {{group}}), CheckFailure);
  group = Group(2, 4, 4);
  group.known = at::zeros({2, 2, 3}, torch::kBool);
  EXPECT_THROW(MakeTokenLayout(config_, {{group}}), CheckFailure);
  group = Group(2, 4, 4);
  group.rays = at::zeros({2, 2, 2, 5});
  EXPECT_THROW(MakeTokenLayout(config_, {{group}}), CheckFailure);
}

// Cameras.

Camera CameraAt(const Eigen::Vector3d& eye_m, const Eigen::Vector3d& target_m) {
  return {Intrinsics::FromVerticalFov(80, 40, 1.0),
          Inverse(WorldFromCameraLookingAt(eye_m, target_m))};
}

TEST_F(TokenLayoutTest, RaysOfTheFirstCameraStartAtZero) {
  const at::Tensor rays = CameraRays({CameraAt({1, -4, 2}, {0, 0, 1})}, 2, 4);
  EXPECT_LT(rays.narrow(3, 3, 3).abs().max().item<float>(), 1e-12F);
  const at::Tensor directions = rays[0].narrow(2, 0, 3);
  EXPECT_LT((directions.norm(2, 2) - 1.0).abs().max().item<float>(), 1e-6F);
  // The four tokens round the middle look to its four sides: x right, y down, z forward.
  EXPECT_LT(directions[0][1][0].item<float>(), 0.0F);
  EXPECT_LT(directions[0][1][1].item<float>(), 0.0F);
  EXPECT_GT(directions[1][2][0].item<float>(), 0.0F);
  EXPECT_GT(directions[1][2][1].item<float>(), 0.0F);
  EXPECT_GT(directions.select(2, 2).min().item<float>(), 0.0F);
}

TEST_F(TokenLayoutTest, RaysMeetTheProjection) {
  const std::vector<Camera> cameras = {CameraAt({0, -4, 1}, {0, 0, 1}),
                                       CameraAt({2, -3, 2}, {0, 0, 0})};
  const at::Tensor ray = CameraRays(cameras, 4, 8)[1][2][5];
  const Eigen::Vector3d direction(ray[0].item<float>(), ray[1].item<float>(), ray[2].item<float>());
  const Eigen::Vector3d origin(ray[3].item<float>(), ray[4].item<float>(), ray[5].item<float>());
  const Eigen::Vector3d x_in_world =
      Inverse(cameras[0].camera_from_world) * Eigen::Vector3d(origin + 3.0 * direction);
  const Projection seen = Project(cameras[1], x_in_world);
  EXPECT_NEAR(seen.point_px.x(), 55.0, 1e-3);  // the middle of column 5 of 8
  EXPECT_NEAR(seen.point_px.y(), 25.0, 1e-3);
}

TEST_F(TokenLayoutTest, WhereTheWorldStandsIsNotTold) {
  const auto path = [](const Eigen::Vector3d& shift) {
    return CameraRays({CameraAt(Eigen::Vector3d(0, -4, 1) + shift, shift),
                       CameraAt(Eigen::Vector3d(1, -4, 1) + shift, shift)},
                      2,
                      2);
  };
  EXPECT_LT((path({0, 0, 0}) - path({5, 3, 1})).abs().max().item<float>(), 1e-5F);
}

TEST_F(TokenLayoutTest, LatentFramesTakeTheLastCameraOfTheirGroup) {
  std::vector<Camera> cameras;
  for (int i = 0; i < 9; ++i) cameras.push_back(CameraAt({0.1 * i, -4, 1}, {0, 0, 1}));
  const std::vector<Camera> latent = LatentCameras(cameras, 4);
  ASSERT_EQ(latent.size(), 3U);
  EXPECT_EQ(latent[1].camera_from_world.translation, cameras[4].camera_from_world.translation);
  EXPECT_EQ(latent[2].camera_from_world.translation, cameras[8].camera_from_world.translation);
}

}  // namespace
}  // namespace plumb
