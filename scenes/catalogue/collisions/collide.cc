// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "scenes/catalogue/collisions/internal_collisions.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/checks/internal_motion_laws.h"

namespace plumb {
namespace {

Body Ball(Random& random, const NamedColour& colour, double diameter_m) {
  return MakeObject(random, {ShapeKind::kSphere, Eigen::Vector3d::Constant(diameter_m), colour});
}

void TellMeeting(Scene& scene, const Body& mover, const Body& target, const std::string& from) {
  Tell(scene,
       {DescribeStage(scene),
        {Describe(mover) + " comes rolling from the " + from + " while " + Describe(target) +
             " rests in its way",
         Describe(target) + " lies at rest and " + Describe(mover) + " rolls towards it from the " +
             from},
        "the " + mover.name + " strikes the " + target.name + ", which rolls on away from it",
        {}});
}

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
  TellMeeting(scene, mover, target, from_left ? "left" : "right");
  return scene;
}

std::vector<LawCheck> CheckCollide(const Scene& scene, const Motion& motion) {
  const auto impact =
      std::find_if(motion.contacts.begin(), motion.contacts.end(), [&](const auto& c) {
        return !scene.bodies[c.body_a].fixed && !scene.bodies[c.body_b].fixed;
      });
  const bool met = impact != motion.contacts.end();
  std::vector<LawCheck> checks = {Compare("the two meet", "count", {1, met ? 1.0 : 0.0, 0})};
  if (!met) return checks;
  const Body& a = scene.bodies[impact->body_a];
  const Body& b = scene.bodies[impact->body_b];
  const Eigen::Vector3d a0 = VelocityBefore(motion, impact->time_s, impact->body_a);
  const Eigen::Vector3d b0 = VelocityBefore(motion, impact->time_s, impact->body_b);
  const Eigen::Vector3d a1 = VelocityAfter(motion, impact->time_s, impact->body_a);
  const Eigen::Vector3d b1 = VelocityAfter(motion, impact->time_s, impact->body_b);
  const Eigen::Vector3d before = a.mass_kg * a0 + b.mass_kg * b0;
  const Eigen::Vector3d after = a.mass_kg * a1 + b.mass_kg * b1;
  const double restitution = a.material.restitution * b.material.restitution;
  const double tolerance_ns = kBlowShare * before.norm();
  checks.push_back(
      Compare("momentum along the motion", "kg m/s", {before.x(), after.x(), tolerance_ns}));
  checks.push_back(
      Compare("momentum across the motion", "kg m/s", {before.y(), after.y(), tolerance_ns}));
  checks.push_back(Compare(
      "separation over closing speed",
      "ratio",
      {restitution, (b1 - a1).dot(impact->normal) / (a0 - b0).dot(impact->normal), kRestitution}));
  return checks;
}

}  // namespace

ScenarioEntry CollideScenario() {
  return {{"collide",
           "collisions",
           "A rolling ball meets one at rest; the camera stands still.",
           "momentum before = after, separation speed = e times closing speed"},
          MakeCollide,
          CheckCollide};
}

}  // namespace plumb
