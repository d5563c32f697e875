// SPDX-License-Identifier: Apache-2.0
#include "scenes/rendering/internal_mesh.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/check.h"
#include "core/mass_properties.h"
#include "scenes/rendering/internal_form.h"

namespace plumb {
namespace {

constexpr int kSides = 128;
constexpr int kCapRings = 32;
constexpr int kTubeSides = 64;

Eigen::Vector3f OnCircle(int side, double radius, double z) {
  const double angle = 2 * std::numbers::pi * (side % kSides) / kSides;
  return {static_cast<float>(radius * std::cos(angle)),
          static_cast<float>(radius * std::sin(angle)),
          static_cast<float>(z)};
}

void AddTriangle(Mesh& mesh, std::array<uint32_t, 3> triangle, uint8_t part) {
  mesh.triangles.push_back(triangle);
  mesh.parts.push_back(part);
}

// A ring of vertices; returns the index of its first.
uint32_t AddRing(Mesh& mesh, double radius, double z) {
  const auto first = static_cast<uint32_t>(mesh.vertices.size());
  for (int side = 0; side < kSides; ++side) mesh.vertices.push_back(OnCircle(side, radius, z));
  return first;
}

void JoinRings(Mesh& mesh, uint32_t low, uint32_t high, uint8_t part = 0) {
  for (uint32_t side = 0; side < kSides; ++side) {
    const uint32_t next = (side + 1) % kSides;
    AddTriangle(mesh, {low + side, low + next, high + side}, part);
    AddTriangle(mesh, {low + next, high + next, high + side}, part);
  }
}

// Joins a ring to a point on the axis.
void CloseRing(Mesh& mesh, uint32_t ring, double z, uint8_t part) {
  const auto tip = static_cast<uint32_t>(mesh.vertices.size());
  mesh.vertices.emplace_back(0.0f, 0.0f, static_cast<float>(z));
  for (uint32_t side = 0; side < kSides; ++side) {
    AddTriangle(mesh, {ring + side, ring + (side + 1) % kSides, tip}, part);
  }
}

Mesh BoxMesh(const Eigen::Vector3d& half) {
  Mesh mesh;
  for (int corner = 0; corner < 8; ++corner) {
    mesh.vertices.emplace_back(static_cast<float>(corner & 1 ? half.x() : -half.x()),
                               static_cast<float>(corner & 2 ? half.y() : -half.y()),
                               static_cast<float>(corner & 4 ? half.z() : -half.z()));
  }
  for (int axis = 0; axis < 3; ++axis) {
    const uint32_t u = 1u << ((axis + 1) % 3);
    const uint32_t v = 1u << ((axis + 2) % 3);
    for (uint32_t positive = 0; positive < 2; ++positive) {
      const uint32_t base = positive << axis;
      const auto part = static_cast<uint8_t>(2 * axis + positive);
      AddTriangle(mesh, {base, base + u, base + u + v}, part);
      AddTriangle(mesh, {base, base + u + v, base + v}, part);
    }
  }
  return mesh;
}

Mesh CapsuleMesh(const Eigen::Vector3d& half) {
  Mesh mesh;
  const double radius = half.x();
  const double straight = half.z() - radius;
  uint32_t previous = 0;
  for (int ring = 1; ring < 2 * kCapRings; ++ring) {
    const double latitude = std::numbers::pi * (static_cast<double>(ring) / (2 * kCapRings) - 0.5);
    // Twice the equator, once at either end of the straight part.
    for (const double side : {-1.0, 1.0}) {
      if ((ring < kCapRings && side > 0) || (ring > kCapRings && side < 0)) continue;
      const uint32_t next =
          AddRing(mesh, radius * std::cos(latitude), side * straight + radius * std::sin(latitude));
      if (next > 0) JoinRings(mesh, previous, next);
      previous = next;
    }
  }
  CloseRing(mesh, 0, -half.z(), 0);
  CloseRing(mesh, previous, half.z(), 0);
  return mesh;
}

Mesh TorusMesh(const Eigen::Vector3d& half) {
  Mesh mesh;
  const double ring = half.x() - half.z();
  std::vector<uint32_t> rings;
  for (int k = 0; k < kTubeSides; ++k) {
    const double angle = 2 * std::numbers::pi * k / kTubeSides;
    rings.push_back(AddRing(mesh, ring + half.z() * std::cos(angle), half.z() * std::sin(angle)));
  }
  for (int k = 0; k < kTubeSides; ++k) JoinRings(mesh, rings[k], rings[(k + 1) % kTubeSides]);
  return mesh;
}

Mesh HoopMesh(const Eigen::Vector3d& half, double wall) {
  Mesh mesh;
  const uint32_t outer_low = AddRing(mesh, half.x(), -half.z());
  const uint32_t outer_high = AddRing(mesh, half.x(), half.z());
  const uint32_t inner_low = AddRing(mesh, half.x() - wall, -half.z());
  const uint32_t inner_high = AddRing(mesh, half.x() - wall, half.z());
  JoinRings(mesh, outer_low, outer_high);
  JoinRings(mesh, inner_low, outer_low, 1);
  JoinRings(mesh, outer_high, inner_high, 2);
  JoinRings(mesh, inner_high, inner_low, 3);
  return mesh;
}

Mesh ConvexMesh(const std::vector<Eigen::Vector3d>& points) {
  Mesh mesh;
  for (const Eigen::Vector3d& point : points) mesh.vertices.push_back(point.cast<float>());
  for (const Eigen::Vector3i& face : ConvexHullFaces(points)) {
    const Eigen::Matrix<uint32_t, 3, 1> index = face.cast<uint32_t>();
    AddTriangle(mesh, {index[0], index[1], index[2]}, 0);
  }
  return mesh;
}

}  // namespace

Mesh MakeMesh(const Shape& shape) {
  const Eigen::Vector3d half = shape.size_m / 2;
  Mesh mesh;
  switch (shape.kind) {
    case ShapeKind::kBox:
      return BoxMesh(half);
    case ShapeKind::kCapsule:
      return CapsuleMesh(half);
    case ShapeKind::kCylinder: {
      const uint32_t low = AddRing(mesh, half.x(), -half.z());
      const uint32_t high = AddRing(mesh, half.x(), half.z());
      JoinRings(mesh, low, high);
      CloseRing(mesh, low, -half.z(), 1);
      CloseRing(mesh, high, half.z(), 2);
      return mesh;
    }
    case ShapeKind::kCone: {
      const uint32_t low = AddRing(mesh, half.x(), -half.z());
      CloseRing(mesh, low, half.z(), 0);
      CloseRing(mesh, low, -half.z(), 1);
      return mesh;
    }
    case ShapeKind::kTorus:
      return TorusMesh(half);
    case ShapeKind::kHoop:
      return HoopMesh(half, shape.wall_m);
    case ShapeKind::kConvex:
      return ConvexMesh(shape.points_m);
    case ShapeKind::kSphere:
    case ShapeKind::kCompound:
      break;
  }
  throw CheckFailure("a sphere or a compound is no mesh");
}

double ReachBelow(const Body& body) {
  return ReachAlong(body.shape,
                    body.world_from_body.rotation.conjugate() * Eigen::Vector3d(0, 0, -1));
}

}  // namespace plumb
