// SPDX-License-Identifier: Apache-2.0
#include "core/mass_properties.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/check.h"

namespace plumb {
namespace {

Eigen::Matrix3d Diagonal(double x, double y, double z) {
  return Eigen::Vector3d(x, y, z).asDiagonal();
}

// About the axis z and across it, as for anything turned on a lathe.
Eigen::Matrix3d Turned(double across, double along) { return Diagonal(across, across, along); }

// What a unit mass at `offset_m` from the axis' origin adds (Steiner).
Eigen::Matrix3d Steiner(const Eigen::Vector3d& offset_m) {
  return offset_m.squaredNorm() * Eigen::Matrix3d::Identity() - offset_m * offset_m.transpose();
}

MassProperties Capsule(const Eigen::Vector3d& s) {
  const double r = s.x() / 2;
  const double length = s.z() - s.x();
  const double tube = std::numbers::pi * r * r * length;
  const double ball = 4.0 / 3 * std::numbers::pi * r * r * r;
  const double along = (tube * r * r / 2 + ball * 0.4 * r * r) / (tube + ball);
  // Both half balls, moved apart: 3/8 r is the half ball's centre of mass.
  const double ends = 0.4 * r * r + length * length / 4 + 3.0 / 8 * r * length;
  const double across = (tube * (r * r / 4 + length * length / 12) + ball * ends) / (tube + ball);
  return {Eigen::Vector3d::Zero(), Turned(across, along)};
}

MassProperties Torus(const Eigen::Vector3d& s) {
  const double tube = s.z() / 2;
  const double ring = (s.x() - s.z()) / 2;
  return {Eigen::Vector3d::Zero(),
          Turned(ring * ring / 2 + 5.0 / 8 * tube * tube, ring * ring + 0.75 * tube * tube)};
}

MassProperties Hoop(const Shape& shape) {
  const double outer = shape.size_m.x() / 2;
  const double inner = outer - shape.wall_m;
  const double squares = outer * outer + inner * inner;
  const double height = shape.size_m.z();
  return {Eigen::Vector3d::Zero(), Turned(squares / 4 + height * height / 12, squares / 2)};
}

// The sum over tetrahedra from the origin to each face.
MassProperties Convex(const std::vector<Eigen::Vector3d>& points) {
  double volume = 0;
  Eigen::Vector3d first = Eigen::Vector3d::Zero();
  Eigen::Matrix3d second = Eigen::Matrix3d::Zero();  // of x xᵀ
  for (const Eigen::Vector3i& face : ConvexHullFaces(points)) {
    const std::array<Eigen::Vector3d, 3> p = {points[face[0]], points[face[1]], points[face[2]]};
    const double part = p[0].dot(p[1].cross(p[2])) / 6;
    const Eigen::Vector3d sum = p[0] + p[1] + p[2];
    volume += part;
    first += part * sum / 4;
    second += part / 20 * sum * sum.transpose();
    for (const Eigen::Vector3d& x : p) second += part / 20 * x * x.transpose();
  }
  const Eigen::Vector3d centre = first / volume;
  const Eigen::Matrix3d spread = second / volume - centre * centre.transpose();
  return {centre, spread.trace() * Eigen::Matrix3d::Identity() - spread};
}

MassProperties Compound(const std::vector<ShapePart>& parts) {
  double mass = 0;
  Eigen::Vector3d centre = Eigen::Vector3d::Zero();
  for (const ShapePart& part : parts) {
    const double share = part.density * VolumeOf(part.shape);
    mass += share;
    centre += share * (part.body_from_part * MassPropertiesOf(part.shape).centre_m);
  }
  centre /= mass;
  Eigen::Matrix3d inertia = Eigen::Matrix3d::Zero();
  for (const ShapePart& part : parts) {
    const MassProperties own = MassPropertiesOf(part.shape);
    const Eigen::Matrix3d turn = part.body_from_part.rotation.toRotationMatrix();
    inertia += part.density * VolumeOf(part.shape) / mass *
               (turn * own.inertia_m2 * turn.transpose() +
                Steiner(part.body_from_part * own.centre_m - centre));
  }
  return {centre, inertia};
}

}  // namespace

MassProperties MassPropertiesOf(const Shape& shape) {
  const Eigen::Vector3d& s = shape.size_m;
  const Eigen::Vector3d q = s.cwiseProduct(s);
  switch (shape.kind) {
    case ShapeKind::kSphere:
      return {Eigen::Vector3d::Zero(), Diagonal(q.y() + q.z(), q.x() + q.z(), q.x() + q.y()) / 20};
    case ShapeKind::kBox:
      return {Eigen::Vector3d::Zero(), Diagonal(q.y() + q.z(), q.x() + q.z(), q.x() + q.y()) / 12};
    case ShapeKind::kCylinder:
      return {Eigen::Vector3d::Zero(), Turned(q.x() / 16 + q.z() / 12, q.x() / 8)};
    case ShapeKind::kCone:  // the tip points along +z
      return {Eigen::Vector3d(0, 0, -s.z() / 4),
              Turned(3.0 / 80 * (q.x() + q.z()), 3.0 / 40 * q.x())};
    case ShapeKind::kCapsule:
      return Capsule(s);
    case ShapeKind::kTorus:
      return Torus(s);
    case ShapeKind::kHoop:
      return Hoop(shape);
    case ShapeKind::kConvex:
      return Convex(shape.points_m);
    case ShapeKind::kCompound:
      return Compound(shape.parts);
  }
  throw CheckFailure("unknown shape");
}

namespace {

Eigen::Vector3d NormalOf(const std::vector<Eigen::Vector3d>& points, const Eigen::Vector3i& face) {
  return (points[face[1]] - points[face[0]]).cross(points[face[2]] - points[face[0]]);
}

// Four points that span the most space, in the order of a tetrahedron with its faces outwards.
std::array<int, 4> FirstTetrahedron(const std::vector<Eigen::Vector3d>& points, double span_m) {
  const int count = static_cast<int>(points.size());
  const auto farthest = [&](auto distance) {
    int best = 0;
    for (int i = 1; i < count; ++i) {
      if (distance(points[i]) > distance(points[best])) best = i;
    }
    return best;
  };
  const Eigen::Vector3d a = points[0];
  const int b = farthest([&](const auto& x) { return (x - a).norm(); });
  const Eigen::Vector3d along = points[b] - a;
  const int c = farthest([&](const auto& x) { return along.cross(x - a).norm(); });
  const Eigen::Vector3d normal = along.cross(points[c] - a);
  const int d = farthest([&](const auto& x) { return std::abs(normal.dot(x - a)); });
  const double volume = normal.dot(points[d] - a);
  PLUMB_CHECK(std::abs(volume) > 1e-9 * span_m * span_m * span_m, "points in a plane");
  return volume < 0 ? std::array{0, b, c, d} : std::array{0, c, b, d};
}

}  // namespace

std::vector<Eigen::Vector3i> ConvexHullFaces(const std::vector<Eigen::Vector3d>& points_m) {
  PLUMB_CHECK(points_m.size() >= 4, "{} points", points_m.size());
  double span_m = 0;
  for (const Eigen::Vector3d& x : points_m) span_m = std::max(span_m, (x - points_m[0]).norm());
  const auto [a, b, c, d] = FirstTetrahedron(points_m, span_m);
  std::vector<Eigen::Vector3i> faces = {{a, b, c}, {a, d, b}, {b, d, c}, {c, d, a}};
  for (int i = 0; i < static_cast<int>(points_m.size()); ++i) {
    // Faces that see the point go; it is joined to the edges around them.
    std::vector<Eigen::Vector3i> kept;
    std::vector<std::array<int, 2>> rim;
    for (const Eigen::Vector3i& face : faces) {
      const Eigen::Vector3d normal = NormalOf(points_m, face).normalized();
      if (normal.dot(points_m[i] - points_m[face[0]]) <= 1e-9 * span_m) {
        kept.push_back(face);
        continue;
      }
      for (int k = 0; k < 3; ++k) {
        const std::array<int, 2> edge = {face[k], face[(k + 1) % 3]};
        const auto twin = std::find(rim.begin(), rim.end(), std::array{edge[1], edge[0]});
        if (twin != rim.end()) {
          rim.erase(twin);
        } else {
          rim.push_back(edge);
        }
      }
    }
    for (const auto& [from, to] : rim) kept.push_back({from, to, i});
    faces = std::move(kept);
  }
  return faces;
}

}  // namespace plumb
