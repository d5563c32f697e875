// SPDX-License-Identifier: Apache-2.0
#include "core/camera.h"

#include <numbers>

#include <gtest/gtest.h>

#include "core/check.h"
#include "core/seed.h"

namespace plumb {
namespace {

constexpr double kTolerance = 1e-12;

Camera LookingAtOrigin() {
  const Rigid3 world_from_camera = WorldFromCameraLookingAt({3, -4, 2}, {0, 0, 0.5});
  return {Intrinsics::FromVerticalFov(320, 200, 0.8), Inverse(world_from_camera)};
}

TEST(CameraTest, TargetFallsOnTheCentreOfThePicture) {
  const Projection projection = Project(LookingAtOrigin(), {0, 0, 0.5});
  EXPECT_NEAR(projection.point_px.x(), 160, 1e-9);
  EXPECT_NEAR(projection.point_px.y(), 100, 1e-9);
  EXPECT_NEAR(projection.depth_m, std::sqrt(9 + 16 + 2.25), 1e-12);
}

TEST(CameraTest, UpInTheWorldIsUpInThePicture) {
  const Camera camera = LookingAtOrigin();
  EXPECT_LT(Project(camera, {0, 0, 1.0}).point_px.y(), Project(camera, {0, 0, 0.5}).point_px.y());
}

TEST(CameraTest, VerticalFovSpansTheHeight) {
  const Intrinsics k = Intrinsics::FromVerticalFov(640, 480, std::numbers::pi / 2);
  EXPECT_NEAR(k.fy_px, 240, 1e-9);  // tan 45° = 1
  EXPECT_DOUBLE_EQ(k.cx_px, 320);
  EXPECT_THROW(Intrinsics::FromVerticalFov(0, 480, 1), CheckFailure);
  EXPECT_THROW(Intrinsics::FromVerticalFov(640, 480, std::numbers::pi), CheckFailure);
}

TEST(CameraTest, UnprojectUndoesProject) {
  const Camera camera = LookingAtOrigin();
  Random random(7);
  for (int i = 0; i < 200; ++i) {
    const Eigen::Vector3d x(random.Uniform(-1, 1), random.Uniform(-1, 1), random.Uniform(-1, 1));
    const Projection p = Project(camera, x);
    EXPECT_LT((Unproject(camera, p.point_px, p.depth_m) - x).norm(), 1e-12);
  }
}

TEST(CameraTest, ResizingScalesProjectedPoints) {
  Camera camera = LookingAtOrigin();
  const Eigen::Vector2d full = Project(camera, {0.3, 0.2, 0.1}).point_px;
  camera.intrinsics = Resized(camera.intrinsics, 80, 100);
  const Eigen::Vector2d half = Project(camera, {0.3, 0.2, 0.1}).point_px;
  EXPECT_NEAR(half.x(), full.x() / 4, kTolerance * 1e3);
  EXPECT_NEAR(half.y(), full.y() / 2, kTolerance * 1e3);
}

}  // namespace
}  // namespace plumb
