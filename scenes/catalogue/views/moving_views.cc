// SPDX-License-Identifier: Apache-2.0
// A room in which balls roll while the camera travels, and a corridor that the camera goes along.
#include <cmath>
#include <numbers>

#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_lines_of_sight.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/catalogue/views/internal_camera_checks.h"
#include "scenes/catalogue/views/internal_makers.h"
#include "scenes/catalogue/views/internal_room.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {
namespace {

constexpr double kHalfWidth_m = 1.3;  // of the corridor
constexpr double kHeight_m = 2.6;
constexpr double kNear_m = -1.0;  // behind the camera
constexpr double kFar_m = 10.0;

Body RollingBall(Random& random, const NamedColour& colour, double side, double lane_y_m) {
  const double diameter_m = random.Uniform(0.38, 0.46);
  Body ball =
      MakeObject(random, {ShapeKind::kSphere, Eigen::Vector3d::Constant(diameter_m), colour});
  if (ball.material.pattern == Pattern::kPlain) ball.material.pattern = Pattern::kStripes;
  StandOnFloor(ball, {side * random.Uniform(0.75, 0.9), lane_y_m}, random.Uniform(-1.5, 1.5));
  Roll(ball, -side * random.Uniform(0.7, 0.9));
  ball.material.restitution = 0;
  return ball;
}

Scene EmptyCorridor(Random& random) {
  Scene scene;
  const double length_m = kFar_m - kNear_m, middle_m = (kFar_m + kNear_m) / 2;
  const double wide_m = 2 * kHalfWidth_m + 0.4;
  const Material wall = PickWall(random);
  Material ceiling = wall;
  ceiling.name = "plaster";
  ceiling.pattern = Pattern::kNoise;
  ceiling.colour = {0.86, 0.85, 0.82};
  ceiling.second_colour = {0.76, 0.75, 0.72};
  scene.bodies = {
      FixedBox("floor", {0, middle_m, -0.25}, {wide_m, length_m, 0.5}, PickFloor(random)),
      FixedBox("back wall", {0, kFar_m + 0.1, kHeight_m / 2}, {wide_m, 0.2, kHeight_m}, wall),
      FixedBox("front wall", {0, kNear_m - 0.1, kHeight_m / 2}, {wide_m, 0.2, kHeight_m}, wall),
      FixedBox("left wall",
               {-kHalfWidth_m - 0.1, middle_m, kHeight_m / 2},
               {0.2, length_m, kHeight_m},
               wall),
      FixedBox("right wall",
               {kHalfWidth_m + 0.1, middle_m, kHeight_m / 2},
               {0.2, length_m, kHeight_m},
               wall),
      FixedBox("ceiling", {0, middle_m, kHeight_m + 0.1}, {wide_m, length_m, 0.2}, ceiling)};
  scene.lighting.centre_m = {0, random.Uniform(3.2, 4.2), kHeight_m - 0.03};
  scene.lighting.side_m = random.Uniform(1.4, 1.8);
  scene.lighting.area_share = random.Uniform(0.55, 0.6);
  return scene;
}

// Doors and pictures by turns along both walls.
void HangDoorsAndPictures(Random& random, Scene& scene) {
  Material door;
  door.name = "door";
  door.pattern = Pattern::kWood;
  for (const double side : {-1.0, 1.0}) {
    for (int k = 0; k < 6; ++k) {
      const bool is_door = (k + (side > 0 ? 1 : 0)) % 2 == 0;
      const double y_m = 0.8 + 1.55 * k + random.Uniform(-0.2, 0.2);
      door.colour = {
          random.Uniform(0.35, 0.6), random.Uniform(0.25, 0.4), random.Uniform(0.15, 0.3)};
      door.second_colour = 0.6 * door.colour;
      const Eigen::Vector3d size =
          is_door ? Eigen::Vector3d(0.06, 0.85, 1.95)
                  : Eigen::Vector3d(0.05, random.Uniform(0.5, 0.8), random.Uniform(0.45, 0.7));
      const double z_m = is_door ? 0.975 : random.Uniform(1.3, 1.6);
      scene.bodies.push_back(FixedBox(std::string(side < 0 ? "left " : "right ") +
                                          (is_door ? "door " : "picture ") + std::to_string(k + 1),
                                      {side * (kHalfWidth_m - 0.02), y_m, z_m},
                                      size,
                                      is_door ? door : PickPictureMaterial(random)));
    }
  }
}

}  // namespace

Scene MakeDynamicRoom(Random& random) {
  Scene scene = EmptyRoom(random);
  HangPictures(random, scene);
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  const double sweep_rad = random.Uniform(0.35, 0.55);
  const double radius_m = random.Uniform(3.0, 3.15);
  const double start_rad = -std::numbers::pi / 2 - side * sweep_rad / 2;
  scene.camera.motion = CameraMotion::kArc;
  scene.camera.target_m = {0, 0, 0.6};
  scene.camera.eye_m = {
      radius_m * std::cos(start_rad), radius_m * std::sin(start_rad), random.Uniform(1.6, 1.9)};
  scene.camera.sweep_rad = side * sweep_rad;
  scene.camera.fov_rad = random.Uniform(0.9, 0.98);
  const std::vector<NamedColour> colours = PickColours(random, 6);
  const double from = random.Uniform() < 0.5 ? -1 : 1;
  scene.bodies.push_back(RollingBall(random, colours[0], from, random.Uniform(-0.75, -0.6)));
  scene.bodies.push_back(RollingBall(random, colours[1], -from, random.Uniform(-0.05, 0.1)));
  const std::string first = Describe(scene.bodies[scene.bodies.size() - 2]);
  const std::string second = Describe(scene.bodies.back());
  Furniture furniture{{colours.begin() + 2, colours.end()}, {-1.9, 0.75}, {1.9, 1.9}};
  furniture.familiar = true;
  furniture.apart_in_view = 0.6;
  const std::string others = Enumerate(Furnish(random, scene, furniture));
  const std::string left = from < 0 ? "left" : "right", right = from < 0 ? "right" : "left";
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {first + " rolls from the " + left + " and, behind it, " + second +
                        " from the " + right + "; further back stand " + others,
                    "before " + others + " at rest, " + first + " rolls from the " + left +
                        " and " + second + " from the " + right,
                    first + " and " + second + " rolling past each other, with " + others +
                        " at rest behind them"};
  words.outcome =
      "the two balls roll past each other at even speed and everything else keeps its "
      "place";
  Tell(scene, words);
  return scene;
}

std::vector<LawCheck> CheckDynamicRoom(const Truth& truth) {
  std::vector<LawCheck> checks = CheckView(truth);
  for (const LawCheck& check : CheckPresence(truth)) checks.push_back(check);
  return checks;
}

Scene MakeCorridor(Random& random) {
  Scene scene = EmptyCorridor(random);
  HangDoorsAndPictures(random, scene);
  scene.camera.motion = CameraMotion::kDolly;
  scene.camera.eye_m = {random.Uniform(-0.25, 0.25), 0.0, random.Uniform(1.35, 1.6)};
  scene.camera.target_m = {random.Uniform(-0.1, 0.1), 5.0, random.Uniform(0.85, 1.0)};
  scene.camera.travel_m = {0, random.Uniform(1.6, 2.2), 0};
  scene.camera.fov_rad = random.Uniform(0.85, 0.95);
  Furniture furniture;
  furniture.colours = PickColours(random, 5);
  furniture.low_m = {-0.95, 2.6};
  furniture.high_m = {0.95, 6.0};
  furniture.shares = {0.0};
  furniture.familiar = true;
  furniture.apart_in_view = 0.5;
  const std::vector<std::string> objects = Furnish(random, scene, furniture);
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {
      "a long corridor with doors and pictures on both sides leads to the wall, and " +
          Enumerate(objects) + " stand in it at rest",
      Enumerate(objects) + " stand at rest along a corridor with doors and pictures",
      "a corridor, " + Enumerate(objects) + " at rest between its doors and pictures"};
  words.outcome = "everything keeps its place and its form while the camera passes";
  Tell(scene, words);
  return scene;
}

}  // namespace plumb
