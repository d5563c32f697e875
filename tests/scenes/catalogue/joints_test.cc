// SPDX-License-Identifier: Apache-2.0
// What hangs and spins: the laws of the group "joints" and that they notice what is wrong.
#include <gmock/gmock.h>

#include "scenes/catalogue.h"
#include "scenes/checks.h"
#include "scenes/simulate.h"

namespace plumb {
namespace {

class JointsTestOfScenario : public ::testing::TestWithParam<std::string> {};

TEST_P(JointsTestOfScenario, TheMotionKeepsItsLawsAndTheWordsAreComplete) {
  for (int seed = 0; seed < 3; ++seed) {
    const Scene scene = MakeScene(GetParam(), 3, seed);
    for (const LawCheck& check : CheckMotion(scene, Simulate(scene, {}))) {
      EXPECT_TRUE(check.passed) << scene.id << " " << check.name << ": " << check.measured;
    }
    EXPECT_GE(scene.paraphrases.size(), 3u);
    EXPECT_FALSE(scene.outcome.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(All,
                         JointsTestOfScenario,
                         ::testing::Values("pendulum", "spinning_box"),
                         [](const auto& info) { return info.param; });

TEST(JointsTest, LighterGravityLengthensThePeriod) {
  const Scene scene = MakeScene("pendulum", 3, 1);
  Intervention change;
  change.gravity_factor = 0.9;
  const auto checks = CheckMotion(scene, Simulate(scene, {.interventions = {change}}));
  EXPECT_FALSE(checks[0].passed);
  EXPECT_GT(checks[0].measured, 1.04 * checks[0].expected);
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
