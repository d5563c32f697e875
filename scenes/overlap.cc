// SPDX-License-Identifier: Apache-2.0
#include "scenes/overlap.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <utility>

#include <BulletCollision/NarrowPhaseCollision/btGjkEpa2.h>
#include <btBulletCollisionCommon.h>

namespace plumb {
namespace {

constexpr int kStaves = 24;      // of a hoop
constexpr int kTorusSteps = 24;  // round the ring and round the tube

// A convex piece of a body where it stands in the world.
struct Piece {
  std::unique_ptr<btConvexShape> shape;
  btTransform world_from_piece;
};
using Pieces = std::vector<Piece>;

btVector3 ToBullet(const Eigen::Vector3d& v) { return {v.x(), v.y(), v.z()}; }

btTransform ToBullet(const Rigid3& pose) {
  const Eigen::Quaterniond& q = pose.rotation;
  return btTransform(btQuaternion(q.x(), q.y(), q.z(), q.w()), ToBullet(pose.translation));
}

std::unique_ptr<btConvexShape> Hull(const std::vector<Eigen::Vector3d>& points_m) {
  auto hull = std::make_unique<btConvexHullShape>();
  for (const Eigen::Vector3d& point : points_m) hull->addPoint(ToBullet(point), false);
  hull->recalcLocalAabb();
  hull->setMargin(0);
  return hull;
}

std::unique_ptr<btConvexShape> TorusHull(const Shape& shape) {
  const double tube_m = shape.size_m.z() / 2;
  const double ring_m = shape.size_m.x() / 2 - tube_m;
  std::vector<Eigen::Vector3d> points;
  for (int i = 0; i < kTorusSteps * kTorusSteps; ++i) {
    const double turn = 2 * std::numbers::pi * (i / kTorusSteps) / kTorusSteps;
    const double round = 2 * std::numbers::pi * (i % kTorusSteps) / kTorusSteps;
    const double radius_m = ring_m + tube_m * std::cos(round);
    points.push_back(
        {radius_m * std::cos(turn), radius_m * std::sin(turn), tube_m * std::sin(round)});
  }
  return Hull(points);
}

// One of the straight boards that a hoop is made of.
std::unique_ptr<btConvexShape> Stave(const Shape& shape, int index) {
  std::vector<Eigen::Vector3d> points;
  for (const int end : {index, index + 1}) {
    const double turn = 2 * std::numbers::pi * end / kStaves;
    for (const double radius_m : {shape.size_m.x() / 2, shape.size_m.x() / 2 - shape.wall_m}) {
      for (const double side : {-0.5, 0.5}) {
        points.push_back(
            {radius_m * std::cos(turn), radius_m * std::sin(turn), side * shape.size_m.z()});
      }
    }
  }
  return Hull(points);
}

std::unique_ptr<btConvexShape> SimpleShape(const Shape& shape) {
  const Eigen::Vector3d half = shape.size_m / 2;
  std::unique_ptr<btConvexShape> result;
  switch (shape.kind) {
    case ShapeKind::kSphere:
      return std::make_unique<btSphereShape>(half.x());
    case ShapeKind::kCapsule:
      return std::make_unique<btCapsuleShapeZ>(half.x(), 2 * (half.z() - half.x()));
    case ShapeKind::kCylinder:
      result = std::make_unique<btCylinderShapeZ>(ToBullet(half));
      break;
    case ShapeKind::kCone:
      result = std::make_unique<btConeShapeZ>(half.x(), shape.size_m.z());
      break;
    case ShapeKind::kTorus:
      return TorusHull(shape);
    case ShapeKind::kConvex:
      return Hull(shape.points_m);
    case ShapeKind::kBox:
    case ShapeKind::kHoop:
    case ShapeKind::kCompound:
      result = std::make_unique<btBoxShape>(ToBullet(half));
      break;
  }
  result->setMargin(0);
  return result;
}

void AddPieces(const Shape& shape, const Rigid3& world_from_shape, Pieces& pieces) {
  if (shape.kind == ShapeKind::kCompound) {
    for (const ShapePart& part : shape.parts) {
      AddPieces(part.shape, world_from_shape * part.body_from_part, pieces);
    }
    return;
  }
  if (shape.kind != ShapeKind::kHoop) {
    pieces.push_back({SimpleShape(shape), ToBullet(world_from_shape)});
    return;
  }
  for (int i = 0; i < kStaves; ++i) {
    pieces.push_back({Stave(shape, i), ToBullet(world_from_shape)});
  }
}

double DepthBetween(const Piece& a, const Piece& b) {
  btGjkEpaSolver2::sResults results;
  const btVector3 guess = b.world_from_piece.getOrigin() - a.world_from_piece.getOrigin();
  const bool meets = btGjkEpaSolver2::Penetration(a.shape.get(),
                                                  a.world_from_piece,
                                                  b.shape.get(),
                                                  b.world_from_piece,
                                                  guess.fuzzyZero() ? btVector3(0, 0, 1) : guess,
                                                  results);
  return meets ? std::abs(results.distance) : 0.0;
}

double DepthBetween(const Pieces& a, const Pieces& b) {
  double deepest_m = 0;
  for (const Piece& one : a) {
    for (const Piece& other : b) deepest_m = std::max(deepest_m, DepthBetween(one, other));
  }
  return deepest_m;
}

bool CanMove(const Scene& scene, const Body& body) {
  if (!body.fixed) return true;
  return std::any_of(scene.events.begin(), scene.events.end(), [&](const SceneEvent& event) {
    return event.kind == SceneEventKind::kRelease && event.body == body.name;
  });
}

bool AreJoined(const Scene& scene, const std::string& a, const std::string& b) {
  return std::any_of(scene.joints.begin(), scene.joints.end(), [&](const Joint& joint) {
    return (joint.body_a == a && joint.body_b == b) || (joint.body_a == b && joint.body_b == a);
  });
}

// Spheres round both bodies: far apart, nothing has to be looked at.
bool AreFar(const Body& a, const Body& b) {
  const double reach_m = (a.shape.size_m.norm() + b.shape.size_m.norm()) / 2;
  return (a.world_from_body.translation - b.world_from_body.translation).norm() > reach_m;
}

}  // namespace

std::vector<Overlap> DeepOverlaps(const Scene& scene, double allowed_m) {
  std::vector<Pieces> pieces(scene.bodies.size());
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    AddPieces(scene.bodies[i].shape, scene.bodies[i].world_from_body, pieces[i]);
  }
  std::vector<Overlap> overlaps;
  for (size_t a = 0; a < scene.bodies.size(); ++a) {
    for (size_t b = a + 1; b < scene.bodies.size(); ++b) {
      const Body& one = scene.bodies[a];
      const Body& other = scene.bodies[b];
      if (!CanMove(scene, one) && !CanMove(scene, other)) continue;
      if (AreFar(one, other) || AreJoined(scene, one.name, other.name)) continue;
      const double depth_m = DepthBetween(pieces[a], pieces[b]);
      if (depth_m > allowed_m) {
        overlaps.push_back({static_cast<int>(a), static_cast<int>(b), depth_m});
      }
    }
  }
  return overlaps;
}

}  // namespace plumb
