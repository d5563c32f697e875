// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "core/check.h"
#include "scenes/catalogue/collisions/internal_collisions.h"
#include "scenes/catalogue/internal_matter.h"
#include "scenes/checks/internal_motion_laws.h"

namespace plumb {

StageLayout MeetingStage(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.4, 2.2);
  stage.eye_m = {0, -4.6, 1.9};
  stage.target_m = {0, 0, 0.42};
  stage.fov_rad = 0.6;
  return stage;
}

std::string SideName(double side) { return side < 0 ? "left" : "right"; }

Body MakePolishedBall(Random& random,
                      const std::string& matter,
                      double diameter_m,
                      const NamedColour& colour) {
  Body ball = MakeThing(
      random,
      {matter, "ball", {ShapeKind::kSphere, Eigen::Vector3d::Constant(diameter_m)}, colour});
  ball.material.friction = 0.05;
  return ball;
}

void DeadenFixedBodies(Scene& scene) {
  for (Body& body : scene.bodies) {
    if (body.fixed) body.material.restitution = 0;
  }
}

std::vector<LawCheck> CheckMeeting(const Scene& scene, const Motion& motion, const Meeting& meet) {
  const auto blow = FirstContact(motion, meet.a, meet.b);
  std::vector<LawCheck> checks = {Compare("the two meet", "count", {1, blow ? 1.0 : 0.0, 0})};
  if (!blow) return checks;
  const double mass_a = scene.bodies[meet.a].mass_kg;
  const double mass_b = scene.bodies[meet.b].mass_kg;
  const double a0 = VelocityBefore(motion, blow->time_s, meet.a).dot(blow->normal);
  const double b0 = VelocityBefore(motion, blow->time_s, meet.b).dot(blow->normal);
  const double a1 = VelocityAfter(motion, blow->time_s, meet.a).dot(blow->normal);
  const double b1 = VelocityAfter(motion, blow->time_s, meet.b).dot(blow->normal);
  const double closing_mps = std::abs(a0 - b0);
  const double common_mps = (mass_a * a0 + mass_b * b0) / (mass_a + mass_b);
  // In the frame of the common centre of mass each turns round with e of its speed.
  const auto after = [&](double before) {
    return common_mps - meet.restitution * (before - common_mps);
  };
  const double momentum = (mass_a + mass_b) * closing_mps;
  checks.push_back(Compare(
      "velocity of the first after the blow", "m/s", {after(a0), a1, kBlowShare * closing_mps}));
  checks.push_back(Compare(
      "velocity of the second after the blow", "m/s", {after(b0), b1, kBlowShare * closing_mps}));
  checks.push_back(
      Compare("momentum of both, as a share",
              "share",
              {0.0, (mass_a * (a1 - a0) + mass_b * (b1 - b0)) / momentum, kBlowShare}));
  checks.push_back(Compare("separation over closing speed",
                           "ratio",
                           {meet.restitution, (b1 - a1) / (a0 - b0), kRestitution}));
  return checks;
}

}  // namespace plumb
