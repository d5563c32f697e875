// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <gmock/gmock.h>

#include "core/seed.h"
#include "scenes/rendering/internal_footprint.h"
#include "scenes/rendering/internal_mesh.h"

namespace plumb {
namespace {

using ::testing::ElementsAre;

Camera CameraAtOrigin(int width, int height) {
  Camera camera;
  camera.intrinsics = Intrinsics::FromVerticalFov(width, height, 0.8);
  return camera;
}

Rigid3 At(double x, double y, double z) {
  return Rigid3(Eigen::Quaterniond::Identity(), Eigen::Vector3d(x, y, z));
}

TEST(FootprintTest, ABoxListsItsPixelsRowByRow) {
  EXPECT_THAT((PixelBox{1, 2, 2, 3}).Pixels(5), ElementsAre(11, 12, 16, 17));
  EXPECT_TRUE(PixelBox{}.Pixels(5).empty());
  EXPECT_EQ(WholePicture(CameraAtOrigin(7, 9).intrinsics).Pixels(7).size(), 63u);
}

TEST(FootprintTest, TheBallAroundAShapeReachesItsCorners) {
  EXPECT_DOUBLE_EQ(BoundingRadius({ShapeKind::kSphere, {2, 2, 2}}), 1);
  EXPECT_DOUBLE_EQ(BoundingRadius({ShapeKind::kBox, {2, 4, 4}}), 3);
  for (const ShapeKind kind : {ShapeKind::kCylinder, ShapeKind::kCone, ShapeKind::kCapsule}) {
    const Shape shape{kind, {0.4, 0.4, 1.1}};
    for (const Eigen::Vector3f& vertex : MakeMesh(shape).vertices) {
      EXPECT_LE(vertex.norm(), BoundingRadius(shape) + 1e-6);
    }
  }
}

TEST(FootprintTest, WhatIsBehindTheCameraHasNoPixels) {
  const Shape ball{ShapeKind::kSphere, {1, 1, 1}};
  EXPECT_TRUE(FootprintOf(CameraAtOrigin(64, 64), ball, At(0, 0, -2)).Pixels(64).empty());
}

TEST(FootprintTest, WhatReachesTheCameraMayBeAnywhere) {
  const Shape ball{ShapeKind::kSphere, {1, 1, 1}};
  EXPECT_EQ(FootprintOf(CameraAtOrigin(64, 48), ball, At(0, 0, 0.4)).Pixels(64).size(), 64u * 48u);
}

TEST(FootprintTest, WhatIsBesideThePictureHasNoPixels) {
  const Shape ball{ShapeKind::kSphere, {0.2, 0.2, 0.2}};
  for (const auto& [x, y] :
       {std::pair(9.0, 0.0), std::pair(-9.0, 0.0), std::pair(0.0, 9.0), std::pair(0.0, -9.0)}) {
    EXPECT_TRUE(FootprintOf(CameraAtOrigin(64, 64), ball, At(x, y, 5)).Pixels(64).empty())
        << x << " " << y;
  }
}

TEST(FootprintTest, EveryPointOfTheBodyProjectsIntoIt) {
  Random random(3);
  const Camera camera = CameraAtOrigin(97, 61);
  for (int trial = 0; trial < 60; ++trial) {
    const ShapeKind kind = trial % 2 == 0 ? ShapeKind::kBox : ShapeKind::kCapsule;
    const double side_m = random.Uniform(0.1, 1);
    const Shape shape{kind, {side_m, side_m, random.Uniform(side_m, 2)}};
    const Eigen::Vector3d axis(random.Normal(), random.Normal(), random.Normal());
    const Rigid3 pose(
        Eigen::Quaterniond(Eigen::AngleAxisd(random.Uniform(0, 3), axis.normalized())),
        {random.Uniform(-3, 3), random.Uniform(-2, 2), random.Uniform(1.5, 8)});
    const PixelBox box = FootprintOf(camera, shape, pose);
    for (const Eigen::Vector3f& vertex : MakeMesh(shape).vertices) {
      const Projection place = Project(camera, pose * vertex.cast<double>());
      const int x = static_cast<int>(std::floor(place.point_px.x()));
      const int y = static_cast<int>(std::floor(place.point_px.y()));
      if (place.depth_m <= 0 || x < 0 || y < 0 || x >= 97 || y >= 61) continue;
      EXPECT_GE(x, box.left) << trial;
      EXPECT_LE(x, box.right) << trial;
      EXPECT_GE(y, box.top) << trial;
      EXPECT_LE(y, box.bottom) << trial;
    }
  }
}

TEST(FootprintTest, FarBodiesHaveSmallFootprints) {
  const Shape ball{ShapeKind::kSphere, {1, 1, 1}};
  size_t last = 64 * 64 + 1;
  for (const double depth_m : {1.0, 2.0, 5.0, 20.0}) {
    const size_t count =
        FootprintOf(CameraAtOrigin(64, 64), ball, At(0, 0, depth_m)).Pixels(64).size();
    EXPECT_LT(count, last) << depth_m;
    last = count;
  }
  EXPECT_LE(last, 49u);
}

}  // namespace
}  // namespace plumb
