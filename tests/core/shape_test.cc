// SPDX-License-Identifier: Apache-2.0
#include "core/shape.h"

#include <numbers>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plumb {
namespace {

using testing::HasSubstr;

Shape Compound(std::vector<ShapePart> parts) {
  Shape shape;
  shape.kind = ShapeKind::kCompound;
  shape.parts = std::move(parts);
  return WithExtents(shape);
}

Shape Convex(std::vector<Eigen::Vector3d> points) {
  Shape shape;
  shape.kind = ShapeKind::kConvex;
  shape.points_m = std::move(points);
  return WithExtents(shape);
}

TEST(ShapeTest, RingsHaveTheVolumeOfTheirTube) {
  const double pi = std::numbers::pi;
  EXPECT_NEAR(VolumeOf({ShapeKind::kTorus, {1.2, 1.2, 0.2}}), 2 * pi * pi * 0.5 * 0.01, 1e-12);
  Shape hoop{ShapeKind::kHoop, {1.0, 1.0, 0.3}};
  hoop.wall_m = 0.1;
  EXPECT_NEAR(VolumeOf(hoop), pi * (0.25 - 0.16) * 0.3, 1e-12);
}

TEST(ShapeTest, AConvexHullHasItsVolumeWhateverLiesInside) {
  const Shape pyramid =
      Convex({{0, 0, 3}, {1, 1, 0}, {-1, 1, 0}, {-1, -1, 0}, {1, -1, 0}, {0, 0, 1}, {0, 0.2, 0}});
  EXPECT_NEAR(VolumeOf(pyramid), 4.0, 1e-12);
  EXPECT_EQ(pyramid.size_m, Eigen::Vector3d(2, 2, 6));
}

TEST(ShapeTest, ACompoundReachesAsFarAsItsParts) {
  ShapePart ball{{ShapeKind::kSphere, {0.2, 0.2, 0.2}}, Rigid3({1, 0, 0, 0}, {0.5, 0, -0.1})};
  ShapePart rod{{ShapeKind::kCylinder, {0.1, 0.1, 1.0}}, {}};
  const Shape shape = Compound({ball, rod});
  EXPECT_LT((shape.size_m - Eigen::Vector3d(1.2, 0.2, 1.0)).norm(), 1e-12);
  EXPECT_NEAR(VolumeOf(shape), VolumeOf(ball.shape) + VolumeOf(rod.shape), 1e-12);
}

TEST(ShapeTest, FaultsAreNamed) {
  EXPECT_EQ(FaultOf({ShapeKind::kBox, {1, 1, 1}}), "");
  EXPECT_THAT(FaultOf({ShapeKind::kBox, {1, 0, 1}}), HasSubstr("size_m"));
  EXPECT_THAT(FaultOf({ShapeKind::kTorus, {1, 1, 0.6}}), HasSubstr("twice the tube"));
  EXPECT_THAT(FaultOf({ShapeKind::kHoop, {1, 1, 1}}), HasSubstr("wall_m is 0"));
  EXPECT_THAT(FaultOf({ShapeKind::kCapsule, {1, 1, 0.9}}), HasSubstr("capsule"));
  EXPECT_THAT(FaultOf(Convex({{0, 0, 0}, {1, 0, 0}, {0, 1, 0}})), HasSubstr("3 points"));
  EXPECT_THAT(FaultOf(Convex({{0, 0, 1}, {1, 0, 1}, {0, 1, 1}, {1, 1, 1}})), HasSubstr("plane"));
  EXPECT_THAT(FaultOf(Compound({})), HasSubstr("0 parts"));
  EXPECT_THAT(FaultOf(Compound({{Compound({}), {}}})), HasSubstr("part 0: is itself a compound"));
  ShapePart part{{ShapeKind::kBox, {1, 1, 1}}, {}};
  part.density = 0;
  EXPECT_THAT(FaultOf(Compound({part})), HasSubstr("part 0: density is 0"));
}

}  // namespace
}  // namespace plumb
