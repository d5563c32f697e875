// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <map>
#include <numbers>

#include <gmock/gmock.h>

#include "core/check.h"
#include "scenes/rendering/internal_form.h"
#include "scenes/rendering/internal_mesh.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

const ShapeKind kMeshKinds[] = {ShapeKind::kBox,
                                ShapeKind::kCylinder,
                                ShapeKind::kCone,
                                ShapeKind::kCapsule,
                                ShapeKind::kTorus,
                                ShapeKind::kHoop,
                                ShapeKind::kConvex};

Shape ShapeOf(ShapeKind kind) { return OneOfKind(kind); }

Eigen::Vector3d Corner(const Mesh& mesh, const std::array<uint32_t, 3>& triangle, int k) {
  return mesh.vertices[triangle[k]].cast<double>();
}

// Volume by the divergence theorem, with every triangle turned as the shape's own normal.
double MeshVolume(const Shape& shape) {
  const Mesh mesh = MakeMesh(shape);
  const Form form(shape);
  double volume = 0;
  for (size_t t = 0; t < mesh.triangles.size(); ++t) {
    const Eigen::Vector3d a = Corner(mesh, mesh.triangles[t], 0);
    const Eigen::Vector3d b = Corner(mesh, mesh.triangles[t], 1);
    const Eigen::Vector3d c = Corner(mesh, mesh.triangles[t], 2);
    const Eigen::Vector3d twice_area = (b - a).cross(c - a);
    const Eigen::Vector3d outwards = form.Normal(mesh.parts[t], (a + b + c) / 3);
    volume += std::copysign(a.dot(twice_area), a.dot(twice_area) * twice_area.dot(outwards)) / 6;
  }
  return volume;
}

TEST(MeshTest, MeshesLieInTheirBoundingBox) {
  for (const ShapeKind kind : kMeshKinds) {
    if (kind == ShapeKind::kConvex) continue;  // its box is taken about the origin
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
    EXPECT_NEAR(MeshVolume(ShapeOf(kind)) / VolumeOf(ShapeOf(kind)), 1.0, 0.003)
        << static_cast<int>(kind);
  }
}

TEST(MeshTest, TrianglesLieOnTheShape) {
  for (const ShapeKind kind :
       {ShapeKind::kTorus, ShapeKind::kHoop, ShapeKind::kConvex, ShapeKind::kBox}) {
    const Shape shape = ShapeOf(kind);
    const Form form(shape);
    const Mesh mesh = MakeMesh(shape);
    for (size_t t = 0; t < mesh.triangles.size(); ++t) {
      const auto& triangle = mesh.triangles[t];
      const Eigen::Vector3d a = Corner(mesh, triangle, 0);
      const Eigen::Vector3d b = Corner(mesh, triangle, 1);
      const Eigen::Vector3d c = Corner(mesh, triangle, 2);
      const Eigen::Vector3d normal = (b - a).cross(c - a).normalized();
      const Eigen::Vector3d exact = form.Normal(mesh.parts[t], (a + b + c) / 3);
      EXPECT_GT(std::abs(normal.dot(exact)), 0.99) << static_cast<int>(kind);
    }
  }
}

TEST(MeshTest, SpheresAndCompoundsAreNoMeshes) {
  EXPECT_THROW(MakeMesh(ShapeOf(ShapeKind::kSphere)), CheckFailure);
  EXPECT_THROW(MakeMesh(ShapeOf(ShapeKind::kCompound)), CheckFailure);
}

TEST(MeshTest, TheReachBelowIsTheLowestPointOfEveryShape) {
  const Eigen::Quaterniond tilt(Eigen::AngleAxisd(0.7, Eigen::Vector3d(1, 2, 0.5).normalized()));
  for (const ShapeKind kind : kMeshKinds) {
    Body body = PlainBody("thing", kind, {0.5, 0.5, 1.1});
    body.shape = ShapeOf(kind);
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
