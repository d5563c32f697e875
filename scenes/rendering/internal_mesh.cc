// SPDX-License-Identifier: Apache-2.0
#include "scenes/rendering/internal_mesh.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/check.h"

namespace plumb {
namespace {

constexpr int kSides = 128;
constexpr int kCapRings = 32;

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

void JoinRings(Mesh& mesh, uint32_t low, uint32_t high) {
  for (uint32_t side = 0; side < kSides; ++side) {
    const uint32_t next = (side + 1) % kSides;
    AddTriangle(mesh, {low + side, low + next, high + side}, 0);
    AddTriangle(mesh, {low + next, high + next, high + side}, 0);
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
    case ShapeKind::kSphere:
      break;
  }
  throw CheckFailure("a sphere is no mesh");
}

Eigen::Vector3d ShapeNormal(const Shape& shape, int part, const Eigen::Vector3d& x_in_body) {
  const Eigen::Vector3d half = shape.size_m / 2;
  Eigen::Vector3d normal = Eigen::Vector3d::Zero();
  switch (shape.kind) {
    case ShapeKind::kSphere:
      return x_in_body.normalized();
    case ShapeKind::kBox:
      normal[part / 2] = part % 2 == 0 ? -1.0 : 1.0;
      return normal;
    case ShapeKind::kCylinder:
    case ShapeKind::kCone: {
      if (part != 0) return {0, 0, part == 1 ? -1.0 : 1.0};
      normal << x_in_body.x(), x_in_body.y(), 0;
      normal.normalize();
      // The side of a cone leans by radius over height.
      if (shape.kind == ShapeKind::kCone) normal.z() = half.x() / shape.size_m.z();
      return normal.normalized();
    }
    case ShapeKind::kCapsule: {
      const double straight = half.z() - half.x();
      normal = x_in_body;
      normal.z() -= std::clamp(x_in_body.z(), -straight, straight);
      return normal.normalized();
    }
  }
  throw CheckFailure("unknown shape");
}

double ReachBelow(const Body& body) {
  const Eigen::Vector3d half = body.shape.size_m / 2;
  const Eigen::Vector3d down =
      body.world_from_body.rotation.conjugate() * Eigen::Vector3d(0, 0, -1);
  switch (body.shape.kind) {
    case ShapeKind::kSphere:
      return half.x();
    case ShapeKind::kBox:
      return down.cwiseAbs().dot(half);
    case ShapeKind::kCylinder:
      return std::abs(down.z()) * half.z() + down.head<2>().norm() * half.x();
    case ShapeKind::kCone:
      return std::max(down.z() * half.z(), -down.z() * half.z() + down.head<2>().norm() * half.x());
    case ShapeKind::kCapsule:
      return std::abs(down.z()) * (half.z() - half.x()) + half.x();
  }
  throw CheckFailure("unknown shape");
}

double RefineDistance(const Shape& shape, int part, const BodyRay& ray, double distance) {
  if (shape.kind == ShapeKind::kBox) {
    const int axis = part / 2;
    const double plane = (part % 2 == 0 ? -0.5 : 0.5) * shape.size_m[axis];
    if (std::abs(ray.direction[axis]) < 1e-9) return distance;
    return (plane - ray.origin[axis]) / ray.direction[axis];
  }
  if (shape.kind == ShapeKind::kSphere) {
    // |o + t d|² = r², the nearer root; grazing rays have none in exact numbers and take the
    // closest point.
    const double radius = shape.size_m.x() / 2;
    const double a = ray.direction.squaredNorm();
    const double b = ray.origin.dot(ray.direction);
    const double c = ray.origin.squaredNorm() - radius * radius;
    return (-b - std::sqrt(std::max(0.0, b * b - a * c))) / a;
  }
  return distance;
}

}  // namespace plumb
