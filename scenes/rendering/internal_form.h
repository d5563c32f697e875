// SPDX-License-Identifier: Apache-2.0
// The exact surface of a shape, where its mesh is only near it. Internal to the scenes room.
#pragma once

#include <cstdint>
#include <vector>

#include "core/shape.h"

namespace plumb {

// A ray in a body's frame; distances are multiples of the direction.
struct BodyRay {
  Eigen::Vector3d origin;
  Eigen::Vector3d direction;
};

// Part, of one shape: box: 2 * axis + (1 on the positive side); cylinder, cone: 0 side, 1 bottom,
// 2 top; hoop: likewise and 3 the bore; else 0. Of a compound: 8 * index of its part + that.
struct FormHit {
  double distance = 0.0;
  uint8_t part = 0;
};
constexpr int kFacesOfPart = 8;

class Form {
 public:
  explicit Form(const Shape& shape);

  // Where the ray meets the shape itself, near a hit with the shape's mesh: without the rounding of
  // single precision and the corners of the mesh. Near a rim the part may turn out as the next one.
  // A ray that only touches the mesh takes the point where it comes nearest.
  FormHit Refine(const BodyRay& ray, const FormHit& near) const;
  // Outward unit normal at a surface point in the body's frame.
  Eigen::Vector3d Normal(int part, const Eigen::Vector3d& x_in_body) const;

  // Of a compound; every other shape is its own only piece.
  struct Piece;
  const std::vector<Piece>& pieces() const { return pieces_; }
  ShapeKind kind() const { return kind_; }

 private:
  struct Plane {
    Eigen::Vector3d normal;
    double offset_m;
  };
  FormHit RefineConvex(const BodyRay& ray, const FormHit& near) const;
  Eigen::Vector3d ConvexNormal(const Eigen::Vector3d& x) const;

  ShapeKind kind_;
  Eigen::Vector3d half_m_;
  double wall_m_;
  std::vector<Plane> planes_;  // convex
  std::vector<Piece> pieces_;  // compound
};

struct Form::Piece {
  Form form;
  Eigen::Matrix3d body_from_piece;
  Eigen::Vector3d origin_m;

  Eigen::Vector3d ToPiece(const Eigen::Vector3d& x_in_body) const {
    return body_from_piece.transpose() * (x_in_body - origin_m);
  }
};

// How far a shape reaches from its origin along a unit direction in its own frame.
double ReachAlong(const Shape& shape, const Eigen::Vector3d& direction);

}  // namespace plumb
