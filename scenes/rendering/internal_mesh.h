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
  std::vector<uint8_t> parts;  // of each triangle, as in RayHit
};

// Boxes exactly; cylinders and cones as prisms of 128 sides, capsules as 128 x 64 patches.
// Throws CheckFailure for a sphere.
Mesh MakeMesh(const Shape& shape);

// The unit normal of the shape itself (not of the mesh) at a surface point in the body frame.
Eigen::Vector3d ShapeNormal(const Shape& shape, int part, const Eigen::Vector3d& x_in_body);

// How far the body reaches below its origin in its orientation at the start.
double ReachBelow(const Body& body);

// Distance along a ray in the body frame to the surface near `distance`, without the rounding of
// single precision: exact for spheres and boxes, `distance` itself for the others.
struct BodyRay {
  Eigen::Vector3d origin;
  Eigen::Vector3d direction;
};
double RefineDistance(const Shape& shape, int part, const BodyRay& ray, double distance);

}  // namespace plumb
