// SPDX-License-Identifier: Apache-2.0
#include "scenes/catalogue/permanence/internal_permanence.h"

#include <algorithm>
#include <cmath>

#include "scenes/catalogue/internal_placing.h"
#include "scenes/catalogue/internal_things.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {
namespace {

constexpr double kPlace_m = 0.005;
constexpr double kSpeed_mps = 0.005;
// A cylinder rolls on its rounded rim, whose radius settles its speed within one percent.
constexpr double kCylinder = 0.01;

// How far a body is from where its start velocity leads, and its speed from the start speed.
struct Drift {
  double place_m = 0.0;
  double speed_mps = 0.0;
};
Drift DriftOf(const Body& body, const BodyState& end, double time_s) {
  const Eigen::Vector3d expected = body.world_from_body.translation + time_s * body.velocity_mps;
  return {(end.world_from_body.translation - expected).norm(),
          (end.velocity_mps - body.velocity_mps).head<2>().norm()};
}

// The last step before the first contact of the body with anything but the floor.
size_t LastFreeStep(const Scene& scene, const Motion& motion, int body) {
  const int floor = FindBody(scene, "floor");
  for (const ContactEvent& contact : motion.contacts) {
    if (contact.body_a != body && contact.body_b != body) continue;
    const int other = contact.body_a == body ? contact.body_b : contact.body_a;
    if (other == floor) continue;
    const double step = std::round(contact.time_s * motion.rate_hz) - 2;
    return static_cast<size_t>(std::clamp(step, 0.0, motion.states.size() - 1.0));
  }
  return motion.states.size() - 1;
}

}  // namespace

Scene PermanenceStage(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(2.1, 2.6);
  stage.eye_m = {0, -5.0, 2.4};
  stage.target_m = {0, 0, 0.42};
  stage.fov_rad = 0.6;
  return MakeStage(random, stage);
}

double PickSide(Random& random) { return random.Uniform() < 0.5 ? -1 : 1; }
std::string LaneSide(double side) { return side < 0 ? "left" : "right"; }

Body LaneBall(Random& random, const NamedColour& colour, const Lane& lane) {
  Body ball =
      MakeObject(random, {ShapeKind::kSphere, Eigen::Vector3d::Constant(lane.diameter_m), colour});
  StandOnFloor(ball, {lane.from_x_m, lane.lane_y_m}, random.Uniform(-1.5, 1.5));
  Roll(ball, lane.from_x_m < 0 ? lane.speed_mps : -lane.speed_mps);
  ball.material.restitution = 0;
  return ball;
}

Body MakeScreen(Random& random, const Panel& panel) {
  const Eigen::Vector3d centre{panel.place_m.x(), panel.place_m.y(), panel.size_m.z() / 2};
  Body screen = FixedBox("screen", centre, panel.size_m, PickWall(random));
  screen.role = Role::kOccluder;
  screen.material.pattern_size_m *= 0.7;
  return screen;
}

Body MakeStander(Random& random, const NamedColour& colour, const Standing& standing) {
  constexpr ShapeKind kKinds[] = {ShapeKind::kBox, ShapeKind::kCylinder, ShapeKind::kCone};
  const double size_m = standing.size_m;
  Body stander;
  if (random.Uniform() < 0.5) {
    const auto kind = kFamiliarThings[random.Index(static_cast<int>(kFamiliarThings.size()))];
    stander = MakeFamiliar(random, {kind, colour, 1.1 * size_m});
  } else {
    const ShapeKind kind = kKinds[random.Index(3)];
    stander = MakeObject(random, {kind, {size_m, size_m, 1.15 * size_m}, colour});
  }
  StandOnFloor(stander, standing.place_m, random.Uniform(-0.6, 0.6));
  stander.fixed = true;
  return stander;
}

std::vector<LawCheck> CheckLanes(const Scene& scene, const Motion& motion) {
  Drift largest;
  double moved_m = 0;
  for (int b = 0; b < static_cast<int>(scene.bodies.size()); ++b) {
    const Body& body = scene.bodies[b];
    if (body.role != Role::kObject) continue;
    const size_t step = LastFreeStep(scene, motion, b);
    Drift drift = DriftOf(body, motion.states[step][b], step / motion.rate_hz);
    if (body.velocity_mps.norm() == 0) {
      moved_m = std::max(moved_m, drift.place_m);
      continue;
    }
    if (body.shape.kind == ShapeKind::kCylinder) {
      drift.place_m -= kCylinder * body.velocity_mps.norm() * step / motion.rate_hz;
      drift.speed_mps -= kCylinder * body.velocity_mps.norm();
    }
    largest.place_m = std::max(largest.place_m, drift.place_m);
    largest.speed_mps = std::max(largest.speed_mps, drift.speed_mps);
  }
  return {Compare("distance from where constant speed leads", "m", {0, largest.place_m, kPlace_m}),
          Compare("change of a rolling body's velocity along the floor",
                  "m/s",
                  {0, largest.speed_mps, kSpeed_mps}),
          Compare("movement of what stands", "m", {0, moved_m, 0.001})};
}

}  // namespace plumb
