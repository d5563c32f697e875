// SPDX-License-Identifier: Apache-2.0
#include "scenes/simulate.h"

#include <cmath>

#include <gmock/gmock.h>

#include "core/errors.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

constexpr double kGravity_mps2 = 9.81;

double Height(const Motion& motion, double time_s, int body) {
  return motion.states.at(std::llround(time_s * motion.rate_hz))[body]
      .world_from_body.translation.z();
}

bool SameStates(const Motion& a, const Motion& b, size_t count) {
  for (size_t k = 0; k < count; ++k) {
    for (size_t i = 0; i < a.states[k].size(); ++i) {
      const BodyState& p = a.states[k][i];
      const BodyState& q = b.states[k][i];
      if (p.world_from_body.translation != q.world_from_body.translation ||
          p.world_from_body.rotation.coeffs() != q.world_from_body.rotation.coeffs() ||
          p.velocity_mps != q.velocity_mps) {
        return false;
      }
    }
  }
  return true;
}

TEST(SimulateTest, RateIsTheSmallestMultipleOfTheFrameRateFrom960Up) {
  EXPECT_DOUBLE_EQ(PhysicsRate(24, 960), 960);
  EXPECT_DOUBLE_EQ(PhysicsRate(30, 960), 960);
  EXPECT_DOUBLE_EQ(PhysicsRate(25, 960), 975);
  EXPECT_DOUBLE_EQ(PhysicsRate(2000, 960), 2000);
  const Motion motion = Simulate(BallAboveFloor(1, 0.5), {.fps = 25});
  EXPECT_DOUBLE_EQ(motion.rate_hz, 975);
  EXPECT_EQ(motion.states.size(), 2 * 975 + 1u);
}

TEST(SimulateTest, FreeFallMeetsTheClosedForm) {
  const Scene scene = BallAboveFloor(100, 0.5);
  const Motion motion = Simulate(scene, {});
  for (const double time_s : {0.1, 0.5, 1.0, 2.0}) {
    EXPECT_NEAR(Height(motion, time_s, 1), 100.15 - 0.5 * kGravity_mps2 * time_s * time_s, 1e-9);
  }
  EXPECT_NEAR(motion.states.back()[1].velocity_mps.z(), -2 * kGravity_mps2, 1e-9);
}

TEST(SimulateTest, AThrowIsAParabolaAtEveryRate) {
  for (const double fps : {24.0, 30.0, 23.976}) {
    Scene scene = BallAboveFloor(50, 0.5);
    scene.bodies[1].velocity_mps = {2, -1, 3};
    const Motion motion = Simulate(scene, {.fps = fps});
    const double t = (motion.states.size() - 1) / motion.rate_hz;
    const Eigen::Vector3d expected(2 * t, -t, 50.15 + 3 * t - 0.5 * kGravity_mps2 * t * t);
    EXPECT_LT((motion.states.back()[1].world_from_body.translation - expected).norm(), 1e-4);
  }
}

TEST(SimulateTest, RestitutionIsWhatTheMaterialSays) {
  for (const double height_m : {0.4, 0.7, 1.0, 1.3}) {
    const Motion motion = Simulate(BallAboveFloor(height_m, 0.7), {});
    ASSERT_FALSE(motion.contacts.empty());
    // From the state after the blow back to its moment, at which the ball was g t fast.
    const double blow_s = motion.contacts[0].time_s;
    const auto step = static_cast<size_t>(blow_s * motion.rate_hz) + 1;
    const double after =
        motion.states[step][1].velocity_mps.z() + kGravity_mps2 * (step / motion.rate_hz - blow_s);
    EXPECT_NEAR(after / (kGravity_mps2 * blow_s), 0.7, 1e-4) << height_m;
    EXPECT_NEAR(motion.contacts[0].time_s, std::sqrt(2 * height_m / kGravity_mps2), 1e-4);
  }
}

TEST(SimulateTest, ABouncingBallComesBackToTheSquareOfTheRestitution) {
  const Motion motion = Simulate(BallAboveFloor(1.0, 0.8), {});
  ASSERT_GE(motion.contacts.size(), 2u);
  const double top_s = (motion.contacts[0].time_s + motion.contacts[1].time_s) / 2;
  EXPECT_NEAR(Height(motion, top_s, 1) - 0.15, 0.64, 0.006);
}

TEST(SimulateTest, ASlidingBlockStopsWhereFrictionSays) {
  Scene scene = BallAboveFloor(0, 0);
  scene.bodies[1].shape.kind = ShapeKind::kBox;
  scene.bodies[1].material.friction = 0.3;
  scene.bodies[1].velocity_mps = {2, 0, 0};
  const Motion motion = Simulate(scene, {});
  EXPECT_NEAR(motion.states.back()[1].world_from_body.translation.x(),
              2 * 2 / (2 * 0.3 * kGravity_mps2),
              0.003);
  EXPECT_NEAR(motion.states.back()[1].velocity_mps.norm(), 0, 1e-6);
}

TEST(SimulateTest, ABlockOnASteepRampAcceleratesAndOnAFlatOneStays) {
  for (const double angle_rad : {0.2, 0.45}) {
    Scene scene = BallAboveFloor(0, 0);
    const Eigen::Quaterniond tilt(Eigen::AngleAxisd(angle_rad, Eigen::Vector3d::UnitY()));
    scene.bodies[0].world_from_body = Rigid3(tilt, tilt * Eigen::Vector3d(0, 0, -0.25));
    scene.bodies[1].world_from_body = Rigid3(tilt, tilt * Eigen::Vector3d(0, 0, 0.15));
    scene.bodies[1].shape.kind = ShapeKind::kBox;
    scene.bodies[1].material.friction = 0.3;
    const Motion motion = Simulate(scene, {});
    const double expected =
        std::max(0.0, kGravity_mps2 * (std::sin(angle_rad) - 0.3 * std::cos(angle_rad)));
    EXPECT_NEAR(motion.states.back()[1].velocity_mps.norm() / 2, expected, 0.01) << angle_rad;
  }
}

TEST(SimulateTest, ACollisionKeepsMomentumAndReportsItself) {
  Scene scene = BallAboveFloor(0, 0.9);
  scene.gravity_mps2.setZero();
  Body& first = scene.bodies[1];
  first.material.friction = 0;
  first.world_from_body.translation = {-0.6, 0, 2};
  first.velocity_mps = {1.5, 0, 0};
  Body second = first;
  second.name = "second";
  second.mass_kg = 2;
  second.velocity_mps.setZero();
  second.world_from_body.translation = {0.2, 0.05, 2};
  scene.bodies.push_back(second);
  const Motion motion = Simulate(scene, {});
  const auto& end = motion.states.back();
  EXPECT_LT((end[1].velocity_mps + 2 * end[2].velocity_mps - Eigen::Vector3d(1.5, 0, 0)).norm(),
            1e-9);
  ASSERT_EQ(motion.contacts.size(), 1u);
  const ContactEvent& contact = motion.contacts[0];
  EXPECT_EQ(contact.body_a, 1);
  EXPECT_EQ(contact.body_b, 2);
  // The normal on the first ball points back, away from the second.
  EXPECT_LT(contact.normal.x(), -0.9);
  EXPECT_NEAR(contact.impulse_ns, 1.5 * 1.81 * (2.0 / 3) * std::abs(contact.normal.x()), 0.01);
  EXPECT_NEAR(contact.approach_mps, 1.5 * std::abs(contact.normal.x()), 1e-6);
  const double relative = (end[2].velocity_mps - end[1].velocity_mps).dot(-contact.normal);
  EXPECT_NEAR(relative / contact.approach_mps, 0.81, 0.002);
}

TEST(SimulateTest, ARollingBallKeepsItsSpeed) {
  Scene scene = BallAboveFloor(0, 0);
  scene.bodies[1].velocity_mps = {1.2, 0, 0};
  scene.bodies[1].angular_velocity_radps = {0, 1.2 / 0.15, 0};
  const Motion motion = Simulate(scene, {});
  EXPECT_NEAR(motion.states.back()[1].world_from_body.translation.x(), 2.4, 1e-3);
}

TEST(SimulateTest, TheSameSceneGivesTheSameBytes) {
  const Scene scene = BallAboveFloor(0.7, 0.7);
  const Motion once = Simulate(scene, {});
  const Motion again = Simulate(scene, {});
  EXPECT_TRUE(SameStates(once, again, once.states.size()));
}

TEST(SimulateTest, AnInterventionLeavesEverythingBeforeItAlone) {
  const Scene scene = BallAboveFloor(1.0, 0.7);
  Intervention change;
  change.time_s = 0.25;
  change.gravity_factor = 0.5;
  const Motion honest = Simulate(scene, {});
  const Motion changed = Simulate(scene, {.interventions = {change}});
  EXPECT_TRUE(SameStates(honest, changed, 240 + 1));
  const double fallen = Height(changed, 0.25, 1) - Height(changed, 0.35, 1);
  EXPECT_NEAR(fallen, kGravity_mps2 * (0.25 * 0.1 + 0.25 * 0.1 * 0.1), 1e-6);
}

TEST(SimulateTest, ABodysOwnGravityIsFollowedAsExactlyAsTheWorlds) {
  const Scene scene = BallAboveFloor(3.0, 0.7);
  Intervention change;
  change.body = 1;
  change.gravity_factor = 3;
  const Motion motion = Simulate(scene, {.duration_s = 0.4, .interventions = {change}});
  EXPECT_NEAR(Height(motion, 0, 1) - Height(motion, 0.4, 1), 1.5 * kGravity_mps2 * 0.16, 1e-9);
  const auto total_j = [](const BodyEnergy& energy) {
    return energy.kinetic_j + energy.potential_j;
  };
  EXPECT_NEAR(total_j(motion.energies.back()[1]), total_j(motion.energies[1][1]), 1e-8);
}

TEST(SimulateTest, RestitutionMayBeRaisedAboveOne) {
  Intervention change;
  change.restitution_factor = 1.5;
  const Motion motion = Simulate(BallAboveFloor(0.5, 0.8), {.interventions = {change}});
  double highest = 0;
  for (const auto& states : motion.states) {
    highest = std::max(highest, states[1].world_from_body.translation.z());
  }
  EXPECT_GT(highest, 0.65 + 0.15);
}

TEST(SimulateTest, ABodyCanJumpAndBeTakenOut) {
  Intervention jump;
  jump.time_s = 0.1;
  jump.body = 1;
  jump.jump_m = {0.5, 0, 0};
  const Motion jumped = Simulate(BallAboveFloor(1, 0.5), {.interventions = {jump}});
  EXPECT_DOUBLE_EQ(jumped.states.back()[1].world_from_body.translation.x(), 0.5);
  jump.take_out = true;
  const Motion gone = Simulate(BallAboveFloor(1, 0.5), {.interventions = {jump}});
  EXPECT_EQ(gone.states.back()[1].world_from_body.translation.z(), Height(gone, 0.1, 1));
  EXPECT_TRUE(gone.contacts.empty());
}

TEST(SimulateTest, RefusesWhatMakesNoSense) {
  EXPECT_THROW(Simulate(BallAboveFloor(1, 0.5), {.fps = 0}), UsageError);
  EXPECT_THROW(Simulate(BallAboveFloor(1, 0.5), {.duration_s = -1}), UsageError);
  Scene scene = BallAboveFloor(1, 0.5);
  scene.bodies[1].mass_kg = 0;
  EXPECT_THROW(Simulate(scene, {}), InputError);
}

TEST(SimulateTest, StopsWhenAsked) {
  Progress progress;
  progress.cancelled = [] { return true; };
  EXPECT_THROW(Simulate(BallAboveFloor(1, 0.5), {}, progress), CancelledError);
}

}  // namespace
}  // namespace plumb
