// SPDX-License-Identifier: Apache-2.0
// Views that are hard for whoever measures geometry: all points in one plane, and hardly a texture.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/views/internal_camera_checks.h"
#include "scenes/catalogue/views/internal_makers.h"
#include "scenes/catalogue/views/internal_room.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {
namespace {

constexpr double kFace_m = 1.5;   // all front faces stand at this y
constexpr double kThick_m = 0.2;  // of the panels
constexpr const char* kAllInPlace = "Everything keeps its place and its form";

// The wall is a grid of blocks that touch; some of them are objects with a colour of their own.
struct Grid {
  int columns = 14;
  int rows = 10;
  double cell_m = 0.62;
};

Body Block(const Grid& grid, int column, int row, const Material& material) {
  const Eigen::Vector3d centre{(column - (grid.columns - 1) / 2.0) * grid.cell_m,
                               kFace_m + kThick_m / 2,
                               (row - 1.5) * grid.cell_m};
  return FixedBox("block " + std::to_string(column + 1) + "." + std::to_string(row + 1),
                  centre,
                  {grid.cell_m, kThick_m, grid.cell_m},
                  material);
}

Material PickBlockMaterial(Random& random, const Material& wall) {
  Material material = wall;
  const double shade = random.Uniform(0.82, 1.12);
  material.colour = (shade * material.colour).cwiseMin(0.97);
  material.second_colour = (shade * material.second_colour).cwiseMin(0.97);
  material.pattern_size_m *= random.Uniform(0.8, 1.3);
  return material;
}

// What a row of the wall is made of.
struct Masonry {
  Grid grid;
  Material wall;
  std::vector<Body> panels;  // that take the place of blocks
};

bool IsPanel(const Masonry& masonry, const Body& block) {
  return std::any_of(masonry.panels.begin(), masonry.panels.end(), [&](const Body& panel) {
    return (panel.world_from_body.translation - block.world_from_body.translation).norm() < 0.1;
  });
}

// The blocks of one row as one body: a body for each would ask for more than a hundred masks.
Body RowOfBlocks(Random& random, const Masonry& masonry, int row) {
  Body body;
  body.name = "row " + std::to_string(row + 1);
  body.role = Role::kStructure;
  body.material = masonry.wall;
  body.fixed = true;
  body.shape.kind = ShapeKind::kCompound;
  for (int column = 0; column < masonry.grid.columns; ++column) {
    const Body block = Block(masonry.grid, column, row, PickBlockMaterial(random, masonry.wall));
    if (column == 0) body.world_from_body = block.world_from_body;
    if (IsPanel(masonry, block)) continue;
    ShapePart part;
    part.shape = block.shape;
    part.body_from_part = Inverse(body.world_from_body) * block.world_from_body;
    body.part_materials.push_back(block.material);
    part.look = static_cast<int>(body.part_materials.size());
    body.shape.parts.push_back(part);
  }
  body.shape = WithExtents(body.shape);
  return body;
}

// One coloured panel in each of six regions near the middle of the picture.
std::vector<Body> Panels(Random& random, const Grid& grid, const Material& wall) {
  const std::vector<NamedColour> colours = PickColours(random, 6);
  std::vector<Body> panels;
  for (int k = 0; k < 6; ++k) {
    // The outer two keep clear of the picture's border.
    constexpr int kColumns[] = {5, 6, 8};
    const int column = kColumns[k % 3] + (k % 3 == 1 ? random.Index(2) : 0);
    const int row = 3 + 2 * (k / 3) + random.Index(2);
    Body panel =
        MakeObject(random, {ShapeKind::kBox, {grid.cell_m, kThick_m, grid.cell_m}, colours[k]});
    panel.world_from_body = Block(grid, column, row, wall).world_from_body;
    panel.name = colours[k].name + " panel";
    panel.fixed = true;
    if (panel.material.pattern == Pattern::kPlain) panel.material.pattern = Pattern::kNoise;
    panels.push_back(panel);
  }
  return panels;
}

struct PlainColour {
  const char* name;
  Eigen::Vector3d srgb;
};

// One even colour that has no pattern at all.
Material PickPlain(Random& random) {
  static const std::array<PlainColour, 6> colours = {{{"grey", {0.66, 0.66, 0.66}},
                                                      {"beige", {0.80, 0.74, 0.64}},
                                                      {"cream", {0.88, 0.85, 0.78}},
                                                      {"pale green", {0.70, 0.78, 0.70}},
                                                      {"pale blue", {0.68, 0.75, 0.83}},
                                                      {"light brown", {0.68, 0.57, 0.47}}}};
  const PlainColour& colour = colours[random.Index(static_cast<int>(colours.size()))];
  Material material;
  material.name = colour.name;
  material.colour = colour.srgb + Eigen::Vector3d::Constant(random.Uniform(-0.04, 0.04));
  material.second_colour = material.colour;
  material.gloss = 0.05;
  material.friction = 1.0;
  material.restitution = 1.0;
  return material;
}

}  // namespace

Scene MakePlanarWall(Random& random) {
  Scene scene = EmptyRoom(random);
  scene.bodies.clear();  // the wall is made of blocks, and it is all there is
  const Material wall = PickWall(random);
  Grid grid;
  grid.cell_m = random.Uniform(0.58, 0.66);
  const std::vector<Body> panels = Panels(random, grid, wall);
  for (int row = 0; row < grid.rows; ++row) {
    scene.bodies.push_back(RowOfBlocks(random, {grid, wall, panels}, row));
  }
  std::vector<std::string> names;
  for (const Body& panel : panels) {
    names.push_back(Describe(panel));
    scene.bodies.push_back(panel);
  }
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  const double way_m = random.Uniform(0.5, 0.8);
  scene.camera.motion = CameraMotion::kDolly;
  scene.camera.travel_m = {side * way_m, 0, 0};
  scene.camera.eye_m = {-side * way_m / 2 + random.Uniform(-0.1, 0.1),
                        random.Uniform(-3.7, -3.5),
                        3.0 * grid.cell_m + random.Uniform(-0.1, 0.2)};
  scene.camera.target_m = {
      scene.camera.eye_m.x() + random.Uniform(-0.3, 0.3), kFace_m, 3.0 * grid.cell_m};
  scene.camera.fov_rad = 0.9;
  SceneWords words;
  words.stage = "a flat wall of " + wall.name + " blocks";
  words.tellings = {Enumerate(names) + " are set flush into the wall",
                    Enumerate(names) + " are let into the even blocks",
                    Enumerate(names) + ", all in one plane"};
  words.outcome = kAllInPlace;
  Tell(scene, words);
  return scene;
}

std::vector<LawCheck> CheckPlanarWall(const Truth& truth) {
  std::vector<LawCheck> checks = CheckView(truth);
  if (truth.passes.flow_px.num_elements() == 0) return checks;
  const auto flow = truth.passes.flow_px.As<float>();
  const size_t width = truth.video.width(), area = width * truth.video.height();
  double largest = 0;
  for (size_t i = 0; i < flow.size() / 2; i += 97) {
    const auto frame = static_cast<int>(i / area);
    const Camera& camera = truth.cameras[frame];
    const Eigen::Vector2d point(i % area % width + 0.5, i % area / width + 0.5);
    const Eigen::Vector3d eye = Inverse(camera.camera_from_world).translation;
    const Eigen::Vector3d along = Unproject(camera, point, 1.0) - eye;
    if (along.y() <= 0) continue;
    const Eigen::Vector3d x = eye + (kFace_m - eye.y()) / along.y() * along;
    const Eigen::Vector2d next = Project(truth.cameras[frame + 1], x).point_px;
    largest =
        std::max(largest, (point + Eigen::Vector2d(flow[2 * i], flow[2 * i + 1]) - next).norm());
  }
  checks.push_back(Compare("flow beside the plane's homography", "px", {0, largest, 0.01}));
  return checks;
}

Scene MakeLowTextureRoom(Random& random) {
  Scene scene = EmptyRoom(random);
  const Material floor = PickPlain(random);
  Material wall = PickPlain(random);
  while (wall.name == floor.name) wall = PickPlain(random);
  for (Body& body : scene.bodies) body.material = body.name == "floor" ? floor : wall;
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  const double sweep_rad = random.Uniform(0.4, 0.6);
  const double radius_m = random.Uniform(2.9, 3.1);
  const double start_rad = -std::numbers::pi / 2 - side * sweep_rad / 2;
  scene.camera.motion = CameraMotion::kArc;
  scene.camera.target_m = {0, 0, 0.62};
  scene.camera.eye_m = {
      radius_m * std::cos(start_rad), radius_m * std::sin(start_rad), random.Uniform(1.6, 1.9)};
  scene.camera.sweep_rad = side * sweep_rad;
  scene.camera.fov_rad = random.Uniform(0.88, 0.98);
  Furniture furniture;
  furniture.colours = PickColours(random, 4);
  furniture.textured = false;
  furniture.apart_in_view = 0.6;
  const std::vector<std::string> objects = Furnish(random, scene, furniture);
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {Enumerate(objects) +
                        " stand at rest; floor, walls and things have one even "
                        "colour each",
                    "an evenly painted room without pictures holds " + Enumerate(objects) +
                        ", all of one colour each",
                    Enumerate(objects) + " at rest, nothing with a pattern"};
  words.outcome = kAllInPlace;
  Tell(scene, words);
  return scene;
}

}  // namespace plumb
