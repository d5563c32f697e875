// SPDX-License-Identifier: Apache-2.0
// What hangs and spins: the laws of the group "joints" and that they notice what is wrong.
#include <gmock/gmock.h>

#include "scenes/simulate.h"
#include "tests/scenes/catalogue/internal_scenario_tests.h"

namespace plumb {
namespace {

class JointsTestOfScenario : public ::testing::TestWithParam<std::string> {};

TEST_P(JointsTestOfScenario, KeepsItsLaws) { ExpectLawsKept(GetParam(), 3); }
TEST_P(JointsTestOfScenario, IsToldInManyWays) { ExpectToldInManyWays(GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    All,
    JointsTestOfScenario,
    ::testing::Values("pendulum", "double_pendulum", "linked_chain", "gyroscope", "spinning_box"),
    [](const auto& info) { return info.param; });

TEST(JointsTest, LighterGravityLengthensThePeriod) {
  const Scene scene = MakeScene("pendulum", 3, 1);
  Intervention change;
  change.gravity_factor = 0.9;
  const auto checks = CheckMotion(scene, Simulate(scene, {.interventions = {change}}));
  EXPECT_FALSE(checks[0].passed);
  EXPECT_GT(checks[0].measured, 1.04 * checks[0].expected);
}

TEST(JointsTest, LinksInLighterGravityAreNoticed) {
  Intervention change;
  change.gravity_factor = 0.97;
  for (const char* name : {"double_pendulum", "linked_chain"}) {
    const Scene scene = MakeScene(name, 3, 1);
    const auto checks = CheckMotion(scene, Simulate(scene, {.interventions = {change}}));
    EXPECT_FALSE(checks[0].passed) << name;
    EXPECT_TRUE(checks[1].passed) << name;
  }
}

TEST(JointsTest, ABrokenJointIsNoticed) {
  for (const char* name : {"double_pendulum", "linked_chain", "gyroscope"}) {
    Scene scene = MakeScene(name, 3, 1);
    SceneEvent event;
    event.time_s = 0.5;
    event.kind = SceneEventKind::kBreak;
    event.body = scene.joints.back().name;
    scene.events.push_back(event);
    const auto checks = CheckMotion(scene, Simulate(scene, {.duration_s = 1.0}));
    EXPECT_GT(checks.at(checks.size() - 2).measured, 0.01) << name;
  }
}

TEST(JointsTest, AGyroscopePrecessesFasterWithMoreWeightOrLessSpin) {
  const Scene scene = MakeScene("gyroscope", 3, 1);
  Intervention change;
  change.gravity_factor = 1.1;
  const auto heavier = CheckMotion(scene, Simulate(scene, {.interventions = {change}}));
  EXPECT_FALSE(heavier[0].passed);
  EXPECT_GT(heavier[0].measured / heavier[0].expected, 1.05);
  Motion slower = Simulate(scene, {.duration_s = 1.0});
  for (auto& states : slower.states) {
    auto& turn = states.back().world_from_body;
    turn.rotation = Eigen::AngleAxisd(0.02, Eigen::Vector3d::UnitX()) * turn.rotation;
  }
  EXPECT_FALSE(AllPassed(CheckMotion(scene, slower)));
}

TEST(JointsTest, AGyroscopeStartsInSteadyPrecession) {
  // Without the term of the precession's own square the wheel would nod.
  for (int seed = 0; seed < 3; ++seed) {
    const Scene scene = MakeScene("gyroscope", 3, seed);
    Scene nodding = scene;
    nodding.bodies.back().angular_velocity_radps -=
        0.1 * scene.bodies.back().angular_velocity_radps.z() * Eigen::Vector3d::UnitZ();
    const auto steady = CheckMotion(scene, Simulate(scene, {.duration_s = 1.5}));
    const auto other = CheckMotion(scene, Simulate(nodding, {.duration_s = 1.5}));
    EXPECT_LT(steady[1].measured, 2e-4);
    EXPECT_GT(other[1].measured, 5 * steady[1].measured);
  }
}

TEST(JointsTest, OtherMomentsOfInertiaAreNoticedInTheSpin) {
  const Scene scene = MakeScene("spinning_box", 3, 1);
  Motion motion = Simulate(scene, {.duration_s = 1.0});
  for (auto& states : motion.states) states.back().angular_velocity_radps *= 1.01;
  motion.states.front().back().angular_velocity_radps /= 1.01;
  EXPECT_FALSE(AllPassed(CheckMotion(scene, motion)));
}

}  // namespace
}  // namespace plumb
