// SPDX-License-Identifier: Apache-2.0
#include "core/camera.h"

#include <cmath>
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

Camera RandomCamera(Random& random) {
  const Eigen::Vector3d eye(random.Normal(), random.Normal(), random.Normal());
  const Rigid3 world_from_camera = WorldFromCameraLookingAt(
      eye, eye + Eigen::Vector3d(random.Normal(), random.Normal(), random.Uniform(-0.5, 0.5)));
  return {{640, 480, random.Uniform(200, 900), random.Uniform(200, 900), 310.5, 250.25},
          Inverse(world_from_camera)};
}

TEST(CameraTest, ProjectUndoesUnprojectForAnyCamera) {
  Random random(12);
  for (int i = 0; i < 300; ++i) {
    const Camera camera = RandomCamera(random);
    const Eigen::Vector2d point_px(random.Uniform(-100, 740), random.Uniform(-100, 580));
    // Behind the camera the pinhole's equations hold as well.
    const double depth_m = random.Uniform(0.1, 20) * (i % 5 == 0 ? -1 : 1);
    const Projection back = Project(camera, Unproject(camera, point_px, depth_m));
    EXPECT_LT((back.point_px - point_px).norm(), 1e-8);
    EXPECT_NEAR(back.depth_m, depth_m, 1e-10);
  }
}

TEST(CameraTest, DepthIsAlongTheAxisNotAlongTheRay) {
  const Camera camera = {Intrinsics::FromVerticalFov(200, 100, 1.0), Rigid3()};
  for (const double x : {-3.0, 0.0, 2.0}) {
    EXPECT_DOUBLE_EQ(Project(camera, {x, 0.5, 4.0}).depth_m, 4.0);
  }
  EXPECT_LT(Project(camera, {0, 0, -1}).depth_m, 0.0);
}

// Pixel centres lie at +0.5: the top left corner of the picture is (0, 0), the field of view ends
// at its border.
TEST(CameraTest, TheFieldOfViewEndsAtTheBorderOfThePicture) {
  const double fov_rad = 0.9;
  const Camera camera = {Intrinsics::FromVerticalFov(320, 240, fov_rad), Rigid3()};
  const double reach = std::tan(fov_rad / 2);
  EXPECT_NEAR(Project(camera, {0, -reach, 1}).point_px.y(), 0, 1e-9);
  EXPECT_NEAR(Project(camera, {0, reach, 1}).point_px.y(), 240, 1e-9);
  const double aspect = 320.0 / 240.0;
  EXPECT_NEAR(Project(camera, {-reach * aspect, 0, 1}).point_px.x(), 0, 1e-9);
  // The middle of an even picture is the corner of four pixels, so no pixel's centre.
  EXPECT_EQ(camera.intrinsics.cx_px, 160.0);
}

// Halving a picture puts the centre of its first pixel where four pixels met.
TEST(CameraTest, ResizingKeepsThePixelCentreRule) {
  const Intrinsics full = {64, 48, 70, 70, 31.0, 25.0};
  const Intrinsics half = Resized(full, 32, 24);
  const Camera large = {full, Rigid3()};
  const Camera small = {half, Rigid3()};
  const Eigen::Vector3d seen = Unproject(small, {0.5, 0.5}, 2.0);
  EXPECT_LT((Project(large, seen).point_px - Eigen::Vector2d(1.0, 1.0)).norm(), 1e-12);
}

TEST(CameraTest, ResizingThereAndBackChangesNothing) {
  const Intrinsics k = {640, 480, 512.5, 500.0, 321.0, 239.5};
  const Intrinsics back = Resized(Resized(k, 160, 96), 640, 480);
  EXPECT_NEAR(back.fx_px, k.fx_px, 1e-9);
  EXPECT_NEAR(back.fy_px, k.fy_px, 1e-9);
  EXPECT_NEAR(back.cx_px, k.cx_px, 1e-9);
  EXPECT_NEAR(back.cy_px, k.cy_px, 1e-9);
  EXPECT_THROW(Resized(k, 0, 10), CheckFailure);
  EXPECT_THROW(Resized(k, 10, -1), CheckFailure);
}

TEST(CameraTest, AFieldOfViewOfNothingIsRefused) {
  for (const double fov_rad : {0.0, -1.0, 4.0, std::nan("")}) {
    EXPECT_THROW(Intrinsics::FromVerticalFov(64, 48, fov_rad), CheckFailure) << fov_rad;
  }
}

}  // namespace
}  // namespace plumb
