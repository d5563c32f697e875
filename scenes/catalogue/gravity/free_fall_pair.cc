// SPDX-License-Identifier: Apache-2.0
// Two things of different weight fall side by side, and a thrown one: the laws of free fall.
#include <array>
#include <cmath>

#include "scenes/catalogue/gravity/internal_gravity.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_matter.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/checks/internal_motion_laws.h"

namespace plumb {
namespace {

// A ball or a box of one matter that hangs at x.
Body HangingThing(Random& random, const std::string& matter, const NamedColour& colour) {
  const bool is_ball = random.Uniform() < 0.5;
  const double size_m = random.Uniform(0.3, 0.42);
  const Shape shape{is_ball ? ShapeKind::kSphere : ShapeKind::kBox,
                    Eigen::Vector3d::Constant(size_m)};
  Body thing = MakeThing(random, {matter, is_ball ? "ball" : "box", shape, colour});
  thing.world_from_body.rotation = TiltedPose(random, is_ball ? 1.0 : 0.2);
  thing.material.restitution *= 0.4;
  return thing;
}

Scene MakeFreeFallPair(Random& random) {
  Scene scene = MakeStage(random, FallStage(random));
  const std::vector<NamedColour> colours = PickColours(random, 2);
  static constexpr std::array kHeavy = {"steel", "ceramic", "glass"};
  static constexpr std::array kLight = {"cork", "wooden", "rubber"};
  Body heavy = HangingThing(random, kHeavy[random.Index(3)], colours[0]);
  Body light = HangingThing(random, kLight[random.Index(3)], colours[1]);
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  const double low_m = random.Uniform(0.7, 1.0);
  const double high_m = low_m * random.Uniform(1.3, 1.7);
  const bool heavy_is_high = random.Uniform() < 0.5;
  HangAt(heavy, heavy_is_high ? high_m : low_m, side * random.Uniform(0.45, 0.7));
  HangAt(light, heavy_is_high ? low_m : high_m, -side * random.Uniform(0.45, 0.7));
  const Body& higher = heavy_is_high ? heavy : light;
  const Body& lower = heavy_is_high ? light : heavy;
  Tell(scene,
       {DescribeStage(scene),
        {Describe(lower) + " and, higher up, " + Describe(higher) +
             " hang side by side in the air and are let go at the same time",
         "somebody lets go of " + Describe(higher) + " and of " + Describe(lower) +
             " next to it and lower down at once"},
        "both gain speed alike; the " + lower.name + " reaches the floor first, then the " +
            higher.name,
        {},
        "above"});
  scene.bodies.push_back(heavy);
  scene.bodies.push_back(light);
  return scene;
}

double FirstTouch(const Scene& scene, const Motion& motion, int body) {
  const auto contacts = ContactsWithFixed(scene, motion, body);
  return contacts.empty() ? 0.0 : contacts.front().time_s;
}

std::vector<LawCheck> CheckFreeFallPair(const Scene& scene, const Motion& motion) {
  const int a = FirstMover(scene);
  const int b = a + 1;
  const double touch_a_s = FirstTouch(scene, motion, a);
  const double touch_b_s = FirstTouch(scene, motion, b);
  const double ratio = HeightAboveFloor(scene.bodies[a]) / HeightAboveFloor(scene.bodies[b]);
  return {Compare("fall time of the heavy one",
                  "s",
                  {FallTime(scene, scene.bodies[a]), touch_a_s, kFallTime_s}),
          Compare("fall time of the light one",
                  "s",
                  {FallTime(scene, scene.bodies[b]), touch_b_s, kFallTime_s}),
          Compare("squared ratio of the times",
                  "ratio",
                  {ratio, touch_b_s > 0 ? std::pow(touch_a_s / touch_b_s, 2) : 0.0, 0.01})};
}

Scene MakeProjectile(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.4, 2.2);
  stage.eye_m = {0, -5.3, 1.6};
  stage.target_m = {0, 0, 0.95};
  stage.fov_rad = 0.6;
  Scene scene = MakeStage(random, stage);
  const NamedColour colour = PickColours(random, 1).front();
  static constexpr std::array kMatters = {"rubber", "wooden", "plastic", "cork"};
  Body ball =
      MakeThing(random,
                {kMatters[random.Index(4)],
                 "ball",
                 {ShapeKind::kSphere, Eigen::Vector3d::Constant(random.Uniform(0.42, 0.48))},
                 colour});
  ball.world_from_body.rotation = TiltedPose(random, 1.0);
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  HangAt(ball, random.Uniform(0.5, 0.8), -side * random.Uniform(1.05, 1.2));
  ball.velocity_mps = {side * random.Uniform(1.3, 1.8), 0, random.Uniform(2.2, 3.0)};
  ball.angular_velocity_radps = {0, side * random.Uniform(0.0, 4.0), 0};
  const std::string to = side > 0 ? "right" : "left";
  Tell(scene,
       {DescribeStage(scene),
        {Describe(ball) + " is thrown obliquely upwards to the " + to,
         "somebody throws " + Describe(ball) + " up and to the " + to},
        "the " + ball.name + " flies in a parabola to the " + to +
            ", comes down on the floor and bounces on",
        {},
        "above"});
  scene.bodies.push_back(ball);
  return scene;
}

std::vector<LawCheck> CheckProjectile(const Scene& scene, const Motion& motion) {
  const int body = FirstMover(scene);
  const Body& ball = scene.bodies[body];
  const double g = scene.gravity_mps2.norm();
  const double up_mps = ball.velocity_mps.z();
  const double flight_s =
      (up_mps + std::sqrt(up_mps * up_mps + 2 * g * HeightAboveFloor(ball))) / g;
  double off_m = 0;
  for (int step = 0; step < static_cast<int>(0.98 * flight_s * motion.rate_hz); ++step) {
    const double t = step / motion.rate_hz;
    const Eigen::Vector3d expected =
        ball.world_from_body.translation + t * ball.velocity_mps + 0.5 * t * t * scene.gravity_mps2;
    off_m =
        std::max(off_m, (motion.states[step][body].world_from_body.translation - expected).norm());
  }
  const auto contacts = ContactsWithFixed(scene, motion, body);
  const double landed_s = contacts.empty() ? 0.0 : contacts.front().time_s;
  const double landed_x_m = contacts.empty() ? 0.0 : contacts.front().point_m.x();
  const double range_m = flight_s * ball.velocity_mps.x();
  return {
      Compare("distance from the parabola", "m", {0.0, off_m, kFlight_m}),
      Compare("time of flight", "s", {flight_s, landed_s, kFallTime_s}),
      Compare("range", "m", {range_m, landed_x_m - ball.world_from_body.translation.x(), 0.005})};
}

}  // namespace

ScenarioEntry FreeFallPairScenario() {
  return {{"free_fall_pair",
           "gravity",
           "A heavy and a light thing are let go at once from different heights; the camera stands "
           "still.",
           "t1^2 / t2^2 = h1 / h2 whatever they weigh"},
          MakeFreeFallPair,
          CheckFreeFallPair};
}

ScenarioEntry ProjectileScenario() {
  return {{"projectile",
           "gravity",
           "A ball is thrown obliquely upwards; the camera stands still.",
           "parabola x = v t, z = h + w t - g t^2 / 2, time of flight and range"},
          MakeProjectile,
          CheckProjectile};
}

}  // namespace plumb
