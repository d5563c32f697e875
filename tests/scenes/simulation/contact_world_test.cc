// SPDX-License-Identifier: Apache-2.0
// What strikes and what rests: blows at their own moment, stillness without creeping.
#include <cmath>
#include <numbers>

#include <gmock/gmock.h>

#include "scenes/simulate.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

constexpr double kG = 9.81;

double TotalEnergy(const std::vector<BodyEnergy>& energies) {
  double sum_j = 0;
  for (const BodyEnergy& energy : energies) sum_j += energy.kinetic_j + energy.potential_j;
  return sum_j;
}

TEST(ContactWorldTest, ABallWithoutLossBouncesAtTheSameHeightForEver) {
  Scene scene = BallAboveFloor(0.8, 1.0);
  const Motion motion = Simulate(scene, {.duration_s = 10});
  ASSERT_GE(motion.contacts.size(), 10u);
  const double start_j = TotalEnergy(motion.energies.front());
  for (const auto& energies : motion.energies) {
    EXPECT_NEAR(TotalEnergy(energies), start_j, 1e-4 * start_j);
  }
  const double fall_s = std::sqrt(2 * 0.8 / kG);
  for (size_t k = 0; k < motion.contacts.size(); ++k) {
    EXPECT_NEAR(motion.contacts[k].time_s, (2 * k + 1) * fall_s, 2e-5 * (k + 1));
  }
}

TEST(ContactWorldTest, AnElasticBallAtRestStaysAtRest) {
  Scene scene = BallAboveFloor(-1e-6, 1.0);
  const Motion motion = Simulate(scene, {.duration_s = 5});
  for (const auto& states : motion.states) {
    EXPECT_NEAR(states[1].world_from_body.translation.z(), 0.15, 2e-6);
    EXPECT_LT(states[1].velocity_mps.norm(), 1e-3);
  }
}

TEST(ContactWorldTest, NothingIsSeenInsideOfWhatItStrikes) {
  for (const ShapeKind kind : {ShapeKind::kSphere, ShapeKind::kBox, ShapeKind::kCylinder}) {
    for (const double down_mps : {0.5, 3.0, 12.0}) {
      Scene scene = BallAboveFloor(0.5, 0.3);
      scene.bodies[1].shape = {kind, Eigen::Vector3d::Constant(0.3)};
      scene.bodies[1].velocity_mps.z() = -down_mps;
      const Motion motion = Simulate(scene, {});
      ASSERT_FALSE(motion.contacts.empty());
      const double struck_s = (std::sqrt(down_mps * down_mps + 2 * kG * 0.5) - down_mps) / kG;
      EXPECT_NEAR(motion.contacts[0].time_s, struck_s, 1e-5) << down_mps;
      for (const auto& states : motion.states) {
        EXPECT_GT(states[1].world_from_body.translation.z(), 0.15 - 5e-5) << down_mps;
      }
      for (const StepContact& contact : motion.step_contacts) EXPECT_LT(contact.depth_m, 5e-5);
    }
  }
}

TEST(ContactWorldTest, TwoBlowsInOneStepAreBothDealtWith) {
  // Two balls at different heights reach the floor half a millisecond apart; steps are 1 / 960 s.
  Scene scene = BallAboveFloor(0.5, 0.6);
  Body second = scene.bodies[1];
  second.name = "second";
  const double later_s = std::sqrt(2 * 0.5 / kG) + 0.0005;
  second.world_from_body.translation = {1, 0, 0.15 + 0.5 * kG * later_s * later_s};
  scene.bodies.push_back(second);
  const Motion motion = Simulate(scene, {.duration_s = 0.5});
  ASSERT_EQ(motion.contacts.size(), 2u);
  EXPECT_NEAR(motion.contacts[1].time_s - motion.contacts[0].time_s, 0.0005, 1e-5);
  for (const ContactEvent& contact : motion.contacts) {
    EXPECT_NEAR(contact.impulse_ns, 1.6 * contact.approach_mps, 1e-3);
  }
}

TEST(ContactWorldTest, AGuidedPlateStrikesAtItsOwnMoment) {
  Scene scene;
  scene.id = "plate";
  scene.gravity_mps2.setZero();
  Body plate = PlainBody("plate", ShapeKind::kBox, {0.1, 1, 1});
  plate.fixed = true;
  plate.path = {PoseKey{0.0, Rigid3(Eigen::Quaterniond::Identity(), Eigen::Vector3d(-1, 0, 2))},
                PoseKey{2.0, Rigid3(Eigen::Quaterniond::Identity(), Eigen::Vector3d(1, 0, 2))}};
  Body ball = PlainBody("ball", ShapeKind::kSphere, Eigen::Vector3d::Constant(0.3));
  ball.material.restitution = plate.material.restitution = 1;
  ball.world_from_body.translation = {0.0123, 0, 2};
  scene.bodies = {plate, ball};
  const Motion motion = Simulate(scene, {.duration_s = 1.5});
  ASSERT_FALSE(motion.contacts.empty());
  // The path is eased, so ask where the plate is rather than when it should be there.
  const auto step = static_cast<size_t>(motion.contacts[0].time_s * motion.rate_hz);
  EXPECT_NEAR(motion.states[step][0].world_from_body.translation.x() + 0.05, 0.0123 - 0.15, 3e-3);
  EXPECT_NEAR(motion.contacts[0].approach_mps, motion.states[step][0].velocity_mps.x(), 0.01);
  EXPECT_NEAR(
      motion.states[step + 3][1].velocity_mps.x(), 2 * motion.contacts[0].approach_mps, 0.01);
}

// A slab tilted by `slope_rad` about a horizontal axis that heads anywhere, and a block on it.
Scene BlockOnSlope(double slope_rad, double heading_rad, double friction) {
  Scene scene;
  scene.id = "slope";
  const Eigen::Vector3d axis(std::cos(heading_rad), std::sin(heading_rad), 0);
  const Eigen::Quaterniond turn(Eigen::AngleAxisd(slope_rad, axis));
  Body slab = PlainFloor();
  slab.world_from_body = Rigid3(turn, turn * Eigen::Vector3d(0, 0, -0.25));
  Body block = PlainBody("block", ShapeKind::kBox, {0.4, 0.4, 0.1});
  block.material.friction = friction;
  block.material.restitution = 0;
  block.world_from_body = Rigid3(turn, turn * Eigen::Vector3d(0, 0, 0.05 - 1e-6));
  scene.bodies = {slab, block};
  return scene;
}

TEST(ContactWorldTest, FrictionIsTheSameInEveryDirection) {
  const double slope_rad = 0.35;
  for (int k = 0; k < 8; ++k) {
    const double heading_rad = k * std::numbers::pi / 11;
    const auto end = [&](double friction) {
      const Scene scene = BlockOnSlope(slope_rad, heading_rad, friction);
      return Simulate(scene, {.duration_s = 1}).states.back()[1].velocity_mps.norm();
    };
    EXPECT_LT(end(1.01 * std::tan(slope_rad)), 1e-6) << heading_rad;
    for (const double share : {0.99, 0.5}) {
      const double expected = kG * std::sin(slope_rad) * (1 - share);
      EXPECT_NEAR(end(share * std::tan(slope_rad)), expected, 1e-4 + 1e-3 * expected)
          << heading_rad << " " << share;
    }
  }
}

// A spinning ball meets a small fixed one, which brakes what rolls on it, and at the same moment a
// fast smooth one that throws it off.
Scene BallThrownOff(bool fixed_first) {
  Scene scene;
  scene.id = "thrown off";
  scene.gravity_mps2.setZero();
  const double meet_s = 0.1;
  const double late_s = 2e-6;  // so that the slower blow has begun
  const auto small = [&](const std::string& name, double up) {
    Body body = PlainBody(name, ShapeKind::kSphere, Eigen::Vector3d::Constant(0.1));
    body.world_from_body.translation = {-0.2 * std::cos(0.35), 0, 0.2 * up * std::sin(0.35)};
    return body;
  };
  Body post = small("post", -1);
  post.fixed = true;
  post.material.friction = 1;
  post.material.rolling_friction_m = 0.3;
  Body fast = small("fast", 1);
  fast.material.friction = 0;
  fast.velocity_mps = {5, 0, 0};
  fast.world_from_body.translation -= (meet_s + late_s) * fast.velocity_mps;
  Body ball = PlainBody("ball", ShapeKind::kSphere, Eigen::Vector3d::Constant(0.3));
  ball.material.friction = 1;
  ball.velocity_mps = {-1, 0, 0};
  ball.angular_velocity_radps = {0, 10, 0};
  ball.world_from_body.translation -= meet_s * ball.velocity_mps;
  scene.bodies = {ball, fixed_first ? post : fast, fixed_first ? fast : post};
  return scene;
}

TEST(ContactWorldTest, WhatDoesntPushInTheEndDoesntBrakeEither) {
  for (const bool fixed_first : {true, false}) {
    const Motion motion = Simulate(BallThrownOff(fixed_first), {.duration_s = 0.2});
    EXPECT_EQ(motion.contacts.size(), 1u);
    const BodyState& end = motion.states.back()[0];
    EXPECT_GT(end.velocity_mps.x(), 1);
    EXPECT_LT((end.angular_velocity_radps - Eigen::Vector3d(0, 10, 0)).norm(), 1e-6) << fixed_first;
  }
}

TEST(ContactWorldTest, StacksOfTurnedBlocksDontCreep) {
  Scene scene;
  scene.id = "stack";
  scene.bodies = {PlainFloor()};
  double top_m = 0;
  for (int k = 0; k < 5; ++k) {
    Body block = PlainBody("block " + std::to_string(k), ShapeKind::kBox, {0.4, 0.3, 0.2});
    block.mass_kg = k % 2 ? 10.0 : 20.0;
    block.material.friction = 0.4;
    block.material.restitution = 0.7;
    const Eigen::Quaterniond turn(Eigen::AngleAxisd(0.3 * k, Eigen::Vector3d::UnitZ()));
    block.world_from_body = Rigid3(turn, {0.02 * k, -0.01 * k, top_m + 0.1 - 1e-6});
    top_m += 0.2 - 1e-6;
    scene.bodies.push_back(block);
  }
  const Motion motion = Simulate(scene, {.duration_s = 5});
  for (size_t b = 1; b < scene.bodies.size(); ++b) {
    const BodyState& end = motion.states.back()[b];
    EXPECT_LT(
        (end.world_from_body.translation - scene.bodies[b].world_from_body.translation).norm(),
        2e-4);
    EXPECT_LT(end.velocity_mps.norm(), 5e-4);
  }
}

TEST(ContactWorldTest, AStackWhoseSupportIsTakenAwayFalls) {
  // Nothing sleeps: the block above falls from the very step in which the one below it goes.
  Scene scene = BallAboveFloor(0.4, 0.0);
  scene.bodies[1].shape = {ShapeKind::kBox, {0.3, 0.3, 0.3}};
  Body support = PlainBody("support", ShapeKind::kBox, {0.4, 0.4, 0.4 + 1e-6});
  support.world_from_body.translation = {0, 0, 0.2};
  scene.bodies.push_back(support);
  scene.events = {{.time_s = 0.5, .kind = SceneEventKind::kRemove, .body = "support"}};
  const Motion motion = Simulate(scene, {.duration_s = 0.75});
  const auto height_m = [&](double time_s) {
    const auto step = static_cast<size_t>(std::lround(time_s * motion.rate_hz));
    return motion.states[step][1].world_from_body.translation.z();
  };
  EXPECT_NEAR(height_m(0.5), 0.55, 1e-5);
  EXPECT_NEAR(height_m(0.7), 0.55 - 0.5 * kG * 0.2 * 0.2, 1e-5);
}

TEST(ContactWorldTest, EdgesAreSharp) {
  // A ball beside a box's upper edge touches where the geometry says, not a rounded corner later.
  Scene scene = BallAboveFloor(2.0, 0.0);
  Body box = PlainBody("box", ShapeKind::kBox, {1, 1, 1});
  box.fixed = true;
  box.world_from_body.translation = {0.62, 0, 0.5};
  scene.bodies.push_back(box);
  const Motion motion = Simulate(scene, {.duration_s = 1});
  ASSERT_FALSE(motion.contacts.empty());
  const double touch_z_m = 1 + std::sqrt(0.15 * 0.15 - 0.12 * 0.12);
  EXPECT_NEAR(motion.contacts[0].time_s, std::sqrt(2 * (2.15 - touch_z_m) / kG), 1.5e-4);
}

}  // namespace
}  // namespace plumb
