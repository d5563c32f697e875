// SPDX-License-Identifier: Apache-2.0
// Bodies that nothing holds: Euler's equations, momentum, free fall.
#include <cmath>

#include <gmock/gmock.h>

#include "core/mass_properties.h"
#include "scenes/simulate.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

using Eigen::Vector3d;

Scene Flying(const Shape& shape) {
  Scene scene;
  scene.id = "flying-1";
  Body body;
  body.name = "body";
  body.shape = shape;
  body.mass_kg = 2;
  body.world_from_body.translation = {0, 0, 100};
  scene.bodies = {body};
  return scene;
}

Vector3d CentreOfMass(const Body& body, const BodyState& state) {
  return state.world_from_body * MassPropertiesOf(body.shape).centre_m;
}

Vector3d AngularMomentum(const Body& body, const BodyState& state) {
  const Eigen::Matrix3d turn = state.world_from_body.rotation.toRotationMatrix();
  return body.mass_kg * turn * MassPropertiesOf(body.shape).inertia_m2 * turn.transpose() *
         state.angular_velocity_radps;
}

TEST(FreeRotationTest, TumblingAboutTheMiddleAxisKeepsMomentumAndEnergy) {
  Scene scene = Flying({ShapeKind::kBox, {0.3, 0.2, 0.1}});
  scene.bodies[0].angular_velocity_radps = {0.05, 10, 0.03};
  const Motion motion = Simulate(scene, {.duration_s = 5});
  const Body& body = scene.bodies[0];
  const Vector3d start = AngularMomentum(body, motion.states[0][0]);
  double lowest = 1;
  for (const auto& states : motion.states) {
    EXPECT_LT((AngularMomentum(body, states[0]) - start).norm(), 1e-9 * start.norm());
    lowest = std::min(
        lowest,
        (states[0].world_from_body.rotation.conjugate() * states[0].angular_velocity_radps).y() /
            10);
  }
  EXPECT_LT(lowest, -0.9);  // it turned over (Dzhanibekov)
  const auto total = [&](size_t k) {
    return motion.energies[k][0].kinetic_j + motion.energies[k][0].potential_j;
  };
  EXPECT_NEAR(total(motion.energies.size() - 1), total(0), 1e-6);
}

TEST(FreeRotationTest, ASpinningDiscWobblesAtTheRateOfEuler) {
  // A symmetric top's axis goes round its angular momentum at L / I across.
  Scene scene = Flying({ShapeKind::kCylinder, {0.4, 0.4, 0.05}});
  scene.gravity_mps2.setZero();
  scene.bodies[0].angular_velocity_radps = {1, 0, 20};
  const Motion motion = Simulate(scene, {.duration_s = 1});
  const Vector3d momentum = AngularMomentum(scene.bodies[0], motion.states[0][0]);
  const double across = 2 * MassPropertiesOf(scene.bodies[0].shape).inertia_m2(0, 0);
  const Eigen::AngleAxisd round(momentum.norm() / across, momentum.normalized());
  const Vector3d axis = motion.states.back()[0].world_from_body.rotation * Vector3d::UnitZ();
  EXPECT_LT((axis - round * Vector3d::UnitZ()).norm(), 1e-6);
}

TEST(FreeRotationTest, TheCentreOfMassOfEveryShapeFallsOnAParabola) {
  for (const ShapeKind kind : kEveryKind) {
    Scene scene = Flying(OneOfKind(kind));
    Body& body = scene.bodies[0];
    body.world_from_body.rotation = Eigen::AngleAxisd(0.7, Vector3d(1, 2, 3).normalized());
    body.velocity_mps = {1, -0.5, 3};
    body.angular_velocity_radps = {2, 5, -4};
    const Motion motion = Simulate(scene, {.duration_s = 2});
    const BodyState& start = motion.states[0][0];
    const BodyState& end = motion.states.back()[0];
    EXPECT_LT((start.world_from_body.translation - body.world_from_body.translation).norm(), 1e-12);
    EXPECT_LT((start.velocity_mps - body.velocity_mps).norm(), 1e-12);
    const Vector3d centre = CentreOfMass(body, start);
    const Vector3d velocity = body.velocity_mps + body.angular_velocity_radps.cross(
                                                      centre - body.world_from_body.translation);
    const Vector3d expected = centre + 2 * velocity + 2 * scene.gravity_mps2;
    EXPECT_LT((CentreOfMass(body, end) - expected).norm(), 1e-6) << static_cast<int>(kind);
    const Vector3d arm = CentreOfMass(body, end) - end.world_from_body.translation;
    const Vector3d end_velocity = end.velocity_mps + end.angular_velocity_radps.cross(arm);
    EXPECT_LT((end_velocity - velocity - 2 * scene.gravity_mps2).norm(), 1e-6 * 20);
    EXPECT_LT((AngularMomentum(body, end) - AngularMomentum(body, start)).norm(),
              1e-9 * AngularMomentum(body, start).norm());
  }
}

}  // namespace
}  // namespace plumb
