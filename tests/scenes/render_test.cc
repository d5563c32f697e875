// SPDX-License-Identifier: Apache-2.0
#include "scenes/render.h"

#include <cmath>

#include <gmock/gmock.h>

#include "core/errors.h"
#include "scenes/catalogue.h"
#include "scenes/rendering/internal_texture.h"
#include "scenes/simulate.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

constexpr int kSize = 96;

float DepthAt(const Truth& truth, int frame, int x, int y) {
  return truth.passes.depth_m.As<float>()[(frame * kSize + y) * kSize + x];
}

// Linear radiance that the encoded picture stands for, one channel.
double LinearAt(const Truth& truth, int x, int y) {
  const double level = truth.video.frame(0).Pixel(x, y)[0] / 255.0;
  return LinearFromSrgb(Eigen::Vector3d::Constant(level)).x();
}

// Height of the normal in the world at a pixel of the first frame.
double UpAt(const Truth& truth, int x, int y) {
  const float* normal = &truth.passes.normals.As<float>()[3 * (y * kSize + x)];
  const Eigen::Vector3d in_camera(normal[0], normal[1], normal[2]);
  return (truth.cameras[0].camera_from_world.rotation.conjugate() * in_camera).z();
}

TEST(RenderTest, DepthOfASphereIsAnalytic) {
  const Truth truth = MakeTruth(LoneSphere(), SmallOptions(1));
  int compared = 0;
  for (int y = 0; y < kSize; ++y) {
    for (int x = 0; x < kSize; ++x) {
      // The ray o + t d from (0, -5, 0) with t along the optical axis.
      const Eigen::Vector3d d =
          Unproject(truth.cameras[0], {x + 0.5, y + 0.5}, 1.0) - Eigen::Vector3d(0, -5, 0);
      const double b = -5 * d.y();
      const double discriminant = b * b - d.squaredNorm() * 24;
      if (std::abs(discriminant) < 1e-3) continue;
      const float depth = DepthAt(truth, 0, x, y);
      if (discriminant < 0) {
        EXPECT_TRUE(std::isinf(depth));
        continue;
      }
      EXPECT_NEAR(depth, (-b - std::sqrt(discriminant)) / d.squaredNorm(), 1e-6);
      ++compared;
    }
  }
  EXPECT_GT(compared, 1000);
}

TEST(RenderTest, DepthAndNormalsOfAFloorAreAnalytic) {
  Scene scene = BallAboveFloor(1, 0.5);
  scene.bodies.resize(1);
  scene.camera.eye_m = {0, -3, 2};
  scene.camera.target_m = {0, 0, 0};
  const Truth truth = MakeTruth(scene, SmallOptions(1));
  for (int y = 40; y < kSize; y += 7) {
    for (int x = 0; x < kSize; x += 7) {
      const Eigen::Vector3d d =
          Unproject(truth.cameras[0], {x + 0.5, y + 0.5}, 1.0) - scene.camera.eye_m;
      EXPECT_NEAR(DepthAt(truth, 0, x, y), -2 / d.z(), 1e-5);
      EXPECT_NEAR(UpAt(truth, x, y), 1, 1e-6);
      EXPECT_EQ(truth.passes.instances.As<uint8_t>()[y * kSize + x], 1);
    }
  }
}

TEST(RenderTest, KnownAlbedoAndLightGiveKnownRadiance) {
  // A floor of albedo one half straight below the light, which faces it: area_share / 2 + ambient
  // / 2.
  Scene scene = BallAboveFloor(1, 0.5);
  scene.bodies.resize(1);
  scene.bodies[0].material.colour = Eigen::Vector3d::Constant(0.735357);  // sRGB of 0.5
  scene.lighting.centre_m = {0, 0, 4};
  scene.lighting.area_share = 0.7;
  scene.camera.eye_m = {0, -3, 2};
  scene.camera.target_m = {0, 0, 0};
  const Truth truth = MakeTruth(scene, SmallOptions(1));
  const Eigen::Vector2d below = Project(truth.cameras[0], {0, 0, 0}).point_px;
  EXPECT_NEAR(
      LinearAt(truth, static_cast<int>(below.x()), static_cast<int>(below.y())), 0.5, 0.004);
  // A point 1.5 m to the side gets less by the cosines and the distance (Lambert's law on both
  // ends).
  const Eigen::Vector2d aside = Project(truth.cameras[0], {1.0, 0.5, 0}).point_px;
  const int x = static_cast<int>(aside.x());
  const int y = static_cast<int>(aside.y());
  const Eigen::Vector3d place =
      Unproject(truth.cameras[0], {x + 0.5, y + 0.5}, DepthAt(truth, 0, x, y));
  const double square = (place - scene.lighting.centre_m).squaredNorm();
  EXPECT_NEAR(LinearAt(truth, x, y), 0.5 * (0.3 + 0.7 * 16 * 16 / (square * square)), 0.004);
}

TEST(RenderTest, AmbientLightAloneFollowsTheHeightOfTheNormal) {
  // 0.85 on walls, 1 on what faces up (see Light::Shade); nothing near blocks the sky.
  Scene scene = LoneSphere();
  scene.lighting.area_share = 0;
  const Truth truth = MakeTruth(scene, SmallOptions(1));
  for (int y = 25; y < 70; y += 5) {
    EXPECT_NEAR(LinearAt(truth, kSize / 2, y), 0.85 + 0.15 * UpAt(truth, kSize / 2, y), 0.006);
  }
}

TEST(RenderTest, AShadowFallsBelowTheBallAndFadesOutwards) {
  Scene scene = BallAboveFloor(0.3, 0.5);
  scene.bodies[1].fixed = true;
  scene.lighting.centre_m = {0, 0, 4};
  scene.camera.eye_m = {0, -4, 1.5};
  scene.camera.target_m = {0, 0, 0.2};
  RenderOptions options = SmallOptions(1);
  options.width = options.height = 256;
  const Truth truth = MakeTruth(scene, options);
  const auto at = [&](double x_m) {
    const Eigen::Vector2d p = Project(truth.cameras[0], {x_m, -0.02, 0}).point_px;
    return LinearAt(truth, static_cast<int>(p.x()), static_cast<int>(p.y()));
  };
  EXPECT_LT(at(0), 0.5);
  EXPECT_GT(at(0.9), 0.8);
  EXPECT_GT(at(0.2), at(0));
  EXPECT_GT(at(0.4), at(0.2));
}

TEST(RenderTest, EveryShapeKeepsItsSizeInThePicture) {
  for (const ShapeKind kind : {ShapeKind::kSphere,
                               ShapeKind::kBox,
                               ShapeKind::kCylinder,
                               ShapeKind::kCone,
                               ShapeKind::kCapsule}) {
    Scene scene = LoneSphere();
    const double height_m = kind == ShapeKind::kSphere ? 0.6 : 1.2;
    scene.bodies[0].shape = {kind, {0.6, 0.6, height_m}};
    scene.camera.eye_m = {0, -60, 0};
    scene.camera.fov_rad = 0.03;
    const Truth truth = MakeTruth(scene, SmallOptions(1));
    const double px_per_m = truth.cameras[0].intrinsics.fx_px / 60;
    const Eigen::Vector4d& box = truth.views[0][0].amodal_box_px;
    EXPECT_NEAR(box[2], 0.6 * px_per_m, 2.0) << static_cast<int>(kind);
    EXPECT_NEAR(box[3], height_m * px_per_m, 2.0) << static_cast<int>(kind);
  }
}

TEST(RenderTest, ColoursSurviveTheRoundTrip) {
  for (int level = 0; level < 256; ++level) {
    const auto encoded = SrgbFromLinear(LinearFromSrgb(Eigen::Vector3d::Constant(level / 255.0)));
    EXPECT_EQ(encoded[0], level);
  }
}

TEST(RenderTest, APatternFarFinerThanAPixelIsEven) {
  Body body = PlainBody("thing", ShapeKind::kBox, {2, 2, 2});
  body.material.pattern = Pattern::kChecker;
  body.material.pattern_size_m = 0.01;
  body.material.second_colour = {0.1, 0.1, 0.1};
  const Texture texture = MakeTexture(body.name, body.shape, body.material);
  for (int k = 0; k < 50; ++k) {
    const Eigen::Vector3f x(0.0137f * k, 0.0071f * k, 1);
    const Eigen::Vector3f wide = Albedo(texture, {x, 5, {0.05f, 0, 0}, {0, 0.05f, 0}, 0.05f});
    EXPECT_NEAR(wide.x(), 0.5 * (1 + texture.second_colour.x()), 0.02);
  }
}

TEST(RenderTest, TheSameSceneGivesTheSameBytes) {
  for (const char* scenario : {"bounce", "orbit_room"}) {
    const Scene scene = MakeScene(scenario, 5, 2);
    const uint64_t digest = DigestOf(MakeTruth(scene, SmallOptions(4)));
    EXPECT_EQ(digest, DigestOf(MakeTruth(scene, SmallOptions(4)))) << scenario;
  }
}

TEST(RenderTest, FramesDoNotDependOnThoseBefore) {
  // What is kept between frames of a static camera must not show: a longer clip starts with the
  // shorter one.
  const Scene scene = MakeScene("collide", 5, 2);
  const Truth brief = MakeTruth(scene, SmallOptions(3));
  const Truth longer = MakeTruth(scene, SmallOptions(6));
  EXPECT_EQ(brief.video.frames(), FirstFrames(longer.video, 3).frames());
}

TEST(RenderTest, PassesThatWereNotAskedForAreEmptyAndPicturesStayTheSame) {
  const Scene scene = MakeScene("drop", 5, 2);
  const Truth full = MakeTruth(scene, SmallOptions(2));
  const Truth lean = MakeTruth(scene, RenderOptions::PicturesOnly(SmallOptions(2)));
  EXPECT_EQ(full.video.frames(), lean.video.frames());
  EXPECT_EQ(lean.passes.depth_m.num_elements(), 0);
  EXPECT_EQ(lean.passes.amodal.num_elements(), 0);
  EXPECT_EQ(lean.passes.flow_px.num_elements(), 0);
  EXPECT_EQ(full.passes.flow_px.shape(), (std::vector<int64_t>{1, kSize, kSize, 2}));
  ASSERT_EQ(lean.views.size(), full.views.size());
  EXPECT_EQ(lean.views[1].back().modal_area_px, full.views[1].back().modal_area_px);
}

TEST(RenderTest, TheCameraWalksItsPathAndStaysAtTheEnd) {
  const Scene scene = MakeScene("orbit_room", 5, 1);
  const RenderOptions options = SmallOptions(60);
  const auto eye = [&](int frame) {
    return Inverse(CameraAtFrame(scene, options, frame).camera_from_world).translation;
  };
  EXPECT_LT((eye(0) - scene.camera.eye_m).norm(), 1e-9);
  EXPECT_LT((eye(48) - eye(59)).norm(), 1e-12);
  EXPECT_GT((eye(0) - eye(24)).norm(), 0.3);
}

TEST(RenderTest, RefusesWhatMakesNoSense) {
  const Scene scene = BallAboveFloor(1, 0.5);
  RenderOptions options = SmallOptions(2);
  options.width = 3;
  EXPECT_THROW(MakeTruth(scene, options), UsageError);
  options = SmallOptions(2);
  options.fps = -1;
  EXPECT_THROW(MakeTruth(scene, options), UsageError);
  const Motion motion = Simulate(scene, {.fps = 24, .duration_s = 0.1});
  EXPECT_THROW(Render(scene, motion, SmallOptions(20)), CheckFailure);
}

TEST(RenderTest, StopsWhenAsked) {
  const Scene scene = BallAboveFloor(1, 0.5);
  const Motion motion = Simulate(scene, {});
  Progress progress;
  progress.cancelled = [] { return true; };
  EXPECT_THROW(Render(scene, motion, SmallOptions(2), progress), CancelledError);
}

}  // namespace
}  // namespace plumb
