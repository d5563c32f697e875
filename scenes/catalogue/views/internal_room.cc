// SPDX-License-Identifier: Apache-2.0
#include "scenes/catalogue/views/internal_room.h"

#include <algorithm>
#include <cmath>

#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/catalogue/internal_things.h"

namespace plumb {
namespace {

// Whether a ball around the object keeps clear of the picture's border all along the camera's way.
bool StaysInView(const Scene& scene, const Body& object, const std::vector<double>& shares) {
  const double radius = object.shape.size_m.norm() / 2;
  for (const double share : shares) {
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

// Whether no other object covers much of this one in the first picture.
bool SeenApart(const Scene& scene, const Body& object, double share) {
  if (share == 0) return true;
  const Rigid3 camera_from_world = Inverse(WorldFromCamera(scene.camera, 0));
  const auto place = [&](const Body& body) -> Eigen::Vector3d {
    return camera_from_world * body.world_from_body.translation;
  };
  const Eigen::Vector3d x = place(object);
  for (const Body& other : scene.bodies) {
    if (other.role != Role::kObject) continue;
    const Eigen::Vector3d y = place(other);
    const double gap = (x.hnormalized() - y.hnormalized()).norm();
    const double reaches =
        (object.shape.size_m.norm() / x.z() + other.shape.size_m.norm() / y.z()) / 2;
    if (gap < share * reaches) return false;
  }
  return true;
}

}  // namespace

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
  scene.lighting.area_share = random.Uniform(0.66, 0.74);
  return scene;
}

Material PickPictureMaterial(Random& random) {
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
  return material;
}

void HangPictures(Random& random, Scene& scene) {
  const char* kWalls[] = {"back", "left", "right"};
  for (int wall = 0; wall < 3; ++wall) {
    for (int k = 0; k < 4; ++k) {
      const double along = -2.4 + 1.6 * k + random.Uniform(-0.2, 0.2);
      const double height = random.Uniform(1.2, 1.9);
      const Eigen::Vector2d size{random.Uniform(0.55, 1.0), random.Uniform(0.5, 0.8)};
      const Material material = PickPictureMaterial(random);
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

namespace {

Body PickFurnishing(Random& random, const Furniture& furniture, const NamedColour& colour) {
  constexpr ShapeKind kKinds[] = {
      ShapeKind::kSphere, ShapeKind::kBox, ShapeKind::kCylinder, ShapeKind::kCone};
  if (furniture.familiar && random.Uniform() < 0.5) {
    const auto kind = kFamiliarThings[random.Index(static_cast<int>(kFamiliarThings.size()))];
    return MakeFamiliar(random, {kind, colour, random.Uniform(0.55, 0.7)});
  }
  const ShapeKind kind = kKinds[random.Index(4)];
  const double size_m = random.Uniform(0.45, 0.6);
  Eigen::Vector3d size(size_m, size_m, size_m);
  if (kind != ShapeKind::kSphere) size.z() *= random.Uniform(0.9, 1.5);
  return MakeObject(random, {kind, size, colour});
}

}  // namespace

std::vector<std::string> Furnish(Random& random, Scene& scene, const Furniture& furniture) {
  std::vector<std::string> descriptions;
  constexpr int kAttempts = 300;
  for (const NamedColour& colour : furniture.colours) {
    Body object = PickFurnishing(random, furniture, colour);
    if (!furniture.textured) {
      object.material.pattern = Pattern::kPlain;
    } else if (object.material.pattern == Pattern::kPlain)
      object.material.pattern = Pattern::kNoise;
    object.fixed = true;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      const Eigen::Vector3d place{random.Uniform(furniture.low_m.x(), furniture.high_m.x()),
                                  random.Uniform(furniture.low_m.y(), furniture.high_m.y()),
                                  random.Uniform(-1.5, 1.5)};
      StandOnFloor(object, place.head<2>(), place.z());
      if (!StaysInView(scene, object, furniture.shares) || !KeepsApart(scene, object) ||
          !SeenApart(scene, object, furniture.apart_in_view))
        continue;
      descriptions.push_back(Describe(object));
      scene.bodies.push_back(object);
      break;
    }
  }
  return descriptions;
}

void TellRoom(Scene& scene,
              const std::vector<std::string>& objects,
              const std::string& outcome,
              const CameraWords& camera) {
  const std::string things = Enumerate(objects);
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {things + " stand at rest; pictures hang on the walls and nothing moves",
                    "pictures hang on the walls, nothing moves, and " + things + " stand at rest",
                    things + ", all of them at rest between walls with pictures"};
  words.outcome = outcome;
  words.camera = camera;
  Tell(scene, words);
}

}  // namespace plumb
