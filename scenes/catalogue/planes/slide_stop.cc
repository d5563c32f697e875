// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>

#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_matter.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/catalogue/planes/internal_planes.h"
#include "scenes/checks/internal_motion_laws.h"

namespace plumb {
namespace {

Scene MakeSlideStop(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.4, 2.2);
  stage.eye_m = {0, -4.6, 1.9};
  stage.target_m = {0, 0, 0.42};
  stage.fov_rad = 0.6;
  Scene scene = MakeStage(random, stage);
  const NamedColour colour = PickColours(random, 1).front();
  static constexpr std::array kMatters = {"steel", "plastic", "wooden", "ceramic"};
  const Eigen::Vector3d size{
      random.Uniform(0.42, 0.52), random.Uniform(0.34, 0.42), random.Uniform(0.2, 0.26)};
  Body block =
      MakeThing(random, {kMatters[random.Index(4)], "block", {ShapeKind::kBox, size}, colour});
  block.material.friction *= random.Uniform(0.9, 1.1);
  block.material.restitution = 0;
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  StandOnFloor(block, {-side * random.Uniform(0.9, 1.0), random.Uniform(-0.1, 0.1)}, 0);
  // It comes to rest after a chosen way: v = sqrt(2 mu g d).
  const double way_m = random.Uniform(0.9, 1.5);
  const double speed_mps =
      std::sqrt(2 * block.material.friction * scene.gravity_mps2.norm() * way_m);
  block.velocity_mps = {side * speed_mps, 0, 0};
  const std::string to = side > 0 ? "right" : "left";
  Tell(scene,
       {DescribeStage(scene),
        {Describe(block) + " has been given a push and moves to the " + to,
         "somebody has pushed " + Describe(block) + ", which moves to the " + to},
        "the " + block.name + " slides on, slows down and stops after " +
            std::to_string(static_cast<int>(std::lround(100 * way_m))) + " centimetres",
        {}});
  scene.bodies.push_back(block);
  return scene;
}

std::vector<LawCheck> CheckSlideStop(const Scene& scene, const Motion& motion) {
  const int body = FirstMover(scene);
  const Body& block = scene.bodies[body];
  const double speed_mps = block.velocity_mps.norm();
  const double expected = block.material.friction * scene.gravity_mps2.norm();
  const double stop_s = speed_mps / expected;
  const double way_m = speed_mps * speed_mps / (2 * expected);
  const BodyState& end = motion.states.back()[body];
  const double moved_m =
      (end.world_from_body.translation - block.world_from_body.translation).norm();
  return {AccelerationCheck("acceleration", -expected, motion, {body, 0.1 * stop_s, 0.9 * stop_s}),
          Compare("way until it rests", "m", {way_m, moved_m, 0.005 * way_m}),
          Compare("speed at the end", "m/s", {0.0, end.velocity_mps.norm(), 0.001})};
}

}  // namespace

ScenarioEntry SlideStopScenario() {
  return {{"slide_stop",
           "planes",
           "A block slides over the floor; the camera stands still.",
           "deceleration mu g, way v^2 / (2 mu g)"},
          MakeSlideStop,
          CheckSlideStop};
}

}  // namespace plumb
