// SPDX-License-Identifier: Apache-2.0
// The form of a body.
#pragma once

#include <string>
#include <vector>

#include "core/rigid3.h"

namespace plumb {

enum class ShapeKind {
  kSphere,
  kBox,
  kCylinder,
  kCone,
  kCapsule,
  kTorus,     // a round tube bent to a ring; collides as its convex hull
  kHoop,      // a piece of pipe; nothing passes through its bore in a simulation
  kConvex,    // the convex hull of `points_m`
  kCompound,  // several of the above, rigidly joined
};

struct ShapePart;

// In the body's frame. All but convex and compound are centred on its origin; the axis of cylinder,
// cone, capsule, torus and hoop is z.
struct Shape {
  ShapeKind kind = ShapeKind::kBox;
  // Full extents along the body's axes. Sphere: the diameter three times. Cylinder, cone, hoop:
  // diameter, diameter, height. Capsule: diameter, diameter, height with both caps. Torus: outer
  // diameter twice, thickness of the tube. Convex, compound: of the box around them, see
  // WithExtents.
  Eigen::Vector3d size_m = Eigen::Vector3d::Ones();
  double wall_m = 0.0;                    // hoop: thickness of the pipe's wall
  std::vector<Eigen::Vector3d> points_m;  // convex: at least four, not in a plane
  std::vector<ShapePart> parts;           // compound: 1 to 31
};

// One piece of a compound; no compound itself.
struct ShapePart {
  Shape shape;
  Rigid3 body_from_part;
  double density = 1.0;  // relative to the other parts
  int look = 0;          // 0: Body::material; k: Body::part_materials[k - 1]
};

// The same shape with `size_m` set to twice the largest extent from the origin along each axis for
// convex and compound shapes; others unchanged.
Shape WithExtents(Shape shape);

// Diameter of the sphere with the shape's bounding box diagonal / √3: the "object size" that errors
// are divided by.
double SizeOf(const Shape& shape);
double VolumeOf(const Shape& shape);  // cubic metres; overlap of parts counts twice

// What is wrong with a shape ("size_m must be finite and above 0"), or "".
std::string FaultOf(const Shape& shape);

}  // namespace plumb
