// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/catalogue/internal_scenarios.h"

namespace plumb {
namespace {

// A ball that rolls along x through the middle; `side` is where it starts.
Body RollingBall(Random& random, const NamedColour& colour, double side) {
  const double diameter_m = random.Uniform(0.38, 0.43);
  Body ball =
      MakeObject(random, {ShapeKind::kSphere, Eigen::Vector3d::Constant(diameter_m), colour});
  const double speed_mps = -side * random.Uniform(1.25, 1.35);
  StandOnFloor(ball, {side * random.Uniform(1.22, 1.28), 0}, 0);
  Roll(ball, speed_mps);
  ball.material.restitution = 0;
  return ball;
}

// Stands between camera and path and is wide enough to hide the ball wholly for a while.
Body Screen(Random& random) {
  const Eigen::Vector3d centre{random.Uniform(-0.12, 0.12), -0.75, 0.5};
  const Eigen::Vector3d size{random.Uniform(0.7, 0.8), 0.14, 1.0};
  Body screen = FixedBox("screen", centre, size, PickWall(random));
  screen.role = Role::kOccluder;
  screen.material.pattern_size_m *= 0.7;
  return screen;
}

// An object at rest behind the path, in the picture above it.
Body Stander(Random& random, const NamedColour& colour, double side) {
  constexpr ShapeKind kKinds[] = {ShapeKind::kBox, ShapeKind::kCylinder, ShapeKind::kCone};
  const ShapeKind kind = kKinds[random.Index(3)];
  const double size_m = random.Uniform(0.4, 0.48);
  Body stander = MakeObject(random, {kind, {size_m, size_m, 1.15 * size_m}, colour});
  const Eigen::Vector3d place{
      side * random.Uniform(0.85, 1.05), random.Uniform(1.15, 1.3), random.Uniform(-0.6, 0.6)};
  StandOnFloor(stander, place.head<2>(), place.z());
  stander.material.restitution = 0;
  return stander;
}

}  // namespace

Scene MakeOccluderPass(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.9, 2.5);
  stage.eye_m = {0, -5.0, 2.5};
  stage.target_m = {0, 0, 0.42};
  stage.fov_rad = 0.6;
  Scene scene = MakeStage(random, stage);
  const std::vector<NamedColour> colours = PickColours(random, 2);
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  const Body ball = RollingBall(random, colours[0], side);
  const Body screen = Screen(random);
  const Body stander = Stander(random, colours[1], -side);
  scene.caption = Describe(ball, colours[0].name) + " rolls along " + DescribeStage(scene) +
                  " from the " + (side < 0 ? "left" : "right") + " towards " +
                  WithArticle(screen.material.name) + " screen in the middle; " +
                  Describe(stander, colours[1].name) +
                  " stands on the other side. The camera does not move.";
  scene.caption.front() = 'A';
  for (const Body& body : {ball, stander, screen}) scene.bodies.push_back(body);
  const std::string from = std::string("from the ") + (side < 0 ? "left" : "right");
  const std::string the_screen = WithArticle(screen.material.name) + " screen";
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {Describe(ball) + " rolls " + from + " towards " + the_screen +
                        " in the middle, with " + Describe(stander) + " on the other side",
                    the_screen + " stands in the middle and " + Describe(ball) +
                        " rolls towards it " + from + "; beyond it stands " + Describe(stander),
                    Describe(ball) + " rolling " + from + " to the back of " + the_screen +
                        ", and " + Describe(stander) + " at rest beyond it"};
  words.outcome = DescribeThe(ball) +
                  " goes out of sight behind the screen and comes out on the other side at the "
                  "same speed";
  Tell(scene, words);
  return scene;
}

}  // namespace plumb
