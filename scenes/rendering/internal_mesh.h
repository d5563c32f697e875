// SPDX-License-Identifier: Apache-2.0
// Triangle meshes of the shapes that Embree has no primitive for. Internal to the scenes room.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/scene.h"

namespace plumb {

struct Mesh {
  std::vector<Eigen::Vector3f> vertices;  // body frame
  std::vector<std::array<uint32_t, 3>> triangles;
  std::vector<uint8_t> parts;  // of each triangle, as in FormHit
};

// Boxes and convex shapes exactly; cylinders, cones and hoops as prisms of 128 sides, capsules and
// tori as 128 x 64 patches, all with their corners on the shape. Throws CheckFailure for a sphere
// and a compound.
Mesh MakeMesh(const Shape& shape);

// How far the body reaches below its origin in its orientation at the start.
double ReachBelow(const Body& body);

}  // namespace plumb
