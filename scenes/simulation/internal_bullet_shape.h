// SPDX-License-Identifier: Apache-2.0
// A body's form as Bullet collides it, and how its mass is spread. Internal to the scenes room.
#pragma once

#include <memory>
#include <vector>

#include <btBulletCollisionCommon.h>

#include "core/rigid3.h"
#include "core/shape.h"

namespace plumb {

// Bullet wants a body's frame at its centre of mass along its principal axes: the inertial frame.
struct BulletShape {
  std::vector<std::unique_ptr<btCollisionShape>> parts;  // of `shape`, kept alive
  std::unique_ptr<btCollisionShape> shape;               // in the inertial frame
  Rigid3 body_from_inertial;
  bool centred = true;                                   // body_from_inertial is the identity
  Eigen::Vector3d moments_m2 = Eigen::Vector3d::Ones();  // principal, for one kilogram
};

// Torus: its convex hull, exactly. Hoop: a solid cylinder with a hoop's inertia.
// A shape that forces don't move needs no inertia: its frame stays the body's.
enum class MassFrame { kInertial, kBody };
BulletShape MakeBulletShape(const Shape& shape, MassFrame frame);

}  // namespace plumb
