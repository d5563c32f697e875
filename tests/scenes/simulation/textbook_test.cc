// SPDX-License-Identifier: Apache-2.0
// The simulator's promises: rolling, friction, restitution, fall time, penetration, stacks.
#include <cmath>
#include <numbers>

#include <gmock/gmock.h>

#include "core/mass_properties.h"
#include "scenes/simulate.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

using Eigen::Vector3d;

constexpr double kGravity_mps2 = 9.81;

double DeepestOverlap(const Motion& motion, double from_s) {
  double deepest_m = 0;
  for (const StepContact& contact : motion.step_contacts) {
    if (contact.step >= from_s * motion.rate_hz) deepest_m = std::max(deepest_m, contact.depth_m);
  }
  return deepest_m;
}

// 0.4 m across, its axis level and across the slope.
Shape Roller(ShapeKind kind) {
  Shape shape{kind, {0.4, 0.4, 0.25}};
  if (kind == ShapeKind::kSphere) shape.size_m.z() = 0.4;
  if (kind == ShapeKind::kCapsule) shape.size_m.z() = 0.7;
  if (kind == ShapeKind::kTorus) shape.size_m.z() = 0.1;
  if (kind == ShapeKind::kHoop) shape.wall_m = 0.03;
  return shape;
}

Scene RollerOnRamp(ShapeKind kind, double slope_rad) {
  Scene scene = BallAboveFloor(0, 0);
  const Eigen::Quaterniond tilt(Eigen::AngleAxisd(slope_rad, Vector3d::UnitY()));
  const Eigen::Quaterniond lying(Eigen::AngleAxisd(std::numbers::pi / 2, Vector3d::UnitX()));
  scene.bodies[0].shape.size_m = {14, 4, 0.5};
  scene.bodies[0].world_from_body = Rigid3(tilt, tilt * Vector3d(0, 0, -0.25));
  scene.bodies[1].shape = Roller(kind);
  scene.bodies[1].material.friction = 0.8;
  scene.bodies[1].world_from_body = Rigid3(tilt * lying, tilt * Vector3d(-5, 0, 0.2 - 1e-6));
  return scene;
}

TEST(TextbookTest, EveryRollerAcceleratesAsItsInertiaSays) {
  for (const ShapeKind kind : {ShapeKind::kSphere,
                               ShapeKind::kCylinder,
                               ShapeKind::kHoop,
                               ShapeKind::kCapsule,
                               ShapeKind::kTorus}) {
    for (const double slope_rad : {0.15, 0.25, 0.35}) {
      const Scene scene = RollerOnRamp(kind, slope_rad);
      const Motion motion = Simulate(scene, {.duration_s = 1.5});
      const double inertia = MassPropertiesOf(scene.bodies[1].shape).inertia_m2(2, 2);
      const double expected = kGravity_mps2 * std::sin(slope_rad) / (1 + inertia / (0.2 * 0.2));
      const Vector3d way = motion.states.back()[1].world_from_body.translation -
                           motion.states.front()[1].world_from_body.translation;
      EXPECT_NEAR(way.norm() * 2 / (1.5 * 1.5) / expected, 1, 0.005)
          << static_cast<int>(kind) << " " << slope_rad;
      EXPECT_NEAR(motion.states.back()[1].velocity_mps.norm() / 1.5 / expected, 1, 0.005)
          << static_cast<int>(kind) << " " << slope_rad;
      EXPECT_NEAR(way.y(), 0, 0.01) << static_cast<int>(kind);
      EXPECT_LT(DeepestOverlap(motion, 0), 1e-3);
    }
  }
}

TEST(TextbookTest, SlidersDecelerateByFrictionTimesG) {
  for (const ShapeKind kind : {ShapeKind::kBox, ShapeKind::kCylinder, ShapeKind::kConvex}) {
    for (const double friction : {0.2, 0.4}) {
      Scene scene = BallAboveFloor(0, 0);
      Body& body = scene.bodies[1];
      body.shape = {kind, {0.5, 0.5, 0.2}};
      if (kind == ShapeKind::kConvex) {
        for (int corner = 0; corner < 8; ++corner) {
          body.shape.points_m.emplace_back(
              corner & 1 ? 0.25 : -0.25, corner & 2 ? 0.25 : -0.25, corner & 4 ? 0.1 : -0.1);
        }
      }
      body.world_from_body.translation = {0, 0, 0.1 - 1e-6};
      body.material.friction = friction;
      body.velocity_mps = {2, 0, 0};
      const Motion motion = Simulate(scene, {.duration_s = 0.5});
      const double lost = 2 - motion.states.back()[1].velocity_mps.x();
      EXPECT_NEAR(lost / 0.5 / (friction * kGravity_mps2), 1, 0.005)
          << static_cast<int>(kind) << " " << friction;
      EXPECT_LT(DeepestOverlap(motion, 0), 1e-3);
    }
  }
}

TEST(TextbookTest, BouncesHaveTheRestitutionOfThePair) {
  for (const double restitution : {0.3, 0.5, 0.7, 0.9}) {
    for (const double height_m : {0.31, 0.77, 1.5}) {
      const Motion motion = Simulate(BallAboveFloor(height_m, restitution), {.duration_s = 1});
      ASSERT_FALSE(motion.contacts.empty());
      const ContactEvent& contact = motion.contacts[0];
      size_t up = 1;
      while (motion.states[up][1].velocity_mps.z() <= 0) ++up;
      // Back to the moment of the blow.
      const double after_mps = motion.states[up][1].velocity_mps.z() +
                               kGravity_mps2 * (up / motion.rate_hz - contact.time_s);
      EXPECT_NEAR(after_mps / contact.approach_mps, restitution, 1e-4) << height_m;
      const double impact_mps = std::sqrt(2 * kGravity_mps2 * height_m);
      EXPECT_NEAR(contact.time_s, impact_mps / kGravity_mps2, 1e-5);
    }
  }
}

TEST(TextbookTest, AStackStandsStillForFiveSeconds) {
  Scene scene = BallAboveFloor(0, 0);
  const Body block = scene.bodies[1];
  scene.bodies.pop_back();
  const ShapeKind kinds[] = {
      ShapeKind::kBox, ShapeKind::kBox, ShapeKind::kCylinder, ShapeKind::kBox, ShapeKind::kBox};
  for (int i = 0; i < 5; ++i) {
    Body next = block;
    next.name = "block " + std::to_string(i);
    next.shape = {kinds[i], {0.4, 0.4, 0.2}};
    next.world_from_body.translation = {0.02 * i, -0.01 * i, 0.1 + 0.2 * i};
    scene.bodies.push_back(next);
  }
  const Motion motion = Simulate(scene, {.duration_s = 5});
  for (size_t i = 1; i < scene.bodies.size(); ++i) {
    const Rigid3& end = motion.states.back()[i].world_from_body;
    const Vector3d drift = end.translation - scene.bodies[i].world_from_body.translation;
    EXPECT_LT(drift.norm(), 1e-3) << i;
    EXPECT_LT(end.rotation.vec().norm(), 1e-3) << i;
  }
  EXPECT_LT(DeepestOverlap(motion, 0), 1e-3);
}

TEST(TextbookTest, EveryShapeComesToRestOnTheFloorWithoutSinkingIn) {
  for (const ShapeKind kind : kEveryKind) {
    Scene scene = BallAboveFloor(0.6, 0);
    scene.bodies[1].shape = OneOfKind(kind);
    scene.bodies[1].material.rolling_friction_m = 0.01;
    scene.bodies[1].world_from_body.rotation =
        Eigen::AngleAxisd(0.4, Vector3d(1, 0.5, 0).normalized());
    const Motion motion = Simulate(scene, {.duration_s = 3});
    EXPECT_LT(DeepestOverlap(motion, 2), 1e-3) << static_cast<int>(kind);
    EXPECT_GT(motion.states.back()[1].world_from_body.translation.z(), 0.04);
    const double start = motion.energies.front()[1].kinetic_j + motion.energies[0][1].potential_j;
    for (size_t k = 0; k < motion.energies.size(); k += 10) {
      const BodyEnergy& energy = motion.energies[k][1];
      EXPECT_LT(energy.kinetic_j + energy.potential_j, start * (1 + 1e-3)) << k;
    }
  }
}

}  // namespace
}  // namespace plumb
