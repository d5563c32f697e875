// SPDX-License-Identifier: Apache-2.0
// A motion taken up again: what stays, what an edit changes, and what laws of motion do by it.
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "scenes/render.h"
#include "scenes/sabotage/internal_restart.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

constexpr double kRate_hz = 960;

RenderOptions TinyOptions(int frames) {
  RenderOptions options = SmallOptions(frames);
  options.width = options.height = 16;
  return RenderOptions::PicturesOnly(options);
}

struct World {
  explicit World(const Scene& scene, int frames = 24)
      : options(TinyOptions(frames)), truth(MakeTruth(scene, options)) {}
  SabotageJob Job() const { return {truth, sabotage, 6, options, {}}; }
  RenderOptions options;
  Truth truth;
  Sabotage sabotage;
};

double Height(const Motion& motion, int step, int body = 1) {
  return motion.states.at(step)[body].world_from_body.translation.z();
}

TEST(RestartTest, WithoutAnEditAFlightGoesOnAsItWas) {
  const World world(BallAboveFloor(3.0, 0.5), 18);
  const Motion& truth = world.truth.motion;
  const Motion again = Restarted(world.Job(), truth, {200, 600, [](Scene&) {}});
  ASSERT_EQ(again.states.size(), 601u);
  for (int step = 0; step <= 200; ++step) EXPECT_EQ(Height(again, step), Height(truth, step));
  for (int step = 201; step <= 600; ++step) {
    EXPECT_NEAR(Height(again, step), Height(truth, step), 1e-9) << step;
  }
}

TEST(RestartTest, AnEditActsFromItsStepOn) {
  const World world(BallAboveFloor(3.0, 0.5), 18);
  const Motion changed = Restarted(world.Job(), world.truth.motion, {240, 480, [](Scene& scene) {
                                                                       scene.gravity_mps2.setZero();
                                                                     }});
  const double speed = world.truth.motion.states[240][1].velocity_mps.z();
  EXPECT_NEAR(speed, -9.81 * 0.25, 1e-6);
  EXPECT_NEAR(Height(changed, 480), Height(world.truth.motion, 240) + 0.25 * speed, 1e-9);
}

TEST(RestartTest, ContactsCarryTheTimesOfTheWholeMotion) {
  const World world(BallAboveFloor(0.5, 0.5));
  const Motion again = Restarted(world.Job(), world.truth.motion, {96, 720, [](Scene&) {}});
  ASSERT_FALSE(again.contacts.empty());
  // t = sqrt(2 h / g).
  EXPECT_NEAR(again.contacts[0].time_s, std::sqrt(2 * 0.5 / 9.81), 1.5 / kRate_hz);
}

TEST(RestartTest, AppendedBodiesStandInTheirPlacesBefore) {
  const World world(BallAboveFloor(1.0, 0.5));
  const Motion more =
      Restarted(world.Job(), world.truth.motion, {48, 96, [](Scene& scene) {
                                                    Body second = scene.bodies[1];
                                                    second.name = "second";
                                                    second.world_from_body.translation.x() = 2;
                                                    scene.bodies.push_back(second);
                                                  }});
  ASSERT_EQ(more.states[0].size(), 3u);
  EXPECT_EQ(more.states[0][2].world_from_body.translation.x(), 2);
  EXPECT_EQ(Height(more, 0, 2), Height(more, 48, 2));
  EXPECT_NEAR(Height(more, 96, 2), Height(more, 96, 1), 1e-9);
}

TEST(RestartTest, WhatIsLeftOfPathsAndEvents) {
  Scene scene = BallAboveFloor(1.0, 0.5);
  scene.bodies[1].fixed = true;
  const Rigid3 start = scene.bodies[1].world_from_body;
  Rigid3 end = start;
  end.translation.x() += 1;
  scene.bodies[1].path = {{0.0, start}, {1.0, end}};
  SceneEvent push;
  push.time_s = 0.1;
  push.body = "ball";
  SceneEvent gone = push;
  gone.kind = SceneEventKind::kRemove;
  SceneEvent later = push;
  later.time_s = 0.8;
  scene.events = {push, gone, later};
  Motion motion;
  BodyState state;
  state.world_from_body = GuidedPose(scene.bodies[1], 0.5);
  motion.states.assign(481, {BodyState{}, state});
  const Scene now = SceneAtStep(scene, motion, 480);
  // Half the way is left, in half a second.
  ASSERT_EQ(now.bodies[1].path.size(), 2u);
  EXPECT_NEAR(now.bodies[1].path[0].world_from_body.translation.x(), 0.5, 1e-12);
  EXPECT_NEAR(now.bodies[1].path[1].time_s, 0.5, 1e-12);
  // The impulse is over, what was removed is removed at once, the rest comes in time.
  ASSERT_EQ(now.events.size(), 2u);
  EXPECT_EQ(now.events[0].kind, SceneEventKind::kRemove);
  EXPECT_EQ(now.events[0].time_s, 0);
  EXPECT_NEAR(now.events[1].time_s, 0.3, 1e-12);
}

TEST(RestartTest, WhatWasReleasedIsFree) {
  Scene scene = BallAboveFloor(1.0, 0.5);
  scene.bodies[1].fixed = true;
  SceneEvent release;
  release.time_s = 0.25;
  release.kind = SceneEventKind::kRelease;
  release.body = "ball";
  scene.events = {release};
  Motion motion;
  motion.states.assign(481, {BodyState{}, BodyState{}});
  motion.states[480][1].velocity_mps = {0, 0, -2};
  const Scene now = SceneAtStep(scene, motion, 480);
  EXPECT_FALSE(now.bodies[1].fixed);
  EXPECT_EQ(now.bodies[1].velocity_mps.z(), -2);
  EXPECT_TRUE(now.events.empty());
  EXPECT_TRUE(SceneAtStep(scene, motion, 100).bodies[1].fixed);
}

TEST(RestartTest, JointsMoveWithTheirFirstBody) {
  Scene scene = BallAboveFloor(1.0, 0.5);
  Joint joint;
  joint.body_a = "ball";
  joint.anchor_m = scene.bodies[1].world_from_body.translation + Eigen::Vector3d(0.3, 0, 0);
  joint.axis = {1, 0, 0};
  scene.joints = {joint};
  Motion motion;
  BodyState turned;
  turned.world_from_body =
      Rigid3(Eigen::Quaterniond(Eigen::AngleAxisd(std::numbers::pi / 2, Eigen::Vector3d::UnitZ())),
             {5, 0, 0});
  motion.states.assign(2, {BodyState{}, turned});
  const Scene now = SceneAtStep(scene, motion, 1);
  EXPECT_LT((now.joints[0].anchor_m - Eigen::Vector3d(5, 0.3, 0)).norm(), 1e-12);
  EXPECT_LT((now.joints[0].axis - Eigen::Vector3d(0, 1, 0)).norm(), 1e-12);
}

TEST(RestartTest, BetweenStepsABodyIsBetweenItsStates) {
  Motion motion;
  BodyState a;
  BodyState b;
  b.world_from_body.translation = {1, 0, 0};
  motion.states = {{a}, {b}};
  EXPECT_NEAR(StateAtTime(motion, 0, 0.25 / kRate_hz).world_from_body.translation.x(), 0.25, 1e-12);
  EXPECT_EQ(StateAtTime(motion, 0, 7.0).world_from_body.translation.x(), 1);
  EXPECT_EQ(StateAtTime(motion, 0, -1.0).world_from_body.translation.x(), 0);
}

TEST(RestartTest, FlightIsToldFromRest) {
  const World world(BallAboveFloor(0.5, 0.0), 36);
  const SabotageJob job = world.Job();
  EXPECT_TRUE(IsInFlight(job, world.truth.motion, 1, 100));
  EXPECT_FALSE(IsInFlight(job, world.truth.motion, 1, 1200));
  EXPECT_FALSE(IsInFlight(job, world.truth.motion, 0, 100));
}

TEST(RestartTest, TheLongerTruthBeginsAsTheTruth) {
  const World world(BallAboveFloor(0.5, 0.5));
  const Motion longer = LongerTruth(world.Job(), 0.5);
  ASSERT_GE(longer.states.size(), world.truth.motion.states.size() + 480);
  for (size_t step = 0; step < world.truth.motion.states.size(); step += 17) {
    EXPECT_EQ(Height(longer, step), Height(world.truth.motion, step));
  }
}

// Down a slope a ball gains g sin θ / (1 + k), k being the moment of inertia over m r².
TEST(RestartTest, InertiaTimesTheAmountRollsAccordingly) {
  constexpr double kSlope_rad = 0.25;
  Scene scene = BallAboveFloor(0.0, 0.0);
  Body& slope = scene.bodies[0];
  slope.world_from_body.rotation =
      Eigen::Quaterniond(Eigen::AngleAxisd(kSlope_rad, Eigen::Vector3d::UnitY()));
  const Eigen::Vector3d normal = slope.world_from_body.rotation * Eigen::Vector3d::UnitZ();
  slope.world_from_body.translation = -0.25 * normal;
  scene.bodies[1].material.friction = 1;
  scene.bodies[1].world_from_body.translation = 0.1499 * normal;
  const World world(scene);
  for (const double factor : {1.0, 2.5}) {
    Intervention change;
    change.body = 1;
    change.inertia_factor = factor;
    const Motion motion = SimulatedWith(world.Job(), change);
    const double gained =
        (motion.states[800][1].velocity_mps - motion.states[400][1].velocity_mps).norm() /
        (400 / kRate_hz);
    const double expected = 9.81 * std::sin(kSlope_rad) / (1 + 0.4 * factor);
    EXPECT_NEAR(gained, expected, 0.02 * expected) << factor;
  }
}

}  // namespace
}  // namespace plumb
