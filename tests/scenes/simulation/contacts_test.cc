// SPDX-License-Identifier: Apache-2.0
// What a motion says about its touches.
#include <cmath>

#include <gmock/gmock.h>

#include "scenes/catalogue.h"
#include "scenes/rendering/internal_mesh.h"
#include "scenes/simulate.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

// How far a point lies outside of a body's surface (negative inside), for balls and boxes.
double DistanceToSurface(const Body& body, const Rigid3& pose, const Eigen::Vector3d& x_in_world) {
  const Eigen::Vector3d x = Inverse(pose) * x_in_world;
  const Eigen::Vector3d half = body.shape.size_m / 2;
  if (body.shape.kind == ShapeKind::kSphere) return x.norm() - half.x();
  return (x.cwiseAbs() - half).maxCoeff();
}

TEST(ContactsTest, EveryContactOfTheCatalogueIsWellFormed) {
  for (const ScenarioInfo& info : ListScenarios()) {
    for (int seed = 0; seed < 5; ++seed) {
      const Scene scene = MakeScene(info.id, 17, seed);
      const Motion motion = Simulate(scene, {});
      double last_s = 0;
      for (const ContactEvent& contact : motion.contacts) {
        EXPECT_LT(contact.body_a, contact.body_b);
        EXPECT_LT(contact.body_b, static_cast<int>(scene.bodies.size()));
        EXPECT_FALSE(scene.bodies[contact.body_a].fixed && scene.bodies[contact.body_b].fixed);
        EXPECT_NEAR(contact.normal.norm(), 1, 1e-9);
        EXPECT_GT(contact.impulse_ns, 0);
        EXPECT_GE(contact.time_s, 0);
        EXPECT_LE(contact.time_s, scene.duration_s);
        // By time, as far as one step can tell them apart.
        EXPECT_GE(contact.time_s, last_s - 1 / motion.rate_hz);
        last_s = contact.time_s;
      }
    }
  }
}

TEST(ContactsTest, TheNormalPointsAwayFromTheSecondBody) {
  // The floor has the smaller index, so the normal on it points down; with the ball first it points
  // up.
  Scene scene = BallAboveFloor(0.3, 0.5);
  const Motion floor_first = Simulate(scene, {});
  std::swap(scene.bodies[0], scene.bodies[1]);
  const Motion ball_first = Simulate(scene, {});
  ASSERT_FALSE(floor_first.contacts.empty());
  ASSERT_FALSE(ball_first.contacts.empty());
  EXPECT_LT((floor_first.contacts[0].normal + Eigen::Vector3d::UnitZ()).norm(), 1e-9);
  EXPECT_LT((ball_first.contacts[0].normal - Eigen::Vector3d::UnitZ()).norm(), 1e-9);
  EXPECT_NEAR(floor_first.contacts[0].time_s, ball_first.contacts[0].time_s, 1e-9);
}

TEST(ContactsTest, ImpulsesAreTheChangeOfMomentum) {
  for (const double mass_kg : {0.3, 1.0, 5.0}) {
    for (const double restitution : {0.0, 0.5, 0.9}) {
      Scene scene = BallAboveFloor(0.5, restitution);
      scene.bodies[1].mass_kg = mass_kg;
      const Motion motion = Simulate(scene, {});
      ASSERT_FALSE(motion.contacts.empty());
      const ContactEvent& contact = motion.contacts[0];
      const double impact_mps = std::sqrt(2 * 9.81 * 0.5);
      EXPECT_NEAR(contact.approach_mps, impact_mps, 0.02);
      // The step's own share of gravity is part of the impulse.
      EXPECT_NEAR(contact.impulse_ns,
                  mass_kg * (1 + restitution) * impact_mps,
                  mass_kg * (0.02 + 9.81 / motion.rate_hz))
          << mass_kg << " " << restitution;
    }
  }
}

TEST(ContactsTest, ImpulsesOfATouchSumToTheMomentumOfTheOtherBody) {
  // In empty space the target's momentum comes from the touch alone, along its normal.
  Scene scene = BallAboveFloor(0, 0.8);
  scene.gravity_mps2.setZero();
  Body first = scene.bodies[1];
  first.material.friction = 0;
  first.world_from_body.translation = {-0.6, 0.02, 3};
  first.velocity_mps = {2, 0, 0};
  Body second = first;
  second.name = "second";
  second.velocity_mps.setZero();
  second.world_from_body.translation = {0, 0, 3};
  second.mass_kg = 2.5;
  scene.bodies = {first, second};
  const Motion motion = Simulate(scene, {});
  ASSERT_EQ(motion.contacts.size(), 1u);
  const ContactEvent& contact = motion.contacts[0];
  const Eigen::Vector3d gained = second.mass_kg * motion.states.back()[1].velocity_mps;
  EXPECT_LT((gained + contact.impulse_ns * contact.normal).norm(), 1e-6);
}

TEST(ContactsTest, TouchesLieOnBothSurfaces) {
  for (const char* scenario : {"drop", "bounce", "collide"}) {
    for (int seed = 0; seed < 6; ++seed) {
      const Scene scene = MakeScene(scenario, 17, seed);
      const Motion motion = Simulate(scene, {});
      ASSERT_FALSE(motion.contacts.empty()) << scene.id;
      const ContactEvent& contact = motion.contacts.front();
      const auto step = static_cast<size_t>(std::ceil(contact.time_s * motion.rate_hz));
      for (const int body : {contact.body_a, contact.body_b}) {
        // Bodies move up to a centimetre in a step; the skin of convex shapes is as thick.
        EXPECT_NEAR(
            DistanceToSurface(
                scene.bodies[body], motion.states[step][body].world_from_body, contact.point_m),
            0,
            0.012)
            << scene.id << " " << scene.bodies[body].name;
      }
    }
  }
}

TEST(ContactsTest, ABallMeetsAWallWhenItsRimDoes) {
  for (const double speed_mps : {0.7, 1.9, 3.3}) {
    Scene scene = BallAboveFloor(0, 0.5);
    scene.gravity_mps2.setZero();
    Body wall = PlainFloor();
    wall.name = "wall";
    wall.shape.size_m = {0.4, 4, 4};
    wall.world_from_body.translation = {1.2, 0, 2};
    scene.bodies[0] = wall;
    scene.bodies[1].world_from_body.translation = {0, 0, 2};
    scene.bodies[1].velocity_mps = {speed_mps, 0, 0};
    const Motion motion = Simulate(scene, {});
    ASSERT_EQ(motion.contacts.size(), 1u);
    EXPECT_NEAR(motion.contacts[0].time_s, (1.0 - 0.15) / speed_mps, 1e-3);
    EXPECT_NEAR(motion.contacts[0].approach_mps, speed_mps, 1e-6);
    EXPECT_NEAR(motion.contacts[0].point_m.x(), 1.0, 0.01);
    EXPECT_NEAR(motion.states.back()[1].velocity_mps.x(), -0.5 * speed_mps, 0.005 * speed_mps);
  }
}

TEST(ContactsTest, ARestingBodyTouchesOnce) {
  // A seat without a gap: one touch, not one for every step.
  Scene scene = BallAboveFloor(-1e-6, 0);
  const Motion motion = Simulate(scene, {});
  EXPECT_EQ(motion.contacts.size(), 1u);
  EXPECT_NEAR(motion.states.back()[1].world_from_body.translation.z(), 0.15, 1e-4);
}

TEST(ContactsTest, ABounceIsATouchOfItsOwn) {
  const Motion motion = Simulate(BallAboveFloor(0.5, 0.9), {.duration_s = 3});
  // t0 = sqrt(2 h / g), then flights of 2 e^n t0.
  const double fall_s = std::sqrt(2 * 0.5 / 9.81);
  double expected_s = fall_s;
  for (size_t n = 0; n < 4; ++n) {
    ASSERT_GT(motion.contacts.size(), n);
    EXPECT_NEAR(motion.contacts[n].time_s, expected_s, 0.005 * (n + 1)) << n;
    expected_s += 2 * std::pow(0.9, n + 1) * fall_s;
  }
}

TEST(ContactsTest, NothingTouchesInAnEmptySky) {
  EXPECT_TRUE(Simulate(BallAboveFloor(100, 0.5), {}).contacts.empty());
  EXPECT_TRUE(Simulate(MakeScene("orbit_room", 17, 1), {}).contacts.empty());
}

TEST(ContactsTest, ABodyTakenOutIsNoLongerInTheWay) {
  Scene scene = BallAboveFloor(0.5, 0.5);
  Body shelf = PlainFloor();
  shelf.name = "shelf";
  shelf.fixed = false;
  shelf.shape.size_m = {1, 1, 0.1};
  shelf.world_from_body.translation = {0, 0, 0.05 - 1e-6};
  scene.bodies.push_back(shelf);
  Intervention change;
  change.time_s = 0.1;
  change.body = 2;
  change.take_out = true;
  const Motion motion = Simulate(scene, {.interventions = {change}});
  for (const ContactEvent& contact : motion.contacts) {
    if (contact.time_s > 0.11) {
      EXPECT_NE(contact.body_b, 2);
    }
  }
  EXPECT_NEAR(motion.states.back()[1].world_from_body.translation.z(), 0.15, 0.02);
}

}  // namespace
}  // namespace plumb
