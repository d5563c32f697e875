// SPDX-License-Identifier: Apache-2.0
// A ball rolls down a ramp into another, or over the floor into a heap of blocks.
#include <algorithm>
#include <array>
#include <cmath>

#include "scenes/catalogue/collisions/internal_collisions.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_matter.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/catalogue/internal_ramp.h"
#include "scenes/checks/internal_motion_laws.h"

namespace plumb {
namespace {

Scene MakeRampCollision(Random& random) {
  StageLayout stage = MeetingStage(random);
  stage.eye_m = {0, -5.2, 1.9};
  stage.target_m = {0, 0, 0.55};
  Scene scene = MakeStage(random, stage);
  const std::vector<NamedColour> colours = PickColours(random, 2);
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  Ramp ramp;
  ramp.angle_rad = random.Uniform(0.18, 0.26);
  ramp.side = -side;
  ramp.length_m = 1.7;
  ramp.width_m = 0.7;
  ramp.x_m = 0.75 * side;
  // The slab's lower edge is flush with the floor.
  ramp.lift_m = -0.02 - ramp.thick_m / 2 * std::cos(ramp.angle_rad);
  const double d = random.Uniform(0.4, 0.44);
  static constexpr std::array kMatters = {"steel", "glass", "ceramic"};
  const double restitution = std::sqrt(random.Uniform(0.6, 0.9));
  std::vector<Body> balls;
  for (int i = 0; i < 2; ++i) {
    Body ball = MakePolishedBall(random, kMatters[random.Index(3)], d, colours[i]);
    ball.material.restitution = restitution;
    balls.push_back(ball);
  }
  // Enough grip to roll on the ramp; the resting one stays smooth.
  balls[0].material.friction = 0.2;
  balls[0].world_from_body = ramp.Place(random.Uniform(0.22, 0.32), 0, d / 2);
  StandOnFloor(balls[1], {-side * random.Uniform(0.85, 0.95), 0}, 0);
  for (const Body& post : ramp.Posts()) scene.bodies.push_back(post);
  scene.bodies.push_back(ramp.Slab());
  for (const Body& ball : balls) scene.bodies.push_back(ball);
  DeadenFixedBodies(scene);
  Tell(scene,
       {DescribeStage(scene),
        {"there is a short wooden ramp on the " + SideName(side) + "; " + Describe(balls[0]) +
             " is let go at its top, and " + Describe(balls[1]) + " rests on the ground before it",
         Describe(balls[1]) + " rests in front of a short wooden ramp on the " + SideName(side) +
             ", and " + Describe(balls[0]) + " is let go at the top of the ramp"},
        "the " + balls[0].name + " rolls down the ramp and knocks the " + balls[1].name + " away",
        {}});
  return scene;
}

std::vector<LawCheck> CheckRampCollision(const Scene& scene, const Motion& motion) {
  const int mover = FirstMover(scene);
  const Body& slab = scene.bodies[BodyNamed(scene, "ramp")];
  const Eigen::Vector3d up = slab.world_from_body.rotation * Eigen::Vector3d::UnitZ();
  const double slope_rad = std::acos(std::clamp(up.z(), -1.0, 1.0));
  const double expected = 5.0 / 7 * scene.gravity_mps2.norm() * std::sin(slope_rad);
  const auto foot = FirstContact(motion, mover, BodyNamed(scene, "floor"));
  const double end_s = foot ? foot->time_s : 0.5;
  std::vector<LawCheck> checks = {AccelerationCheck(
      "acceleration on the ramp", expected, motion, {mover, 0.1 * end_s, 0.9 * end_s})};
  const double e =
      scene.bodies[mover].material.restitution * scene.bodies[mover + 1].material.restitution;
  for (const LawCheck& check : CheckMeeting(scene, motion, {mover, mover + 1, e})) {
    checks.push_back(check);
  }
  const double height_m = slab.shape.size_m.x() * std::sin(slope_rad);
  const double scale_j = scene.bodies[mover].mass_kg * scene.gravity_mps2.norm() * height_m;
  checks.push_back(EnergyNeverRises(scene, motion, scale_j, 0.001));
  return checks;
}

// A pyramid of three rows, seen from the side; the lowest row first.
std::vector<Body> Pyramid(Random& random, const std::vector<NamedColour>& colours, double x_m) {
  std::vector<Body> blocks;
  const double s = random.Uniform(0.22, 0.25);
  for (int row = 0; row < 3; ++row) {
    for (int k = 0; k < 3 - row; ++k) {
      Body block = MakeThing(random,
                             {"wooden",
                              "block",
                              {ShapeKind::kBox, {s, s * random.Uniform(0.95, 1.1), s}},
                              colours[blocks.size()]});
      StandOnFloor(block, {x_m + (k - (2 - row) / 2.0) * (s + 0.006), 0}, 0);
      block.world_from_body.translation.z() += row * (s - kSeat_m);
      block.material.restitution = 0.3;
      blocks.push_back(block);
    }
  }
  return blocks;
}

Scene MakeRollIntoBlocks(Random& random) {
  Scene scene = MakeStage(random, MeetingStage(random));
  const std::vector<NamedColour> colours = PickColours(random, 7);
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  static constexpr std::array kMatters = {"steel", "ceramic", "glass"};
  const double d = random.Uniform(0.34, 0.4);
  Body ball = MakeThing(
      random, {kMatters[random.Index(3)], "ball", {ShapeKind::kSphere, {d, d, d}}, colours.back()});
  StandOnFloor(ball, {side * random.Uniform(1.0, 1.1), 0}, 0);
  Roll(ball, -side * random.Uniform(1.9, 2.4));
  const std::vector<Body> blocks = Pyramid(random, colours, -side * random.Uniform(0.3, 0.4));
  std::vector<std::string> names(3);
  for (int i = 0; i < 6; ++i) {
    std::string& row = names[i < 3 ? 0 : i < 5 ? 1 : 2];
    row += (row.empty() ? "" : i == 2 || i == 4 ? " and " : ", ") + colours[i].name;
  }
  const std::string heap = "a pyramid of six wooden blocks (" + names[0] + " below, " + names[1] +
                           " in the middle, " + names[2] + " on top)";
  Tell(scene,
       {DescribeStage(scene),
        {Describe(ball) + " rolls from the " + SideName(side) + " towards " + heap,
         heap + " stands in the way of " + Describe(ball) + " that comes rolling from the " +
             SideName(side)},
        "the " + ball.name + " runs into the pyramid and shoves its blocks out of their places",
        {}});
  scene.bodies.push_back(ball);
  for (const Body& block : blocks) scene.bodies.push_back(block);
  return scene;
}

std::vector<LawCheck> CheckRollIntoBlocks(const Scene& scene, const Motion& motion) {
  const int body = FirstMover(scene);
  const Body& ball = scene.bodies[body];
  double gap_m = 1e9;
  double touch_s = 1e9;
  for (int b = body + 1; b < static_cast<int>(scene.bodies.size()); ++b) {
    const Body& block = scene.bodies[b];
    if (block.world_from_body.translation.z() > block.shape.size_m.z()) continue;
    const double apart_m =
        std::abs(block.world_from_body.translation.x() - ball.world_from_body.translation.x());
    gap_m = std::min(gap_m, apart_m - (block.shape.size_m.x() + ball.shape.size_m.x()) / 2);
    if (const auto touch = FirstContact(motion, body, b))
      touch_s = std::min(touch_s, touch->time_s);
  }
  const double speed_mps = ball.velocity_mps.norm();
  const double before_s = 0.95 * gap_m / speed_mps;
  const double before_mps = StateAt(motion, before_s, body).velocity_mps.norm();
  const double scale_j = 0.5 * ball.mass_kg * speed_mps * speed_mps;
  double deepest_m = 0;
  for (int b = body; b < static_cast<int>(scene.bodies.size()); ++b) {
    deepest_m = std::max(deepest_m, DepthInFloor(scene.bodies[b], motion.states.back()[b]));
  }
  return {
      Compare("speed before the blow", "m/s", {speed_mps, before_mps, 0.001 * speed_mps}),
      Compare("time of first contact", "s", {gap_m / speed_mps, touch_s, kFallTime_s}),
      EnergyNeverRises(scene, motion, scale_j, 0.001),
      Compare("deepest overlap with the floor at the end", "m", {0, deepest_m, kPenetration_m})};
}

}  // namespace

ScenarioEntry RampCollisionScenario() {
  return {{"ramp_collision",
           "collisions",
           "A ball rolls down a ramp towards one at rest; the camera stands still.",
           "a = 5/7 g sin t on the ramp, momentum, separation speed = e times closing speed"},
          MakeRampCollision,
          CheckRampCollision};
}

ScenarioEntry RollIntoBlocksScenario() {
  return {{"roll_into_blocks",
           "collisions",
           "A ball rolls towards a pyramid of blocks; the camera stands still.",
           "constant speed before, time of first contact, energy never rises, no overlap"},
          MakeRollIntoBlocks,
          CheckRollIntoBlocks};
}

}  // namespace plumb
