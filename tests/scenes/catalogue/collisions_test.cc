// SPDX-License-Identifier: Apache-2.0
// The group "collisions": its laws hold on many seeds and notice what breaks them.
#include <set>

#include <gmock/gmock.h>

#include "scenes/catalogue/collisions/internal_collisions.h"
#include "scenes/checks/internal_motion_laws.h"
#include "scenes/simulate.h"
#include "tests/scenes/catalogue/internal_scenario_tests.h"

namespace plumb {
namespace {

class CollisionsTestOfScenario : public ::testing::TestWithParam<std::string> {};

TEST_P(CollisionsTestOfScenario, KeepsItsLaws) { ExpectLawsKept(GetParam(), 4); }
TEST_P(CollisionsTestOfScenario, IsToldInManyWays) { ExpectToldInManyWays(GetParam()); }

TEST_P(CollisionsTestOfScenario, NoticesWhenTheFirstBodyIsGone) {
  Intervention change;
  change.time_s = 0.1;
  change.body = FirstMover(MakeScene(GetParam(), kSuiteSeed, 1));
  change.take_out = true;
  EXPECT_FALSE(AllPassed(ChecksWith(GetParam(), change)));
}

TEST_P(CollisionsTestOfScenario, EveryObjectHasItsOwnColour) {
  for (int seed = 0; seed < 10; ++seed) {
    const Scene scene = MakeScene(GetParam(), 7, seed);
    std::set<std::string> colours;
    int objects = 0;
    for (const Body& body : scene.bodies) {
      if (body.role != Role::kObject) continue;
      ++objects;
      colours.insert(body.name.substr(0, body.name.find(' ')));
    }
    EXPECT_EQ(static_cast<int>(colours.size()), objects) << scene.id;
    EXPECT_GE(objects, 2);
  }
}

INSTANTIATE_TEST_SUITE_P(All,
                         CollisionsTestOfScenario,
                         ::testing::Values("collide",
                                           "elastic_collision",
                                           "ball_chain",
                                           "ramp_collision",
                                           "roll_into_blocks",
                                           "uniform_motion"),
                         [](const auto& info) { return info.param; });

TEST(CollisionsTest, OtherRestitutionIsNoticed) {
  Intervention change;
  change.restitution_factor = 0.98;
  EXPECT_TRUE(Fails(ChecksWith("elastic_collision", change), "separation over closing"));
  EXPECT_TRUE(Fails(ChecksWith("ramp_collision", change), "separation over closing"));
  change.restitution_factor = 0.995;
  EXPECT_TRUE(Fails(ChecksWith("ball_chain", change), "speed of the last ball"));
}

TEST(CollisionsTest, AHeavierBallIsNoticed) {
  const Scene scene = MakeScene("elastic_collision", kSuiteSeed, 1);
  Scene other = scene;
  other.bodies[FirstMover(other)].mass_kg *= 1.2;
  const auto checks = CheckMotion(scene, Simulate(other, {}));
  EXPECT_TRUE(Fails(checks, "velocity of the second"));
  EXPECT_TRUE(Fails(checks, "momentum"));
}

TEST(CollisionsTest, ASlowerStartIsNoticed) {
  for (const char* scenario : {"uniform_motion", "roll_into_blocks"}) {
    const Scene scene = MakeScene(scenario, kSuiteSeed, 1);
    Scene other = scene;
    Body& ball = other.bodies[FirstMover(other)];
    ball.velocity_mps *= 0.99;
    ball.angular_velocity_radps *= 0.99;
    EXPECT_FALSE(AllPassed(CheckMotion(scene, Simulate(other, {})))) << scenario;
  }
}

TEST(CollisionsTest, TheBallsOfARowAlmostTouchAndLieInLine) {
  for (int seed = 0; seed < 10; ++seed) {
    const Scene scene = MakeScene("ball_chain", 7, seed);
    for (size_t b = FirstMover(scene) + 1; b + 1 < scene.bodies.size(); ++b) {
      const Eigen::Vector3d gap = scene.bodies[b + 1].world_from_body.translation -
                                  scene.bodies[b].world_from_body.translation;
      EXPECT_NEAR(std::abs(gap.x()) - scene.bodies[b].shape.size_m.x(), 0.003, 1e-9);
      EXPECT_EQ(gap.y(), 0);
      EXPECT_EQ(scene.bodies[b].mass_kg, scene.bodies[b + 1].mass_kg);
    }
  }
}

TEST(CollisionsTest, OnlyOneBallLeavesTheRowFast) {
  const Scene scene = MakeScene("ball_chain", kSuiteSeed, 2);
  const Motion motion = Simulate(scene, {});
  const int last = static_cast<int>(scene.bodies.size()) - 1;
  const double speed_mps = scene.bodies[FirstMover(scene)].velocity_mps.norm();
  const double blow_s = FirstContact(motion, last - 1, last)->time_s + 0.01;
  EXPECT_GT(StateAt(motion, blow_s, last).velocity_mps.norm(), 0.85 * speed_mps);
  for (int b = FirstMover(scene); b < last; ++b) {
    EXPECT_LT(StateAt(motion, blow_s, b).velocity_mps.norm(), 0.2 * speed_mps);
  }
}

TEST(CollisionsTest, MeetingsThatNeverHappenAreAFailure) {
  const Scene scene = MakeScene("elastic_collision", kSuiteSeed, 1);
  Motion motion = Simulate(scene, {.duration_s = 0.05});
  EXPECT_TRUE(motion.contacts.empty() ||
              !FirstContact(motion, FirstMover(scene), FirstMover(scene) + 1));
  EXPECT_TRUE(Fails(CheckMotion(scene, motion), "the two meet"));
}

}  // namespace
}  // namespace plumb
