// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <gmock/gmock.h>

#include "core/seed.h"
#include "scenes/rendering/internal_form.h"
#include "scenes/rendering/internal_mesh.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

// A point moved a little off the surface along the normal lies outside, and inside the other way.
TEST(FormTest, NormalsLeadOut) {
  Random random(4);
  for (const ShapeKind kind : kEveryKind) {
    if (kind == ShapeKind::kSphere || kind == ShapeKind::kCompound) continue;
    const Shape shape = OneOfKind(kind);
    const Form form(shape);
    const Mesh mesh = MakeMesh(shape);
    for (size_t t = 0; t < mesh.triangles.size(); t += 1 + mesh.triangles.size() / 300) {
      Eigen::Vector3d middle = Eigen::Vector3d::Zero();
      for (const uint32_t v : mesh.triangles[t]) middle += mesh.vertices[v].cast<double>() / 3;
      const Eigen::Vector3d normal = form.Normal(mesh.parts[t], middle);
      EXPECT_NEAR(normal.norm(), 1, 1e-9);
      EXPECT_FALSE(IsInside(shape, middle + 2e-3 * normal)) << static_cast<int>(kind);
      EXPECT_TRUE(IsInside(shape, middle - 2e-3 * normal)) << static_cast<int>(kind);
    }
  }
}

TEST(FormTest, PartsOfACompoundHaveTheirOwnNormals) {
  const Form form(OneOfKind(ShapeKind::kCompound));
  // A box turned by 90 degrees about x: its upper side (+z) looks along -y of the body.
  EXPECT_LT((form.Normal(5, {0, 0, 0}) - Eigen::Vector3d(0, -1, 0)).norm(), 1e-12);
  // The ball of the second part stands at (0, 0, 0.4).
  EXPECT_LT((form.Normal(8, {0, 0, 0.6}) - Eigen::Vector3d(0, 0, 1)).norm(), 1e-12);
}

TEST(FormTest, DistancesToASphereAreRefinedToTheRoot) {
  const Form sphere({ShapeKind::kSphere, {2, 2, 2}});
  EXPECT_NEAR(sphere.Refine({{0, -5, 0.6}, {0, 1, 0}}, {4.19, 0}).distance, 5 - 0.8, 1e-12);
  // A ray that misses by less than rounding takes the closest point.
  EXPECT_NEAR(sphere.Refine({{0, -5, 1 + 1e-9}, {0, 1, 0}}, {5.0, 0}).distance, 5.0, 1e-9);
}

TEST(FormTest, DistancesToABoxAreRefinedToItsFace) {
  const Form box({ShapeKind::kBox, {2, 4, 6}});
  EXPECT_NEAR(box.Refine({{0.1, -5, 0.2}, {0, 0.5, 0}}, {5.99, 2}).distance, 6.0, 1e-12);
  EXPECT_NEAR(box.Refine({{9, 0, 0}, {-2, 0, 0}}, {3.99, 1}).distance, 4.0, 1e-12);
  EXPECT_EQ(box.Refine({{9, 0, 0}, {0, 1, 0}}, {3.5, 1}).distance, 3.5);
}

TEST(FormTest, DistancesToRoundShapesAreRefinedToTheShape) {
  const Form cylinder({ShapeKind::kCylinder, {2, 2, 2}});
  EXPECT_NEAR(cylinder.Refine({{0.6, -5, 0}, {0, 1, 0}}, {4.21, 0}).distance, 4.2, 1e-12);
  // Near the rim a ray that met the mesh's side enters by the cap.
  const FormHit rim = cylinder.Refine({{0, -2, 2.01}, {0, 1, -1}}, {1.02, 0});
  EXPECT_NEAR(rim.distance, 1.01, 1e-12);
  EXPECT_EQ(rim.part, 2);
  const Form cone({ShapeKind::kCone, {2, 2, 2}});  // half as wide at half its height
  EXPECT_NEAR(cone.Refine({{0, -5, 0}, {0, 1, 0}}, {4.49, 0}).distance, 4.5, 1e-12);
  const Form capsule({ShapeKind::kCapsule, {2, 2, 4}});
  EXPECT_NEAR(capsule.Refine({{0, -5, 1.6}, {0, 1, 0}}, {4.21, 0}).distance, 4.2, 1e-12);
  const Form torus({ShapeKind::kTorus, {3, 3, 1}});  // a tube of 0.5 on a ring of 1
  EXPECT_NEAR(torus.Refine({{0, -5, 0.3}, {0, 1, 0}}, {3.62, 0}).distance, 3.6, 1e-10);
  EXPECT_NEAR(torus.Refine({{0, 0, 0.3}, {0, 1, 0}}, {0.62, 0}).distance, 0.6, 1e-10);
}

TEST(FormTest, TheBoreOfAHoopIsMetFromInside) {
  Shape hoop{ShapeKind::kHoop, {2, 2, 1}};
  hoop.wall_m = 0.2;
  const Form form(hoop);
  EXPECT_NEAR(form.Refine({{0, 0, 0}, {0, 1, 0}}, {0.79, 3}).distance, 0.8, 1e-12);
  EXPECT_LT((form.Normal(3, {0, 0.8, 0}) - Eigen::Vector3d(0, -1, 0)).norm(), 1e-12);
}

TEST(FormTest, ShapesReachToTheirFarthestPoint) {
  Random random(8);
  for (const ShapeKind kind : kEveryKind) {
    const Shape shape = OneOfKind(kind);
    const Eigen::Vector3d direction =
        Eigen::Vector3d(random.Normal(), random.Normal(), random.Normal()).normalized();
    const double reach = ReachAlong(shape, direction);
    double farthest = -1;
    for (int i = 0; i < 200000; ++i) {
      const Eigen::Vector3d x(
          random.Uniform(-0.8, 0.8), random.Uniform(-0.8, 0.8), random.Uniform(-0.8, 0.8));
      if (direction.dot(x) > farthest && IsInside(shape, x)) farthest = direction.dot(x);
    }
    EXPECT_LE(farthest, reach + 1e-9) << static_cast<int>(kind);
    EXPECT_GT(farthest, reach - 0.06) << static_cast<int>(kind);
  }
}

}  // namespace
}  // namespace plumb
