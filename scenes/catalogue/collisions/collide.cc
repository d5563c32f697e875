// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/catalogue/internal_scenarios.h"

namespace plumb {
namespace {

Body Ball(Random& random, const NamedColour& colour, double diameter_m) {
  return MakeObject(random, {ShapeKind::kSphere, Eigen::Vector3d::Constant(diameter_m), colour});
}

}  // namespace

Scene MakeCollide(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.4, 2.2);
  stage.eye_m = {0, -4.4, 1.9};
  stage.target_m = {0, 0, 0.42};
  stage.fov_rad = 0.6;
  Scene scene = MakeStage(random, stage);
  const std::vector<NamedColour> colours = PickColours(random, 2);
  const double diameter_m = random.Uniform(0.36, 0.44);
  Body mover = Ball(random, colours[0], diameter_m);
  // Equal sizes: otherwise the line through the centres leans and the floor takes part in the
  // impact.
  Body target = Ball(random, colours[1], diameter_m);
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  StandOnFloor(mover, {side * random.Uniform(1.0, 1.1), 0}, 0);
  const double target_x_m = side * random.Uniform(0.0, 0.15);
  StandOnFloor(target, {target_x_m, random.Uniform(-0.04, 0.04)}, 0);
  Roll(mover, -side * random.Uniform(0.95, 1.3));
  // The floor's grip is small, so that the two keep their momentum to themselves during the impact.
  for (Body* ball : {&mover, &target}) {
    ball->material.friction = 0.05;
    ball->material.restitution = std::sqrt(random.Uniform(0.6, 0.9));
  }
  const bool from_left = side < 0;
  scene.caption = "On " + DescribeStage(scene) + ", " + Describe(mover, colours[0].name) +
                  " rolls from the " + (from_left ? "left" : "right") + " towards " +
                  Describe(target, colours[1].name) + " at rest. The camera does not move.";
  scene.bodies.push_back(mover);
  scene.bodies.push_back(target);
  return scene;
}

}  // namespace plumb
