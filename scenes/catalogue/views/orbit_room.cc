// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/catalogue/internal_scenarios.h"

namespace plumb {
namespace {

constexpr double kRoomHalf_m = 3.4;
constexpr double kRoomHeight_m = 2.9;

Scene EmptyRoom(Random& random) {
  Scene scene;
  const double wide = 2 * kRoomHalf_m + 0.4;
  scene.bodies.push_back(FixedBox("floor", {0, 0, -0.25}, {wide, wide, 0.5}, PickFloor(random)));
  const char* kNames[] = {"back wall", "front wall", "left wall", "right wall"};
  const Material wall = PickWall(random);
  for (int i = 0; i < 4; ++i) {
    const double sign = i % 2 == 0 ? 1 : -1;
    const Eigen::Vector3d along =
        i < 2 ? Eigen::Vector3d(0, sign, 0) : Eigen::Vector3d(-sign, 0, 0);
    const Eigen::Vector3d size = i < 2 ? Eigen::Vector3d(wide, 0.2, kRoomHeight_m)
                                       : Eigen::Vector3d(0.2, wide, kRoomHeight_m);
    const Eigen::Vector3d centre =
        along * (kRoomHalf_m + 0.1) + Eigen::Vector3d(0, 0, kRoomHeight_m / 2);
    scene.bodies.push_back(FixedBox(kNames[i], centre, size, wall));
  }
  scene.lighting.centre_m = {random.Uniform(-1.0, 1.0), random.Uniform(-1.4, -0.2), 2.85};
  scene.lighting.side_m = random.Uniform(0.9, 1.4);
  scene.lighting.area_share = random.Uniform(0.55, 0.65);
  return scene;
}

// Pictures on the walls: flat boxes with patterns of their own, so that every part of a wall looks
// different.
void HangPictures(Random& random, Scene& scene) {
  const char* kWalls[] = {"back", "left", "right"};
  for (int wall = 0; wall < 3; ++wall) {
    for (int k = 0; k < 4; ++k) {
      const double along = -2.4 + 1.6 * k + random.Uniform(-0.2, 0.2);
      const double height = random.Uniform(1.2, 1.9);
      const Eigen::Vector2d size{random.Uniform(0.55, 1.0), random.Uniform(0.5, 0.8)};
      Material material;
      material.name = "picture";
      constexpr Pattern kPatterns[] = {
          Pattern::kNoise, Pattern::kMarble, Pattern::kChecker, Pattern::kTiles};
      material.pattern = kPatterns[random.Index(4)];
      for (int c = 0; c < 3; ++c) {
        material.colour[c] = random.Uniform(0.35, 0.85);
        material.second_colour[c] = random.Uniform(0.1, 0.5);
      }
      material.pattern_size_m = random.Uniform(0.1, 0.22);
      const double off = kRoomHalf_m - 0.02;
      const Eigen::Vector3d centre = wall == 0
                                         ? Eigen::Vector3d(along, off, height)
                                         : Eigen::Vector3d(wall == 1 ? -off : off, along, height);
      const Eigen::Vector3d box = wall == 0 ? Eigen::Vector3d(size.x(), 0.05, size.y())
                                            : Eigen::Vector3d(0.05, size.x(), size.y());
      scene.bodies.push_back(FixedBox(
          std::string(kWalls[wall]) + " picture " + std::to_string(k + 1), centre, box, material));
    }
  }
}

// Whether a ball around the object keeps clear of the picture's border all along the camera's way.
bool StaysInView(const Scene& scene, const Body& object) {
  const double radius = object.shape.size_m.norm() / 2;
  for (const double share : {0.0, 0.5, 1.0}) {
    const Eigen::Vector3d x =
        Inverse(WorldFromCamera(scene.camera, share)) * object.world_from_body.translation;
    if (x.z() < 1.7) return false;
    // In units of the distance to the picture plane; the picture may be taller than wide.
    const double half = std::tan(scene.camera.fov_rad / 2) * 0.97;
    const double reach = radius / x.z();
    if (std::abs(x.x() / x.z()) + reach > half || std::abs(x.y() / x.z()) + reach > half)
      return false;
  }
  return true;
}

bool KeepsApart(const Scene& scene, const Body& object) {
  for (const Body& other : scene.bodies) {
    if (other.role != Role::kObject) continue;
    const Eigen::Vector3d gap =
        object.world_from_body.translation - other.world_from_body.translation;
    if (gap.head<2>().norm() < 0.85 * (object.shape.size_m.x() + other.shape.size_m.x()))
      return false;
  }
  return true;
}

// Objects at random places that the camera sees from start to end; a colour that finds no place is
// left out.
std::vector<std::string> Furnish(Random& random,
                                 Scene& scene,
                                 const std::vector<NamedColour>& colours) {
  std::vector<std::string> descriptions;
  constexpr ShapeKind kKinds[] = {
      ShapeKind::kSphere, ShapeKind::kBox, ShapeKind::kCylinder, ShapeKind::kCone};
  constexpr int kAttempts = 300;
  for (const NamedColour& colour : colours) {
    const ShapeKind kind = kKinds[random.Index(4)];
    const double size_m = random.Uniform(0.45, 0.6);
    Eigen::Vector3d size(size_m, size_m, size_m);
    if (kind != ShapeKind::kSphere) size.z() *= random.Uniform(0.9, 1.5);
    Body object = MakeObject(random, {kind, size, colour});
    if (object.material.pattern == Pattern::kPlain) object.material.pattern = Pattern::kNoise;
    object.fixed = true;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      const Eigen::Vector3d place{
          random.Uniform(-1.9, 1.9), random.Uniform(-1.9, 1.8), random.Uniform(-1.5, 1.5)};
      StandOnFloor(object, place.head<2>(), place.z());
      if (!StaysInView(scene, object) || !KeepsApart(scene, object)) continue;
      descriptions.push_back(Describe(object, colour.name));
      scene.bodies.push_back(object);
      break;
    }
  }
  return descriptions;
}

std::string Enumerate(const std::vector<std::string>& items) {
  std::string text;
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += i + 1 < items.size() ? ", " : " and ";
    text += items[i];
  }
  return text;
}

}  // namespace

Scene MakeOrbitRoom(Random& random) {
  Scene scene = EmptyRoom(random);
  HangPictures(random, scene);
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  const double sweep_rad = random.Uniform(0.45, 0.75);
  const double radius_m = random.Uniform(2.9, 3.1);
  const double start_rad = -std::numbers::pi / 2 - side * sweep_rad / 2;
  scene.camera.motion = CameraMotion::kArc;
  scene.camera.target_m = {0, 0, 0.62};
  scene.camera.eye_m = {
      radius_m * std::cos(start_rad), radius_m * std::sin(start_rad), random.Uniform(1.6, 1.9)};
  scene.camera.sweep_rad = side * sweep_rad;
  scene.camera.fov_rad = random.Uniform(0.88, 0.98);
  const std::vector<std::string> objects = Furnish(random, scene, PickColours(random, 7));
  scene.caption = "A room with " + DescribeStage(scene) + ", pictures on the walls, and " +
                  Enumerate(objects) +
                  " on the floor. Nothing moves; the camera travels in an arc to the " +
                  (side > 0 ? "right" : "left") + " around the middle of the room.";
  return scene;
}

}  // namespace plumb
