// SPDX-License-Identifier: Apache-2.0
#include "core/mass_properties.h"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "core/check.h"
#include "core/seed.h"

namespace plumb {
namespace {

bool IsInside(const Shape& shape, const Eigen::Vector3d& x) {
  const Eigen::Vector3d h = shape.size_m / 2;
  const double r = x.head<2>().norm();
  switch (shape.kind) {
    case ShapeKind::kSphere:
      return x.norm() < h.x();
    case ShapeKind::kBox:
      return (x.cwiseAbs() - h).maxCoeff() < 0;
    case ShapeKind::kCylinder:
      return r < h.x() && std::abs(x.z()) < h.z();
    case ShapeKind::kCone:
      return std::abs(x.z()) < h.z() && r < h.x() * (h.z() - x.z()) / (2 * h.z());
    case ShapeKind::kCapsule:
      return std::hypot(r, std::max(0.0, std::abs(x.z()) - (h.z() - h.x()))) < h.x();
    case ShapeKind::kTorus:
      return std::hypot(r - (h.x() - h.z()), x.z()) < h.z();
    case ShapeKind::kHoop:
      return r < h.x() && r > h.x() - shape.wall_m && std::abs(x.z()) < h.z();
    default:
      return false;
  }
}

// The integrals by chance: every simple shape against points thrown into the box around it.
TEST(MassPropertiesTest, ClosedFormsAgreeWithSampling) {
  constexpr int kPoints = 400000;
  for (const ShapeKind kind : {ShapeKind::kSphere,
                               ShapeKind::kBox,
                               ShapeKind::kCylinder,
                               ShapeKind::kCone,
                               ShapeKind::kCapsule,
                               ShapeKind::kTorus,
                               ShapeKind::kHoop}) {
    Shape shape{kind, {0.8, 0.8, 1.1}};
    if (kind == ShapeKind::kSphere) shape.size_m.z() = 0.8;
    if (kind == ShapeKind::kTorus) shape.size_m.z() = 0.3;
    if (kind == ShapeKind::kHoop) shape.wall_m = 0.1;
    Random random(7);
    Eigen::Vector3d first = Eigen::Vector3d::Zero();
    Eigen::Matrix3d second = Eigen::Matrix3d::Zero();
    int inside = 0;
    for (int i = 0; i < kPoints; ++i) {
      const Eigen::Vector3d x =
          Eigen::Vector3d(
              random.Uniform(-0.5, 0.5), random.Uniform(-0.5, 0.5), random.Uniform(-0.5, 0.5))
              .cwiseProduct(shape.size_m);
      if (!IsInside(shape, x)) continue;
      ++inside;
      first += x;
      second += x * x.transpose();
    }
    const MassProperties mass = MassPropertiesOf(shape);
    const Eigen::Vector3d centre = first / inside;
    const Eigen::Matrix3d spread = second / inside - centre * centre.transpose();
    const Eigen::Matrix3d inertia = spread.trace() * Eigen::Matrix3d::Identity() - spread;
    EXPECT_NEAR(1.0 * inside / kPoints, VolumeOf(shape) / shape.size_m.prod(), 0.003);
    EXPECT_LT((mass.centre_m - centre).norm(), 0.003) << static_cast<int>(kind);
    EXPECT_LT((mass.inertia_m2 - inertia).norm(), 0.01 * inertia.norm()) << static_cast<int>(kind);
  }
}

Shape BoxAsPoints(const Eigen::Vector3d& half, const Eigen::Vector3d& shift) {
  Shape shape;
  shape.kind = ShapeKind::kConvex;
  for (int i = 0; i < 8; ++i) {
    const Eigen::Vector3d sign(i & 1 ? 1 : -1, i & 2 ? 1 : -1, i & 4 ? 1 : -1);
    shape.points_m.push_back(shift + sign.cwiseProduct(half));
  }
  return WithExtents(shape);
}

TEST(MassPropertiesTest, TheHullOfABoxIsTheBox) {
  const Eigen::Vector3d half(0.3, 0.2, 0.5), shift(0.1, -0.4, 0.2);
  const MassProperties hull = MassPropertiesOf(BoxAsPoints(half, shift));
  const MassProperties box = MassPropertiesOf({ShapeKind::kBox, 2 * half});
  EXPECT_LT((hull.centre_m - shift).norm(), 1e-12);
  EXPECT_LT((hull.inertia_m2 - box.inertia_m2).norm(), 1e-12);
  EXPECT_EQ(ConvexHullFaces(BoxAsPoints(half, shift).points_m).size(), 12u);
}

// Cut in halves and put together again, turned or not, nothing changes.
TEST(MassPropertiesTest, ACompoundOfHalvesIsTheWhole) {
  const Eigen::Quaterniond turn(Eigen::AngleAxisd(0.7, Eigen::Vector3d(1, 2, 3).normalized()));
  Shape whole;
  whole.kind = ShapeKind::kCompound;
  for (const double side : {-1.0, 1.0}) {
    ShapePart half{{ShapeKind::kBox, {0.5, 0.4, 0.3}}, {}};
    half.body_from_part = Rigid3(turn, turn * Eigen::Vector3d(side * 0.25, 0, 0));
    whole.parts.push_back(half);
  }
  const MassProperties mass = MassPropertiesOf(WithExtents(whole));
  const Eigen::Matrix3d box = MassPropertiesOf({ShapeKind::kBox, {1.0, 0.4, 0.3}}).inertia_m2;
  EXPECT_LT(mass.centre_m.norm(), 1e-12);
  EXPECT_LT((mass.inertia_m2 - turn * box * turn.conjugate()).norm(), 1e-12);
}

TEST(MassPropertiesTest, TheDenserPartPullsTheCentre) {
  Shape shape;
  shape.kind = ShapeKind::kCompound;
  for (const double side : {-1.0, 1.0}) {
    ShapePart ball{{ShapeKind::kSphere, {0.2, 0.2, 0.2}}, Rigid3({1, 0, 0, 0}, {side, 0, 0})};
    ball.density = side > 0 ? 3 : 1;
    shape.parts.push_back(ball);
  }
  EXPECT_NEAR(MassPropertiesOf(WithExtents(shape)).centre_m.x(), 0.5, 1e-12);
}

// Every point of a random cloud lies on or inside of every face.
TEST(MassPropertiesTest, HullFacesLookOutwards) {
  Random random(5);
  for (int cloud = 0; cloud < 30; ++cloud) {
    std::vector<Eigen::Vector3d> points;
    for (int i = 0; i < 25; ++i) {
      points.emplace_back(random.Normal(), random.Normal(), random.Normal());
    }
    const auto faces = ConvexHullFaces(points);
    for (const Eigen::Vector3i& f : faces) {
      const Eigen::Vector3d& a = points[f[0]];
      const Eigen::Vector3d normal = (points[f[1]] - a).cross(points[f[2]] - a).normalized();
      for (const Eigen::Vector3d& x : points) EXPECT_LT(normal.dot(x - a), 1e-9);
    }
    // Euler: a closed surface of triangles has twice as many faces as vertices, less four.
    std::set<int> vertices;
    for (const Eigen::Vector3i& f : faces) vertices.insert(f.data(), f.data() + 3);
    EXPECT_EQ(faces.size(), 2 * vertices.size() - 4);
  }
  EXPECT_THROW(ConvexHullFaces({{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {1, 1, 0}}), CheckFailure);
}

}  // namespace
}  // namespace plumb
