// SPDX-License-Identifier: Apache-2.0
#include "scenes/catalogue/internal_look.h"

#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "core/check.h"
#include "scenes/catalogue/internal_matter.h"

namespace plumb {
namespace {

const std::array<NamedColour, 8>& StrongColours() {
  static const std::array<NamedColour, 8> colours = {{{"red", {0.80, 0.08, 0.08}},
                                                      {"orange", {0.95, 0.42, 0.02}},
                                                      {"yellow", {0.95, 0.80, 0.05}},
                                                      {"green", {0.08, 0.58, 0.14}},
                                                      {"turquoise", {0.03, 0.66, 0.68}},
                                                      {"blue", {0.08, 0.22, 0.80}},
                                                      {"purple", {0.42, 0.12, 0.62}},
                                                      {"pink", {0.95, 0.32, 0.60}}}};
  return colours;
}

// A muted surface: pattern, two colours, size of the pattern.
struct Muted {
  const char* name;
  Pattern pattern;
  Eigen::Vector3d colour;
  Eigen::Vector3d second_colour;
  double size_m;
  double gloss;
};

const std::vector<Muted>& Floors() {
  static const std::vector<Muted> floors = {
      {"tiled", Pattern::kTiles, {0.74, 0.73, 0.70}, {0.42, 0.41, 0.40}, 0.42, 0.15},
      {"wooden", Pattern::kWood, {0.74, 0.60, 0.45}, {0.50, 0.38, 0.28}, 0.19, 0.12},
      {"marble", Pattern::kMarble, {0.86, 0.85, 0.83}, {0.50, 0.51, 0.54}, 0.36, 0.2},
      {"concrete", Pattern::kNoise, {0.74, 0.74, 0.72}, {0.52, 0.52, 0.53}, 0.22, 0.0},
      {"chequered", Pattern::kChecker, {0.80, 0.79, 0.77}, {0.47, 0.48, 0.50}, 0.38, 0.15}};
  return floors;
}

const std::vector<Muted>& Walls() {
  static const std::vector<Muted> walls = {
      {"brick", Pattern::kBrick, {0.70, 0.54, 0.47}, {0.82, 0.80, 0.77}, 0.34, 0.0},
      {"plaster", Pattern::kNoise, {0.86, 0.84, 0.79}, {0.68, 0.66, 0.62}, 0.2, 0.0},
      {"tiled", Pattern::kTiles, {0.70, 0.76, 0.80}, {0.90, 0.90, 0.89}, 0.3, 0.1},
      {"panelled", Pattern::kWood, {0.72, 0.64, 0.55}, {0.52, 0.46, 0.40}, 0.26, 0.05},
      {"stone", Pattern::kBrick, {0.78, 0.74, 0.66}, {0.54, 0.52, 0.48}, 0.62, 0.0}};
  return walls;
}

Eigen::Vector3d Jittered(Random& random, const Eigen::Vector3d& colour) {
  const double all = random.Uniform(-0.05, 0.05);
  Eigen::Vector3d result;
  for (int c = 0; c < 3; ++c) {
    result[c] = std::clamp(colour[c] + all + random.Uniform(-0.02, 0.02), 0.02, 0.98);
  }
  return result;
}

Material PickMuted(Random& random, const std::vector<Muted>& choices) {
  const Muted& muted = choices[random.Index(static_cast<int>(choices.size()))];
  Material material;
  material.name = muted.name;
  material.pattern = muted.pattern;
  material.colour = Jittered(random, muted.colour);
  material.second_colour = Jittered(random, muted.second_colour);
  material.pattern_size_m = muted.size_m * random.Uniform(0.85, 1.2);
  material.gloss = muted.gloss;
  material.friction = 1.0;
  material.restitution = 1.0;
  return material;
}

const char* NounOf(ShapeKind kind) {
  switch (kind) {
    case ShapeKind::kSphere:
      return "ball";
    case ShapeKind::kBox:
      return "box";
    case ShapeKind::kCylinder:
      return "cylinder";
    case ShapeKind::kCone:
      return "cone";
    case ShapeKind::kCapsule:
      return "capsule";
    case ShapeKind::kTorus:
      return "ring";
    case ShapeKind::kHoop:
      return "hoop";
    case ShapeKind::kConvex:
      return "block";
    case ShapeKind::kCompound:
      break;
  }
  throw CheckFailure("a compound has no name of its own");
}

}  // namespace

std::vector<NamedColour> PickColours(Random& random, int count) {
  std::vector<NamedColour> colours(StrongColours().begin(), StrongColours().end());
  PLUMB_CHECK(count >= 1 && count <= static_cast<int>(colours.size()), "{} colours", count);
  for (int i = 0; i < count; ++i) {
    std::swap(colours[i], colours[i + random.Index(static_cast<int>(colours.size()) - i)]);
  }
  colours.resize(count);
  return colours;
}

Material PickFloor(Random& random) { return PickMuted(random, Floors()); }
Material PickWall(Random& random) { return PickMuted(random, Walls()); }

namespace {

const Matter& PickHollow(Random& random) {
  return HollowMatter()[random.Index(static_cast<int>(HollowMatter().size()))];
}

}  // namespace

Material PickObjectMaterial(Random& random, const ObjectLook& look) {
  return MaterialOf(random, PickHollow(random), look);
}

Body FixedBox(const std::string& name,
              const Eigen::Vector3d& centre_m,
              const Eigen::Vector3d& size_m,
              const Material& material) {
  Body body;
  body.name = name;
  body.role = Role::kStructure;
  body.shape = {ShapeKind::kBox, size_m};
  body.material = material;
  body.fixed = true;
  body.world_from_body.translation = centre_m;
  return body;
}

Scene MakeStage(Random& random, const StageLayout& stage) {
  Scene scene;
  const double depth_m = 14.0;
  const double half_width_m = random.Uniform(2.9, 3.4);
  const double middle_y_m = stage.wall_y_m - depth_m / 2;
  const Material wall = PickWall(random);
  scene.bodies.push_back(FixedBox(
      "floor", {0, middle_y_m, -0.25}, {2 * half_width_m + 0.4, depth_m, 0.5}, PickFloor(random)));
  scene.bodies.push_back(FixedBox(
      "back wall", {0, stage.wall_y_m + 0.1, 2.5}, {2 * half_width_m + 0.4, 0.2, 5}, wall));
  for (const double side : {-1.0, 1.0}) {
    scene.bodies.push_back(FixedBox(side < 0 ? "left wall" : "right wall",
                                    {side * (half_width_m + 0.1), middle_y_m, 2.5},
                                    {0.2, depth_m, 5},
                                    wall));
  }
  // To one side of what happens and near to it: the light fades towards the walls, and shadows fall
  // across the picture instead of behind their things.
  const double aside = random.Uniform(-1.0, 1.0);
  scene.lighting.centre_m = {std::copysign(1.1 + 0.7 * std::abs(aside), aside),
                             random.Uniform(-2.3, -1.2),
                             random.Uniform(3.3, 3.9)};
  scene.lighting.side_m = random.Uniform(0.7, 1.1);
  scene.lighting.area_share = random.Uniform(0.74, 0.80);
  // A camera held by somebody: a little to the side, never quite the same.
  scene.camera.motion = CameraMotion::kStatic;
  scene.camera.eye_m = stage.eye_m + Eigen::Vector3d{random.Uniform(-0.35, 0.35),
                                                     random.Uniform(-0.2, 0.2),
                                                     random.Uniform(-0.15, 0.3)};
  scene.camera.target_m = stage.target_m;
  scene.camera.fov_rad = stage.fov_rad;
  return scene;
}

Body MakeObject(Random& random, const ObjectSpec& spec) {
  Body body;
  body.role = Role::kObject;
  body.name = spec.colour.name + " " + NounOf(spec.kind);
  body.shape = {spec.kind, spec.size_m};
  const Matter& matter = PickHollow(random);
  body.material = MaterialOf(random, matter, {spec.colour, SizeOf(body.shape)});
  body.mass_kg = VolumeOf(body.shape) * matter.density_kgpm3;
  return body;
}

std::string WithArticle(const std::string& noun) {
  const bool vowel = std::string("aeiou").find(noun.front()) != std::string::npos;
  return (vowel ? "an " : "a ") + noun;
}

std::string Describe(const Body& object, const std::string& colour) {
  return WithArticle(colour + " " + object.material.name + " " + NounOf(object.shape.kind));
}

std::string DescribeStage(const Scene& scene) {
  const int floor = FindBody(scene, "floor");
  const int wall = FindBody(scene, "back wall");
  PLUMB_CHECK(floor >= 0 && wall >= 0);
  return WithArticle(scene.bodies[floor].material.name + " floor") + " in front of " +
         WithArticle(scene.bodies[wall].material.name + " wall");
}

}  // namespace plumb
