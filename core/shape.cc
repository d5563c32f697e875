// SPDX-License-Identifier: Apache-2.0
#include "core/shape.h"

#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "core/check.h"
#include "core/mass_properties.h"

namespace plumb {
namespace {

constexpr size_t kMostParts = 31;
constexpr size_t kMostPoints = 256;

double HullVolume(const std::vector<Eigen::Vector3d>& points_m) {
  double six_volumes = 0;
  for (const Eigen::Vector3i& face : ConvexHullFaces(points_m)) {
    six_volumes += points_m[face[0]].dot(points_m[face[1]].cross(points_m[face[2]]));
  }
  return six_volumes / 6;
}

// Half of the extent of the box around a shape, turned and moved, along each axis from the origin.
Eigen::Vector3d ReachOf(const Shape& shape, const Rigid3& body_from_part) {
  Eigen::Vector3d reach = Eigen::Vector3d::Zero();
  const auto include = [&](const Eigen::Vector3d& x) {
    reach = reach.cwiseMax((body_from_part * x).cwiseAbs());
  };
  if (shape.kind == ShapeKind::kConvex) {
    for (const Eigen::Vector3d& point : shape.points_m) include(point);
    return reach;
  }
  if (shape.kind == ShapeKind::kSphere) {
    return body_from_part.translation.cwiseAbs() + shape.size_m / 2;
  }
  for (int corner = 0; corner < 8; ++corner) {
    const Eigen::Vector3d sign(corner & 1 ? 1 : -1, corner & 2 ? 1 : -1, corner & 4 ? 1 : -1);
    include(sign.cwiseProduct(shape.size_m) / 2);
  }
  return reach;
}

std::string FaultOfParts(const Shape& shape) {
  if (shape.parts.empty() || shape.parts.size() > kMostParts) {
    return fmt::format("a compound has {} parts, expected 1 to {}", shape.parts.size(), kMostParts);
  }
  for (size_t i = 0; i < shape.parts.size(); ++i) {
    const ShapePart& part = shape.parts[i];
    const auto fault = [&](const std::string& text) { return fmt::format("part {}: {}", i, text); };
    if (part.shape.kind == ShapeKind::kCompound) return fault("is itself a compound");
    if (const std::string text = FaultOf(part.shape); !text.empty()) return fault(text);
    if (!(part.density > 0) || !std::isfinite(part.density)) {
      return fault(fmt::format("density is {}, expected above 0", part.density));
    }
    if (part.look < 0) return fault(fmt::format("look is {}, expected 0 or more", part.look));
    if (!part.body_from_part.translation.allFinite()) return fault("pose must be finite");
  }
  return "";
}

std::string FaultOfPoints(const Shape& shape) {
  if (shape.points_m.size() < 4 || shape.points_m.size() > kMostPoints) {
    return fmt::format(
        "a convex shape has {} points, expected 4 to {}", shape.points_m.size(), kMostPoints);
  }
  for (const Eigen::Vector3d& point : shape.points_m) {
    if (!point.allFinite()) return "points_m must be finite";
  }
  try {
    ConvexHullFaces(shape.points_m);
  } catch (const CheckFailure&) {
    return "the points of a convex shape lie in a plane";
  }
  return "";
}

}  // namespace

Shape WithExtents(Shape shape) {
  if (shape.kind == ShapeKind::kConvex) shape.size_m = 2 * ReachOf(shape, {});
  if (shape.kind == ShapeKind::kCompound) {
    shape.size_m.setZero();
    for (const ShapePart& part : shape.parts) {
      shape.size_m = shape.size_m.cwiseMax(2 * ReachOf(part.shape, part.body_from_part));
    }
  }
  return shape;
}

double SizeOf(const Shape& shape) { return shape.size_m.norm() / std::sqrt(3.0); }

double VolumeOf(const Shape& shape) {
  const Eigen::Vector3d& s = shape.size_m;
  const double disc = std::numbers::pi * s.x() * s.y() / 4;
  switch (shape.kind) {
    case ShapeKind::kSphere:
      return std::numbers::pi * s.x() * s.y() * s.z() / 6;
    case ShapeKind::kBox:
      return s.prod();
    case ShapeKind::kCylinder:
      return disc * s.z();
    case ShapeKind::kCone:
      return disc * s.z() / 3;
    case ShapeKind::kCapsule:
      return disc * (s.z() - s.x()) + std::numbers::pi * s.x() * s.x() * s.x() / 6;
    case ShapeKind::kTorus:  // Pappus: the tube's disc times the way of its centre
      return std::numbers::pi * s.z() * s.z() / 4 * std::numbers::pi * (s.x() - s.z());
    case ShapeKind::kHoop:
      return std::numbers::pi * shape.wall_m * (s.x() - shape.wall_m) * s.z();
    case ShapeKind::kConvex:
      return HullVolume(shape.points_m);
    case ShapeKind::kCompound: {
      double sum = 0;
      for (const ShapePart& part : shape.parts) sum += VolumeOf(part.shape);
      return sum;
    }
  }
  throw CheckFailure("unknown shape");
}

std::string FaultOf(const Shape& shape) {
  if (shape.kind == ShapeKind::kConvex) {
    if (const std::string fault = FaultOfPoints(shape); !fault.empty()) return fault;
  }
  if (shape.kind == ShapeKind::kCompound) {
    if (const std::string fault = FaultOfParts(shape); !fault.empty()) return fault;
  }
  const Eigen::Vector3d& s = shape.size_m;
  if (!s.allFinite() || s.minCoeff() <= 0) return "size_m must be finite and above 0";
  if (shape.kind == ShapeKind::kTorus && !(2 * s.z() <= s.x() && s.x() == s.y())) {
    return "a torus needs equal diameters of at least twice the tube's";
  }
  if (shape.kind == ShapeKind::kHoop && !(shape.wall_m > 0 && 2 * shape.wall_m < s.x())) {
    return fmt::format("wall_m is {}, expected above 0 and below half the diameter", shape.wall_m);
  }
  if (shape.kind == ShapeKind::kCapsule && s.z() < s.x()) {
    return "a capsule is at least as long as it is wide";
  }
  return "";
}

}  // namespace plumb
