// SPDX-License-Identifier: Apache-2.0
// What the scenarios are furnished with: colours, materials, floors, walls, light, camera. Internal
// to the scenes room.
#pragma once

#include <string>
#include <vector>

#include "core/scene.h"
#include "core/seed.h"

namespace plumb {

struct NamedColour {
  std::string name;
  Eigen::Vector3d srgb;
};

// Distinct strong colours in random order; floors and walls are muted, so that no object looks like
// them.
std::vector<NamedColour> PickColours(Random& random, int count);

// Muted, textured; Material::name is an adjective ("tiled").
Material PickFloor(Random& random);
Material PickWall(Random& random);

// A pattern in shades of one colour; Material::name is a noun or adjective ("rubber", "wooden").
struct ObjectLook {
  NamedColour colour;
  double size_m = 0.3;  // patterns are scaled to it
};
Material PickObjectMaterial(Random& random, const ObjectLook& look);

// Fixed structure with its centre at `centre_m`.
Body FixedBox(const std::string& name,
              const Eigen::Vector3d& centre_m,
              const Eigen::Vector3d& size_m,
              const Material& material);

// A scene that is empty but for floor (top at z = 0, friction and restitution 1, so that a pair's
// product is the object's own value), back wall at y = `wall_y_m`, side walls, light and a camera
// that looks along +y and stands still.
struct StageLayout {
  double wall_y_m = 2.4;
  Eigen::Vector3d eye_m = {0, -5, 1.4};
  Eigen::Vector3d target_m = {0, 0, 1.0};
  double fov_rad = 0.62;
};
Scene MakeStage(Random& random, const StageLayout& stage);

// A ball, box, cylinder or cone that can move, named "<colour> <noun>", mass by volume and the
// material's density.
struct ObjectSpec {
  ShapeKind kind = ShapeKind::kSphere;
  Eigen::Vector3d size_m = Eigen::Vector3d::Constant(0.3);
  NamedColour colour;
};
Body MakeObject(Random& random, const ObjectSpec& spec);

// "a red rubber ball", with "an" where it belongs.
std::string WithArticle(const std::string& noun);
std::string Describe(const Body& object, const std::string& colour);

// "a tiled floor in front of a brick wall".
std::string DescribeStage(const Scene& scene);

}  // namespace plumb
