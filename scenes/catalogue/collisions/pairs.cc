// SPDX-License-Identifier: Apache-2.0
// Balls that meet head on: an elastic pair, a row of balls that hand a blow on.
#include <algorithm>
#include <array>
#include <cmath>

#include "core/check.h"
#include "scenes/catalogue/collisions/internal_collisions.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_matter.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/checks/internal_motion_laws.h"

namespace plumb {
namespace {

// Gap between the balls of a row: wider than a step's way, so that one blow follows another.
constexpr double kRowGap_m = 0.003;

Scene MakeElasticCollision(Random& random) {
  Scene scene = MakeStage(random, MeetingStage(random));
  const std::vector<NamedColour> colours = PickColours(random, 2);
  const double d = random.Uniform(0.34, 0.42);
  static constexpr std::array kMatters = {"steel", "glass", "ceramic"};
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  std::vector<Body> balls;
  const int first = random.Index(3);
  for (int i = 0; i < 2; ++i) {
    const double at = i == 0 ? side : -side;
    Body ball =
        MakePolishedBall(random, kMatters[(first + i * random.Index(3)) % 3], d, colours[i]);
    ball.material.restitution = 1;
    StandOnFloor(ball, {at * random.Uniform(0.85, 1.0), 0}, 0);
    Roll(ball, -at * random.Uniform(0.6, 1.1));
    balls.push_back(ball);
  }
  Tell(scene,
       {DescribeStage(scene),
        {Describe(balls[0]) + " from the " + SideName(side) + " and " + Describe(balls[1]) +
             " from the " + SideName(-side) + " roll towards each other",
         Describe(balls[1]) + " comes rolling from the " + SideName(-side) + " and " +
             Describe(balls[0]) + " rolls towards it from the " + SideName(side)},
        "the two meet in the middle and spring back without losing energy",
        {}});
  for (const Body& ball : balls) scene.bodies.push_back(ball);
  DeadenFixedBodies(scene);
  return scene;
}

std::vector<LawCheck> CheckElasticCollision(const Scene& scene, const Motion& motion) {
  const int a = FirstMover(scene);
  return CheckMeeting(scene, motion, {a, a + 1, 1.0});
}

Scene MakeBallChain(Random& random) {
  StageLayout stage = MeetingStage(random);
  stage.eye_m = {0, -4.5, 1.6};
  Scene scene = MakeStage(random, stage);
  const int resting = 3 + random.Index(2);
  const std::vector<NamedColour> colours = PickColours(random, resting + 1);
  const double d = random.Uniform(0.31, 0.34);
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  static constexpr std::array kMatters = {"steel", "glass", "ceramic"};
  const std::string matter = kMatters[random.Index(3)];
  const double restitution = std::sqrt(random.Uniform(0.96, 1.0));
  std::vector<std::string> names;
  std::vector<Body> balls;
  const double row_m = (resting - 1) * (d + kRowGap_m);
  for (int i = 0; i <= resting; ++i) {
    Body ball = MakePolishedBall(random, matter, d, colours[i]);
    ball.material.restitution = restitution;
    ball.material.friction = 0.02;  // the floor hardly takes part while the blow travels
    // The mover, then the row from its side on.
    const double from_middle_m =
        i == 0 ? random.Uniform(1.0, 1.05) : row_m / 2 - (i - 1) * (d + kRowGap_m);
    StandOnFloor(ball, {side * from_middle_m, 0}, 0);
    if (i > 0) names.push_back(colours[i].name);
    balls.push_back(ball);
  }
  Roll(balls[0], -side * random.Uniform(0.9, 1.2));
  const std::string row = NumberWord(resting) + " " + matter + " balls, " + Enumerate(names) +
                          " from the " + SideName(side) + " to the " + SideName(-side);
  Tell(scene,
       {DescribeStage(scene),
        {row + ", lie in a straight row, and " + Describe(balls[0]) +
             " of the same size rolls "
             "towards the row from the " +
             SideName(side),
         Describe(balls[0]) + " rolls from the " + SideName(side) + " towards a straight row of " +
             row + ", all of its size"},
        "the " + balls[0].name + " hits the row, and only the " + balls.back().name +
            " at its far end rolls away fast",
        {}});
  for (const Body& ball : balls) scene.bodies.push_back(ball);
  DeadenFixedBodies(scene);
  return scene;
}

struct Row {
  int mover = 0;
  int last = 0;
  double restitution = 1.0;  // of a pair
};

// Equal masses, one blow after another: each hands (1 + e) / 2 of its speed on, and on its way to
// the next ball the one that was struck slides.
double SpeedOfTheLast_mps(const Scene& scene, const Row& row) {
  const double friction = scene.bodies[row.mover].material.friction *
                          scene.bodies[BodyNamed(scene, "floor")].material.friction;
  double speed_mps = scene.bodies[row.mover].velocity_mps.norm();
  for (int b = row.mover + 1; b <= row.last; ++b) {
    speed_mps *= (1 + row.restitution) / 2;
    if (b == row.last) break;
    const Eigen::Vector3d way = scene.bodies[b + 1].world_from_body.translation -
                                scene.bodies[b].world_from_body.translation;
    const double gap_m = way.norm() - scene.bodies[b].shape.size_m.x();
    speed_mps = std::sqrt(speed_mps * speed_mps - 2 * friction * scene.gravity_mps2.norm() * gap_m);
  }
  return speed_mps;
}

// The largest that a blow of the row changes of the momentum of all.
double MomentumLost_kgmps(const Scene& scene, const Motion& motion, const Row& row) {
  double largest_kgmps = 0;
  for (int b = row.mover; b < row.last; ++b) {
    const auto blow = FirstContact(motion, b, b + 1);
    PLUMB_CHECK(blow.has_value(), "no blow on body {}", b + 1);
    Eigen::Vector3d change = Eigen::Vector3d::Zero();
    for (int k = row.mover; k <= row.last; ++k) {
      change += scene.bodies[k].mass_kg *
                (VelocityAfter(motion, blow->time_s, k) - VelocityBefore(motion, blow->time_s, k));
    }
    largest_kgmps = std::max(largest_kgmps, change.head<2>().norm());
  }
  return largest_kgmps;
}

std::vector<LawCheck> CheckBallChain(const Scene& scene, const Motion& motion) {
  Row row{FirstMover(scene), static_cast<int>(scene.bodies.size()) - 1, 1};
  const Body& mover = scene.bodies[row.mover];
  row.restitution = mover.material.restitution * mover.material.restitution;
  const auto blow = FirstContact(motion, row.last - 1, row.last);
  std::vector<LawCheck> checks = {Compare("the blow arrives", "count", {1, blow ? 1.0 : 0.0, 0})};
  if (!blow) return checks;
  const double expected_mps = SpeedOfTheLast_mps(scene, row);
  // What the restitution of every blow may be off.
  const double bound_mps =
      expected_mps * (row.last - row.mover) * kRestitution / (1 + row.restitution);
  const double momentum_kgmps = mover.mass_kg * mover.velocity_mps.norm();
  checks.push_back(
      Compare("speed of the last ball",
              "m/s",
              {expected_mps, VelocityAfter(motion, blow->time_s, row.last).norm(), bound_mps}));
  checks.push_back(
      Compare("largest change of the momentum of all in a blow",
              "kg m/s",
              {0, MomentumLost_kgmps(scene, motion, row), kBlowShare * momentum_kgmps}));
  checks.push_back(BallsApartAtTheEnd(scene, motion));
  return checks;
}

}  // namespace

ScenarioEntry ElasticCollisionScenario() {
  return {{"elastic_collision",
           "collisions",
           "Two hard balls roll towards each other; the camera stands still.",
           "velocities after an elastic blow, momentum, kinetic energy"},
          MakeElasticCollision,
          CheckElasticCollision};
}

ScenarioEntry BallChainScenario() {
  return {{"ball_chain",
           "collisions",
           "A ball rolls towards a row of balls; the camera stands still.",
           "the last ball leaves with ((1 + e) / 2)^n of the speed, momentum"},
          MakeBallChain,
          CheckBallChain};
}

}  // namespace plumb
