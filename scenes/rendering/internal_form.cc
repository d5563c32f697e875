// SPDX-License-Identifier: Apache-2.0
#include "scenes/rendering/internal_form.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/check.h"
#include "core/mass_properties.h"

namespace plumb {
namespace {

Eigen::Vector3d AwayFromAxis(const Eigen::Vector3d& x) {
  return Eigen::Vector3d(x.x(), x.y(), 0).normalized();
}

}  // namespace

Form::Form(const Shape& shape)
    : kind_(shape.kind), half_m_(shape.size_m / 2), wall_m_(shape.wall_m) {
  if (kind_ == ShapeKind::kConvex) {
    for (const Eigen::Vector3i& face : ConvexHullFaces(shape.points_m)) {
      const Eigen::Vector3d& a = shape.points_m[face[0]];
      const Eigen::Vector3d normal =
          (shape.points_m[face[1]] - a).cross(shape.points_m[face[2]] - a).normalized();
      planes_.push_back({normal, normal.dot(a)});
    }
  }
  for (const ShapePart& part : shape.parts) {
    pieces_.push_back({Form(part.shape),
                       part.body_from_part.rotation.toRotationMatrix(),
                       part.body_from_part.translation});
  }
}

Eigen::Vector3d Form::ConvexNormal(const Eigen::Vector3d& x) const {
  const Plane* outermost = &planes_.front();
  for (const Plane& plane : planes_) {
    if (plane.normal.dot(x) - plane.offset_m > outermost->normal.dot(x) - outermost->offset_m) {
      outermost = &plane;
    }
  }
  return outermost->normal;
}

Eigen::Vector3d Form::Normal(int part, const Eigen::Vector3d& x_in_body) const {
  Eigen::Vector3d normal = Eigen::Vector3d::Zero();
  switch (kind_) {
    case ShapeKind::kSphere:
      return x_in_body.normalized();
    case ShapeKind::kBox:
      normal[part / 2] = part % 2 == 0 ? -1.0 : 1.0;
      return normal;
    case ShapeKind::kCylinder:
    case ShapeKind::kHoop:
    case ShapeKind::kCone: {
      if (part == 1 || part == 2) return {0, 0, part == 1 ? -1.0 : 1.0};
      normal = AwayFromAxis(x_in_body);
      if (part == 3) return -normal;
      // The side of a cone leans by radius over height.
      if (kind_ == ShapeKind::kCone) normal.z() = half_m_.x() / (2 * half_m_.z());
      return normal.normalized();
    }
    case ShapeKind::kCapsule: {
      const double straight = half_m_.z() - half_m_.x();
      normal = x_in_body;
      normal.z() -= std::clamp(x_in_body.z(), -straight, straight);
      return normal.normalized();
    }
    case ShapeKind::kTorus:
      normal = x_in_body - (half_m_.x() - half_m_.z()) * AwayFromAxis(x_in_body);
      return normal.normalized();
    case ShapeKind::kConvex:
      return ConvexNormal(x_in_body);
    case ShapeKind::kCompound: {
      const Piece& piece = pieces_.at(part / kFacesOfPart);
      return piece.body_from_piece *
             piece.form.Normal(part % kFacesOfPart, piece.ToPiece(x_in_body));
    }
  }
  throw CheckFailure("unknown shape");
}

double ReachAlong(const Shape& shape, const Eigen::Vector3d& direction) {
  const Eigen::Vector3d half = shape.size_m / 2;
  const double across = direction.head<2>().norm();
  const double up = direction.z();
  switch (shape.kind) {
    case ShapeKind::kSphere:
      return half.x();
    case ShapeKind::kBox:
      return direction.cwiseAbs().dot(half);
    case ShapeKind::kCylinder:
    case ShapeKind::kHoop:
      return std::abs(up) * half.z() + across * half.x();
    case ShapeKind::kCone:
      return std::max(up * half.z(), -up * half.z() + across * half.x());
    case ShapeKind::kCapsule:
      return std::abs(up) * (half.z() - half.x()) + half.x();
    case ShapeKind::kTorus:
      return across * (half.x() - half.z()) + half.z();
    case ShapeKind::kConvex: {
      double reach = -std::numeric_limits<double>::infinity();
      for (const Eigen::Vector3d& x : shape.points_m) reach = std::max(reach, direction.dot(x));
      return reach;
    }
    case ShapeKind::kCompound: {
      double reach = -std::numeric_limits<double>::infinity();
      for (const ShapePart& part : shape.parts) {
        const Eigen::Vector3d turned = part.body_from_part.rotation.conjugate() * direction;
        reach = std::max(
            reach, direction.dot(part.body_from_part.translation) + ReachAlong(part.shape, turned));
      }
      return reach;
    }
  }
  throw CheckFailure("unknown shape");
}

}  // namespace plumb
