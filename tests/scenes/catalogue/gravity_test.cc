// SPDX-License-Identifier: Apache-2.0
// The group "gravity": its laws hold on many seeds and notice what breaks them.
#include <gmock/gmock.h>

#include "scenes/catalogue/gravity/internal_gravity.h"
#include "scenes/checks/internal_motion_laws.h"
#include "scenes/simulate.h"
#include "tests/scenes/catalogue/internal_scenario_tests.h"

namespace plumb {
namespace {

class GravityTestOfScenario : public ::testing::TestWithParam<std::string> {};

TEST_P(GravityTestOfScenario, KeepsItsLaws) { ExpectLawsKept(GetParam(), 4); }
TEST_P(GravityTestOfScenario, IsToldInManyWays) { ExpectToldInManyWays(GetParam()); }

TEST_P(GravityTestOfScenario, NoticesOtherGravity) {
  Intervention change;
  change.gravity_factor = 0.95;
  EXPECT_TRUE(Fails(ChecksWith(GetParam(), change), "time of"));
}

INSTANTIATE_TEST_SUITE_P(All,
                         GravityTestOfScenario,
                         ::testing::Values("drop",
                                           "bounce",
                                           "projectile",
                                           "drop_into_cluster",
                                           "weight_on_stack",
                                           "free_fall_pair"),
                         [](const auto& info) { return info.param; });

TEST(GravityTest, TheHeavyAndTheLightDifferInWeightAndHeightAndFallAlike) {
  for (int seed = 0; seed < 20; ++seed) {
    const Scene scene = MakeScene("free_fall_pair", 7, seed);
    const Body& heavy = scene.bodies[FirstMover(scene)];
    const Body& light = scene.bodies[FirstMover(scene) + 1];
    EXPECT_GT(heavy.mass_kg / VolumeOf(heavy.shape), 2 * light.mass_kg / VolumeOf(light.shape));
    const double ratio = HeightAboveFloor(heavy) / HeightAboveFloor(light);
    EXPECT_GT(std::max(ratio, 1 / ratio), 1.29) << scene.id;
    EXPECT_NE(heavy.name, light.name);
  }
}

TEST(GravityTest, AJumpInTheAirLeavesTheParabola) {
  Intervention change;
  change.time_s = 0.2;
  change.body = FirstMover(MakeScene("projectile", kSuiteSeed, 1));
  change.jump_m = {0, 0.001, 0};
  EXPECT_TRUE(Fails(ChecksWith("projectile", change), "parabola"));
}

TEST(GravityTest, AShiftedBlockIsAShiftOfTheStack) {
  Intervention change;
  change.time_s = 1.5;
  change.body = FirstMover(MakeScene("weight_on_stack", kSuiteSeed, 1));
  change.jump_m = {0.03, 0, 0};
  const auto checks = ChecksWith("weight_on_stack", change);
  EXPECT_TRUE(Fails(checks, "drift of the stack"));
}

TEST(GravityTest, ALiftedBallIsARiseOfTheEnergy) {
  const Scene scene = MakeScene("drop_into_cluster", kSuiteSeed, 1);
  Intervention change;
  change.time_s = 1.0;
  change.body = static_cast<int>(scene.bodies.size()) - 1;
  change.jump_m = {0, 0, 0.3};
  EXPECT_TRUE(Fails(ChecksWith("drop_into_cluster", change), "rise of the energy"));
}

TEST(GravityTest, TheClusterLiesOnTheFloorWithoutOverlapUnderTheFallingBall) {
  for (int seed = 0; seed < 20; ++seed) {
    const Scene scene = MakeScene("drop_into_cluster", 7, seed);
    Motion start;
    start.states = {Simulate(scene, {.duration_s = 0.01}).states.front()};
    EXPECT_LT(BallsApartAtTheEnd(scene, start).measured, 2e-6) << scene.id;
    const size_t movers = scene.bodies.size() - FirstMover(scene);
    EXPECT_GE(movers, 5u);
    EXPECT_LE(movers, 8u);
    EXPECT_GT(HeightAboveFloor(scene.bodies.back()), 1.05);
  }
}

TEST(GravityTest, EnergyOfAThingIsThatOfItsSpeedSpinAndHeight) {
  Scene scene;
  Body ball;
  ball.shape = {ShapeKind::kSphere, Eigen::Vector3d::Constant(0.4)};
  ball.mass_kg = 2;
  scene.bodies = {ball};
  BodyState state;
  state.world_from_body.translation = {0, 0, 1.5};
  state.velocity_mps = {3, 0, 0};
  state.angular_velocity_radps = {0, 5, 0};
  // m g h + m v² / 2 + (2/5 m r²) w² / 2
  EXPECT_NEAR(EnergyOf_j(scene, state, 0), 2 * 9.81 * 1.5 + 9 + 0.5 * 0.4 * 2 * 0.04 * 25, 1e-9);
}

}  // namespace
}  // namespace plumb
