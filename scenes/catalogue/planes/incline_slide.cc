// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_ramp.h"
#include "scenes/catalogue/planes/internal_planes.h"
#include "scenes/checks/internal_motion_laws.h"

namespace plumb {
Scene RampStage(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.3, 2.0);
  stage.eye_m = {0, -5.6, 1.7};
  stage.target_m = {0, 0, 0.75};
  stage.fov_rad = 0.6;
  return MakeStage(random, stage);
}

namespace {

Ramp PickRamp(Random& random, double flattest_rad, double steepest_rad) {
  Ramp ramp;
  ramp.angle_rad = random.Uniform(flattest_rad, steepest_rad);
  ramp.side = random.Uniform() < 0.5 ? -1.0 : 1.0;
  return ramp;
}

// A flat block near the upper end of the ramp.
Body BlockOnRamp(Random& random, const Ramp& ramp, const NamedColour& colour) {
  const Eigen::Vector3d size{
      random.Uniform(0.46, 0.56), random.Uniform(0.36, 0.46), random.Uniform(0.32, 0.38)};
  Body block = MakeObject(random, {ShapeKind::kBox, size, colour});
  block.world_from_body = ramp.Place(0.42, 0, size.z() / 2);
  block.material.restitution = 0;
  return block;
}

void Furnish(Scene& scene, const Ramp& ramp, const Body& block) {
  for (const Body& post : ramp.Posts()) scene.bodies.push_back(post);
  scene.bodies.push_back(ramp.Slab());
  scene.bodies.push_back(block);
}

void TellBlock(Scene& scene, const Body& block, const std::string& outcome) {
  const std::string it = Describe(block);
  Tell(scene,
       {DescribeStage(scene),
        {"there is a wooden ramp, and " + it + " is let go near its upper end",
         it + " is released near the top of a wooden ramp"},
        "the " + block.name + outcome,
        {}});
}

Scene MakeInclineSlide(Random& random) {
  Scene scene = RampStage(random);
  const NamedColour colour = PickColours(random, 1).front();
  const Ramp ramp = PickRamp(random, 0.36, 0.5);
  Body block = BlockOnRamp(random, ramp, colour);
  // Angle and acceleration are chosen; the friction follows from a = g (sin t - mu cos t).
  const double acceleration_mps2 = random.Uniform(0.7, 1.05);
  block.material.friction =
      std::tan(ramp.angle_rad) -
      acceleration_mps2 / (scene.gravity_mps2.norm() * std::cos(ramp.angle_rad));
  scene.caption = "On " + DescribeStage(scene) + " stands a wooden ramp; " +
                  Describe(block, colour.name) +
                  " lies near its upper end and is let go. The camera does not move.";
  Furnish(scene, ramp, block);
  TellBlock(scene, block, " slides down the ramp, faster and faster");
  return scene;
}

std::vector<LawCheck> CheckInclineSlide(const Scene& scene, const Motion& motion) {
  const int body = FirstMover(scene);
  const Body& block = scene.bodies[body];
  const int ramp = FindBody(scene, "ramp");
  PLUMB_CHECK(ramp >= 0, "scene '{}' has no ramp", scene.id);
  const Eigen::Vector3d up = block.world_from_body.rotation * Eigen::Vector3d::UnitZ();
  const double slope_rad = std::acos(std::clamp(up.z(), -1.0, 1.0));
  const double friction = block.material.friction * scene.bodies[ramp].material.friction;
  const double g = scene.gravity_mps2.norm();
  const double expected = g * (std::sin(slope_rad) - friction * std::cos(slope_rad));
  // The time of a state.
  const double late_s = std::round(0.9 * LastTime_s(motion) * motion.rate_hz) / motion.rate_hz;
  const Eigen::Vector3d moved =
      StateAt(motion, late_s, body).world_from_body.translation - block.world_from_body.translation;
  const double way_m = 0.5 * expected * late_s * late_s;
  return {AccelerationCheck("acceleration down the ramp", expected, motion, {body, 0.1, late_s}),
          Compare("distance down the ramp", "m", {way_m, moved.norm(), kAccelerationShare * way_m}),
          Compare("distance off the ramp", "m", {0.0, moved.dot(up), kPenetration_m})};
}

}  // namespace

ScenarioEntry InclineSlideScenario() {
  return {{"incline_slide",
           "planes",
           "A block is let go on a ramp; the camera stands still.",
           "acceleration a = g (sin t - mu cos t)"},
          MakeInclineSlide,
          CheckInclineSlide};
}

}  // namespace plumb
