// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>

#include "scenes/catalogue/collisions/internal_collisions.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_matter.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/checks/internal_motion_laws.h"

namespace plumb {
namespace {

// One ball comes from either side, each in its own lane.
Scene MakeUniformMotion(Random& random) {
  StageLayout stage = MeetingStage(random);
  stage.eye_m.z() = 2.75;  // so high that the lanes lie apart in the picture
  Scene scene = MakeStage(random, stage);
  const std::vector<NamedColour> colours = PickColours(random, 2);
  static constexpr std::array kMatters = {"rubber", "wooden", "plastic", "steel", "glass"};
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  std::vector<Body> balls;
  for (int i = 0; i < 2; ++i) {
    const double at = i == 0 ? side : -side;
    const double d = random.Uniform(0.28, 0.4);
    Body ball = MakeThing(
        random, {kMatters[random.Index(5)], "ball", {ShapeKind::kSphere, {d, d, d}}, colours[i]});
    StandOnFloor(ball, {at * random.Uniform(0.9, 1.05), i == 0 ? -0.4 : 0.4}, 0);
    Roll(ball, -at * (i == 0 ? random.Uniform(0.4, 0.65) : random.Uniform(0.75, 1.0)));
    balls.push_back(ball);
  }
  Tell(scene,
       {DescribeStage(scene),
        {Describe(balls[0]) + " in front rolls slowly from the " + SideName(side) + " to the " +
             SideName(-side) + ", and behind it " + Describe(balls[1]) +
             " rolls faster the other way",
         Describe(balls[1]) + " rolls from the " + SideName(-side) + " to the " + SideName(side) +
             ", and in front of it " + Describe(balls[0]) + " rolls more slowly the other way"},
        "both go on evenly in straight lines and pass each other",
        {}});
  for (const Body& ball : balls) scene.bodies.push_back(ball);
  return scene;
}

std::vector<LawCheck> CheckUniformMotion(const Scene& scene, const Motion& motion) {
  std::vector<LawCheck> checks;
  for (int body = FirstMover(scene); body < static_cast<int>(scene.bodies.size()); ++body) {
    const Body& ball = scene.bodies[body];
    const double radius_m = ball.shape.size_m.x() / 2;
    const std::string which = body == FirstMover(scene) ? "front" : "rear";
    double off_m = 0;
    double slip_mps = 0;
    for (size_t step = 0; step < motion.states.size(); ++step) {
      const BodyState& state = motion.states[step][body];
      const Eigen::Vector3d expected =
          ball.world_from_body.translation + step / motion.rate_hz * ball.velocity_mps;
      off_m = std::max(off_m, (state.world_from_body.translation - expected).norm());
      const double rim_mps = state.angular_velocity_radps.y() * radius_m;
      slip_mps = std::max(slip_mps, std::abs(state.velocity_mps.x() - rim_mps));
    }
    checks.push_back(Compare(
        "distance of the " + which + " ball from constant speed", "m", {0.0, off_m, 0.001}));
    checks.push_back(Compare("slip of the " + which + " ball", "m/s", {0.0, slip_mps, 0.001}));
  }
  return checks;
}

}  // namespace

ScenarioEntry UniformMotionScenario() {
  return {{"uniform_motion",
           "collisions",
           "Two balls roll in opposite directions, each in its lane; the camera stands still.",
           "x = v t for each, rolling without slipping"},
          MakeUniformMotion,
          CheckUniformMotion};
}

}  // namespace plumb
