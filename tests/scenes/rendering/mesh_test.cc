// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <map>
#include <numbers>

#include <gmock/gmock.h>

#include "core/check.h"
#include "scenes/rendering/internal_mesh.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

const ShapeKind kMeshKinds[] = {
    ShapeKind::kBox, ShapeKind::kCylinder, ShapeKind::kCone, ShapeKind::kCapsule};

Shape ShapeOf(ShapeKind kind) { return {kind, {0.5, 0.5, 1.1}}; }

Eigen::Vector3d Corner(const Mesh& mesh, const std::array<uint32_t, 3>& triangle, int k) {
  return mesh.vertices[triangle[k]].cast<double>();
}

// Volume by the divergence theorem, with every triangle turned outwards.
double MeshVolume(const Mesh& mesh) {
  double volume = 0;
  for (const auto& triangle : mesh.triangles) {
    volume += std::abs(Corner(mesh, triangle, 0)
                           .dot(Corner(mesh, triangle, 1).cross(Corner(mesh, triangle, 2)))) /
              6;
  }
  return volume;
}

TEST(MeshTest, MeshesLieInTheirBoundingBox) {
  for (const ShapeKind kind : kMeshKinds) {
    const Mesh mesh = MakeMesh(ShapeOf(kind));
    ASSERT_EQ(mesh.parts.size(), mesh.triangles.size());
    Eigen::Vector3f low = mesh.vertices[0], high = low;
    for (const Eigen::Vector3f& vertex : mesh.vertices) {
      low = low.cwiseMin(vertex);
      high = high.cwiseMax(vertex);
    }
    EXPECT_LT((high - low - ShapeOf(kind).size_m.cast<float>()).norm(), 1e-5);
  }
}

TEST(MeshTest, MeshesAreClosed) {
  // Every edge belongs to exactly two triangles.
  for (const ShapeKind kind : kMeshKinds) {
    const Mesh mesh = MakeMesh(ShapeOf(kind));
    std::map<std::pair<uint32_t, uint32_t>, int> edges;
    for (const auto& triangle : mesh.triangles) {
      for (int k = 0; k < 3; ++k) {
        const uint32_t a = triangle[k];
        const uint32_t b = triangle[(k + 1) % 3];
        ++edges[{std::min(a, b), std::max(a, b)}];
      }
    }
    for (const auto& [edge, count] : edges) ASSERT_EQ(count, 2) << static_cast<int>(kind);
  }
}

TEST(MeshTest, VolumesAreThoseOfTheShapes) {
  for (const ShapeKind kind : kMeshKinds) {
    EXPECT_NEAR(MeshVolume(MakeMesh(ShapeOf(kind))) / VolumeOf(ShapeOf(kind)), 1.0, 0.002)
        << static_cast<int>(kind);
  }
}

TEST(MeshTest, NormalsOfTheShapePointOutAndFitTheMesh) {
  for (const ShapeKind kind : kMeshKinds) {
    const Shape shape = ShapeOf(kind);
    const Mesh mesh = MakeMesh(shape);
    for (size_t t = 0; t < mesh.triangles.size(); ++t) {
      const auto& triangle = mesh.triangles[t];
      const Eigen::Vector3d a = Corner(mesh, triangle, 0);
      const Eigen::Vector3d b = Corner(mesh, triangle, 1);
      const Eigen::Vector3d c = Corner(mesh, triangle, 2);
      const Eigen::Vector3d middle = (a + b + c) / 3;
      const Eigen::Vector3d normal = ShapeNormal(shape, mesh.parts[t], middle);
      EXPECT_NEAR(normal.norm(), 1, 1e-9);
      EXPECT_GT(normal.dot(middle), 0);
      EXPECT_GT(std::abs((b - a).cross(c - a).normalized().dot(normal)), 0.99);
    }
  }
}

TEST(MeshTest, ASphereIsNoMesh) {
  EXPECT_THROW(MakeMesh(ShapeOf(ShapeKind::kSphere)), CheckFailure);
}

TEST(MeshTest, DistancesToASphereAreRefinedToTheRoot) {
  const Shape sphere{ShapeKind::kSphere, {2, 2, 2}};
  const BodyRay ray{{0, -5, 0.6}, {0, 1, 0}};
  EXPECT_NEAR(RefineDistance(sphere, 0, ray, 4.19), 5 - 0.8, 1e-12);
  // A ray that misses by less than rounding takes the closest point.
  EXPECT_NEAR(RefineDistance(sphere, 0, {{0, -5, 1 + 1e-9}, {0, 1, 0}}, 5.0), 5.0, 1e-9);
}

TEST(MeshTest, DistancesToABoxAreRefinedToItsFace) {
  const Shape box{ShapeKind::kBox, {2, 4, 6}};
  EXPECT_NEAR(RefineDistance(box, 2, {{0.1, -5, 0.2}, {0, 0.5, 0}}, 5.99), 6.0, 1e-12);
  EXPECT_NEAR(RefineDistance(box, 1, {{9, 0, 0}, {-2, 0, 0}}, 3.99), 4.0, 1e-12);
  EXPECT_EQ(RefineDistance(box, 1, {{9, 0, 0}, {0, 1, 0}}, 3.5), 3.5);
}

TEST(MeshTest, TheReachBelowIsTheLowestPointOfEveryShape) {
  const Eigen::Quaterniond tilt(Eigen::AngleAxisd(0.7, Eigen::Vector3d(1, 2, 0.5).normalized()));
  for (const ShapeKind kind : kMeshKinds) {
    Body body = PlainBody("thing", kind, {0.5, 0.5, 1.1});
    body.world_from_body = Rigid3(tilt, {0, 0, 0});
    double lowest = 0;
    for (const Eigen::Vector3f& vertex : MakeMesh(body.shape).vertices) {
      lowest = std::min(lowest, (tilt * vertex.cast<double>()).z());
    }
    EXPECT_NEAR(ReachBelow(body), -lowest, 0.001) << static_cast<int>(kind);
  }
  EXPECT_NEAR(ReachBelow(PlainBody("ball", ShapeKind::kSphere, {0.4, 0.4, 0.4})), 0.2, 1e-12);
}

}  // namespace
}  // namespace plumb
