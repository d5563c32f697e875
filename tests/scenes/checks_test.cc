// SPDX-License-Identifier: Apache-2.0
#include "scenes/checks.h"

#include <gmock/gmock.h>

#include "scenes/catalogue.h"
#include "scenes/render.h"
#include "scenes/simulate.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

std::string Failures(const std::vector<LawCheck>& checks) {
  std::string text;
  for (const LawCheck& check : checks) {
    if (check.passed) continue;
    text += check.name + ": expected " + std::to_string(check.expected) + ", measured " +
            std::to_string(check.measured) + " " + check.unit + "\n";
  }
  return text;
}

bool Fails(const std::vector<LawCheck>& checks, const std::string& part) {
  for (const LawCheck& check : checks) {
    if (!check.passed && check.name.find(part) != std::string::npos) return true;
  }
  return false;
}

TEST(ChecksTest, TheMotionOfManySeedsKeepsItsLaw) {
  for (const ScenarioInfo& info : ListScenarios()) {
    for (int seed = 0; seed < 8; ++seed) {
      const Scene scene = MakeScene(info.id, 31, seed);
      const auto checks = CheckMotion(scene, Simulate(scene, {}));
      EXPECT_FALSE(checks.empty());
      EXPECT_EQ(Failures(checks), "") << scene.id;
      EXPECT_TRUE(AllPassed(checks));
    }
  }
}

TEST(ChecksTest, TheTruthOfSomeSeedsKeepsTheLawsOfSight) {
  for (const ScenarioInfo& info : ListScenarios()) {
    for (int seed = 1; seed < 3; ++seed) {
      const Truth truth = MakeTruth(MakeScene(info.id, 31, seed), SmallOptions(48));
      EXPECT_EQ(Failures(CheckTruth(truth)), "") << truth.scene.id;
    }
  }
}

TEST(ChecksTest, OtherGravityIsNoticed) {
  const Scene scene = MakeScene("drop", 31, 1);
  Intervention change;
  change.gravity_factor = 0.9;
  const auto checks = CheckMotion(scene, Simulate(scene, {.interventions = {change}}));
  EXPECT_TRUE(Fails(checks, "first contact"));
  EXPECT_TRUE(Fails(checks, "height fallen"));
}

TEST(ChecksTest, OtherRestitutionIsNoticed) {
  for (const char* scenario : {"bounce", "collide"}) {
    const Scene scene = MakeScene(scenario, 31, 1);
    Intervention change;
    change.restitution_factor = 0.9;
    EXPECT_FALSE(AllPassed(CheckMotion(scene, Simulate(scene, {.interventions = {change}}))));
  }
}

TEST(ChecksTest, AJumpIsNoticed) {
  for (const char* scenario : {"incline_slide", "occluder_pass"}) {
    const Scene scene = MakeScene(scenario, 31, 1);
    Intervention change;
    change.time_s = 0.3;
    change.jump_m = {0.1, 0.0, 0.05};
    for (size_t b = 0; b < scene.bodies.size(); ++b) {
      if (!scene.bodies[b].fixed && change.body < 0) change.body = static_cast<int>(b);
    }
    EXPECT_FALSE(AllPassed(CheckMotion(scene, Simulate(scene, {.interventions = {change}}))));
  }
}

TEST(ChecksTest, AForeignSceneHasNoLawOfItsOwn) {
  const Scene scene = BallAboveFloor(1, 0.5);
  EXPECT_TRUE(CheckMotion(scene, Simulate(scene, {})).empty());
}

}  // namespace
}  // namespace plumb
