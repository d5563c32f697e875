// SPDX-License-Identifier: Apache-2.0
// What stands, leans and tips: the laws of the group "balance" and that they notice what is wrong.
#include <gmock/gmock.h>

#include "scenes/catalogue/balance/internal_balance.h"
#include "scenes/simulate.h"
#include "tests/scenes/catalogue/internal_scenario_tests.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

class BalanceTestOfScenario : public ::testing::TestWithParam<std::string> {};

TEST_P(BalanceTestOfScenario, KeepsItsLaws) { ExpectLawsKept(GetParam(), 3); }
TEST_P(BalanceTestOfScenario, IsToldInManyWays) { ExpectToldInManyWays(GetParam()); }

INSTANTIATE_TEST_SUITE_P(All,
                         BalanceTestOfScenario,
                         ::testing::Values("stable_stack",
                                           "unstable_stack",
                                           "dominoes",
                                           "overhang",
                                           "seesaw",
                                           "support_removed"),
                         [](const auto& info) { return info.param; });

Body Block(double x_m, double z_m, double mass_kg) {
  Body block = PlainBody("block", ShapeKind::kBox, {0.4, 0.4, 0.2});
  block.mass_kg = mass_kg;
  block.world_from_body.translation = {x_m, 0, z_m};
  return block;
}

TEST(BalanceTest, TheMarginIsTheDistanceOfTheCentreOfMassFromTheSmallerSupport) {
  const std::vector<double> centred = StackMargins_m({Block(0, 0.1, 1), Block(0, 0.3, 1)});
  EXPECT_NEAR(centred[0], 0.2, 1e-12);
  const std::vector<double> outside = StackMargins_m({Block(0, 0.1, 1), Block(0.25, 0.3, 1)});
  EXPECT_NEAR(outside[0], -0.05, 1e-12);
  // Two blocks above: their common centre is at (0.1 · 1 + 0.25 · 3) / 4 = 0.2125 from the lowest.
  const auto three = StackMargins_m({Block(0, 0.1, 1), Block(0.1, 0.3, 1), Block(0.25, 0.5, 3)});
  ASSERT_EQ(three.size(), 2u);
  EXPECT_NEAR(three[0], 0.2 - 0.2125, 1e-12);
  EXPECT_NEAR(three[1], 0.05, 1e-12);
}

TEST(BalanceTest, UnstableStacksHaveExactlyOneLooseJoint) {
  for (int seed = 0; seed < 30; ++seed) {
    const Scene scene = MakeScene("unstable_stack", 3, seed);
    std::vector<Body> blocks;
    for (const Body& body : scene.bodies) {
      if (body.role == Role::kObject) blocks.push_back(body);
    }
    int loose = 0;
    for (const double margin_m : StackMargins_m(blocks)) {
      loose += margin_m < 0;
      EXPECT_TRUE(margin_m > 0.039 || (margin_m < -0.024 && margin_m > -0.091)) << margin_m;
    }
    EXPECT_EQ(loose, 1) << scene.id;
  }
}

TEST(BalanceTest, StableStacksHaveNoLooseJointAndAreSeenForFiveSeconds) {
  for (int seed = 0; seed < 30; ++seed) {
    const Scene scene = MakeScene("stable_stack", 3, seed);
    std::vector<Body> blocks;
    for (const Body& body : scene.bodies) {
      if (body.role == Role::kObject) blocks.push_back(body);
    }
    EXPECT_GE(blocks.size(), 3u);
    for (const double margin_m : StackMargins_m(blocks)) EXPECT_GT(margin_m, 0.039) << scene.id;
    EXPECT_EQ(scene.duration_s, 5.0);
  }
}

TEST(BalanceTest, AStackThatIsPushedAsideIsNoticed) {
  const Scene scene = MakeScene("stable_stack", 3, 0);
  Intervention change;
  change.time_s = 1.0;
  change.body = static_cast<int>(scene.bodies.size()) - 1;
  change.jump_m = {0.002, 0, 0};
  EXPECT_FALSE(AllPassed(CheckMotion(scene, Simulate(scene, {.interventions = {change}}))));
}

TEST(BalanceTest, ATrapdoorThatOpensLateIsNoticed) {
  // What the check expects comes from the scene; the motion is that of flaps a tenth slower to go.
  const Scene scene = MakeScene("support_removed", 3, 1);
  Scene late = scene;
  for (Body& body : late.bodies) {
    for (size_t k = 1; k < body.path.size(); ++k) body.path[k].time_s += 0.1;
  }
  EXPECT_TRUE(AllPassed(CheckMotion(scene, Simulate(scene, {}))));
  EXPECT_TRUE(AllPassed(CheckMotion(late, Simulate(late, {}))));
  EXPECT_FALSE(AllPassed(CheckMotion(scene, Simulate(late, {}))));
}

TEST(BalanceTest, TheFlapsOfATrapdoorKeepTheirHinges) {
  const Scene scene = MakeScene("support_removed", 3, 2);
  int flaps = 0;
  for (const Body& body : scene.bodies) {
    if (body.path.empty()) continue;
    ++flaps;
    const double side = body.world_from_body.translation.x() < 0 ? -1 : 1;
    const Eigen::Vector3d half = body.shape.size_m / 2;
    // The outer upper edge, on which the flap turns; keys lie close enough for the arc between.
    const Eigen::Vector3d hinge_in_flap(side * half.x(), 0, half.z());
    const Eigen::Vector3d hinge = body.world_from_body * hinge_in_flap;
    for (double time_s = 0; time_s < 1.5; time_s += 0.003) {
      EXPECT_LT((GuidedPose(body, time_s) * hinge_in_flap - hinge).norm(), 1e-3);
    }
    const Eigen::Vector3d up = GuidedPose(body, 2.0).rotation * Eigen::Vector3d::UnitZ();
    EXPECT_NEAR(up.x(), -side, 1e-9);  // its upper face looks inwards
  }
  EXPECT_EQ(flaps, 2);
}

TEST(BalanceTest, LighterGravityIsNoticedByTheTimesOfTipping) {
  Intervention change;
  change.gravity_factor = 0.9;
  for (const char* scenario : {"dominoes", "overhang", "seesaw"}) {
    bool noticed = false;
    for (int seed = 0; seed < 6 && !noticed; ++seed) {
      const Scene scene = MakeScene(scenario, 3, seed);
      noticed = !AllPassed(CheckMotion(scene, Simulate(scene, {.interventions = {change}})));
    }
    EXPECT_TRUE(noticed) << scenario;
  }
}

TEST(BalanceTest, AStackThatIsHeldUpIsNoticed) {
  const Scene scene = MakeScene("unstable_stack", 3, 1);
  Motion motion = Simulate(scene, {.duration_s = 0.1});
  EXPECT_FALSE(AllPassed(CheckMotion(scene, motion)));
}

}  // namespace
}  // namespace plumb
