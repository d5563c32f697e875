// SPDX-License-Identifier: Apache-2.0
// Scenarios in which something is let go above a floor: drop and bounce.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "scenes/catalogue/gravity/internal_gravity.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/checks/internal_motion_laws.h"

namespace plumb {
// The object hangs free for longer than half a second: at 1.35 m the fall takes 0.52 s.
StageLayout FallStage(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.6, 2.6);
  stage.eye_m = {0, -5.1, 1.5};
  stage.target_m = {0, 0, 1.08};
  stage.fov_rad = 0.6;
  return stage;
}

Eigen::Quaterniond TiltedPose(Random& random, double largest_tilt_rad) {
  const double heading = random.Uniform(-std::numbers::pi, std::numbers::pi);
  const double lean = random.Uniform(-std::numbers::pi, std::numbers::pi);
  const Eigen::Vector3d axis(std::cos(lean), std::sin(lean), 0);
  return Eigen::AngleAxisd(random.Uniform(0.0, largest_tilt_rad), axis) *
         Eigen::Quaterniond(Eigen::AngleAxisd(heading, Eigen::Vector3d::UnitZ()));
}

namespace {

std::string FallCaption(const Scene& scene, const Body& object, const std::string& colour) {
  return "At first " + Describe(object, colour) + " hangs in the air above " +
         DescribeStage(scene) + "; then it is let go. The camera does not move.";
}

void TellFall(Scene& scene, const Body& object, const std::string& outcome) {
  const std::string it = Describe(object);
  Tell(scene,
       {DescribeStage(scene),
        {it + " hangs in the air at first and is let go a moment later",
         "somebody lets go of " + it + " that was held in the air"},
        "the " + object.name + outcome,
        {},
        "above"});
}

Scene MakeDrop(Random& random) {
  Scene scene = MakeStage(random, FallStage(random));
  const NamedColour colour = PickColours(random, 1).front();
  // A box leans a little, so that it lands on a corner; a ball may lie any way.
  const bool is_ball = random.Uniform() < 0.4;
  const double size_m = random.Uniform(0.38, 0.5);
  Eigen::Vector3d size = Eigen::Vector3d::Constant(size_m);
  if (!is_ball)
    size = size.cwiseProduct(
        Eigen::Vector3d{random.Uniform(0.8, 1.2), 1.0, random.Uniform(0.75, 1.1)});
  Body object = MakeObject(random, {is_ball ? ShapeKind::kSphere : ShapeKind::kBox, size, colour});
  object.world_from_body.rotation = TiltedPose(random, is_ball ? 1.0 : 0.25);
  object.material.restitution = random.Uniform(0.05, 0.3);
  const double height_m = random.Uniform(1.35, 1.6);
  HangAt(object, height_m, random.Uniform(-0.5, 0.5));
  scene.caption = FallCaption(scene, object, colour.name);
  scene.bodies.push_back(object);
  TellFall(scene, object, " falls to the floor and comes to rest there");
  return scene;
}

Scene MakeBounce(Random& random) {
  Scene scene = MakeStage(random, FallStage(random));
  const NamedColour colour = PickColours(random, 1).front();
  const double diameter_m = random.Uniform(0.36, 0.46);
  Body ball =
      MakeObject(random, {ShapeKind::kSphere, Eigen::Vector3d::Constant(diameter_m), colour});
  ball.world_from_body.rotation = TiltedPose(random, 1.0);
  ball.material.restitution = random.Uniform(0.62, 0.86);
  // A slow sideways drift keeps the ball in view and draws its arcs apart.
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  const double drift_mps = side * random.Uniform(0.1, 0.4);
  ball.velocity_mps = {drift_mps, 0, 0};
  const double height_m = random.Uniform(1.0, 1.35);
  HangAt(ball, height_m, -drift_mps + random.Uniform(-0.2, 0.2));
  scene.caption = FallCaption(scene, ball, colour.name);
  scene.bodies.push_back(ball);
  TellFall(scene, ball, " falls and bounces off the floor again and again, each time less high");
  return scene;
}

std::vector<LawCheck> CheckDrop(const Scene& scene, const Motion& motion) {
  const int body = FirstMover(scene);
  const double fall_s = FallTime(scene, scene.bodies[body]);
  const auto contacts = ContactsWithFixed(scene, motion, body);
  const double first_s = contacts.empty() ? 0.0 : contacts.front().time_s;
  const double probe_s = std::floor(0.95 * fall_s * motion.rate_hz) / motion.rate_hz;
  const BodyState& state = StateAt(motion, probe_s, body);
  const Eigen::Vector3d fallen =
      state.world_from_body.translation - scene.bodies[body].world_from_body.translation;
  const double g = scene.gravity_mps2.norm();
  return {Compare("time of first contact", "s", {fall_s, first_s, 1.0 / motion.rate_hz}),
          Compare("height fallen", "m", {0.5 * g * probe_s * probe_s, -fallen.z(), kFlight_m}),
          Compare("speed of fall", "m/s", {g * probe_s, -state.velocity_mps.z(), kFlight_mps})};
}

std::vector<LawCheck> CheckBounce(const Scene& scene, const Motion& motion) {
  const int body = FirstMover(scene);
  const auto contacts = ContactsWithFixed(scene, motion, body);
  const double restitution = scene.bodies[body].material.restitution;
  std::vector<LawCheck> checks = {Compare("time of first contact",
                                          "s",
                                          {FallTime(scene, scene.bodies[body]),
                                           contacts.empty() ? 0.0 : contacts[0].time_s,
                                           1.0 / motion.rate_hz}),
                                  // At least two impacts, or there is no ladder.
                                  Compare("impacts in the clip, two at least",
                                          "count",
                                          {2.0, std::min<double>(2, contacts.size()), 0.0})};
  double flight_s = 2 * FallTime(scene, scene.bodies[body]);
  for (size_t k = 0; k < contacts.size(); ++k) {
    const double before_mps = -VelocityBefore(motion, contacts[k].time_s, body).z();
    const double after_mps = VelocityAfter(motion, contacts[k].time_s, body).z();
    if (before_mps < 0.5) break;
    const std::string which = std::to_string(k + 1);
    checks.push_back(Compare("restitution at impact " + which,
                             "ratio",
                             {restitution, after_mps / before_mps, kRestitution}));
    flight_s *= restitution;
    if (k + 1 >= contacts.size()) break;
    checks.push_back(Compare("flight after impact " + which,
                             "s",
                             {flight_s, contacts[k + 1].time_s - contacts[k].time_s, kFallTime_s}));
  }
  return checks;
}

}  // namespace

ScenarioEntry DropScenario() {
  return {{"drop",
           "gravity",
           "An object is let go above a floor; the camera stands still.",
           "fall time t = sqrt(2 h / g), position and speed of free fall"},
          MakeDrop,
          CheckDrop};
}

ScenarioEntry BounceScenario() {
  return {{"bounce",
           "gravity",
           "A ball is let go above a floor and comes back; the camera stands still.",
           "ratio of speeds at each impact = restitution, intervals t(k+1) = e t(k)"},
          MakeBounce,
          CheckBounce};
}

}  // namespace plumb
