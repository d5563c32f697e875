// SPDX-License-Identifier: Apache-2.0
// Guided bodies and what happens from outside.
#include <cmath>
#include <numbers>

#include <gmock/gmock.h>

#include "scenes/simulate.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

using Eigen::Vector3d;

SceneEvent Event(double time_s, SceneEventKind kind, const std::string& body) {
  SceneEvent event;
  event.time_s = time_s;
  event.kind = kind;
  event.body = body;
  return event;
}

// A floor and a free block on it.
Scene BlockOnFloor() {
  Scene scene = BallAboveFloor(-1e-6, 0);
  scene.bodies[1].name = "block";
  scene.bodies[1].shape = {ShapeKind::kBox, {0.3, 0.3, 0.3}};
  return scene;
}

Body Guided(const std::string& name, const Vector3d& size_m, std::vector<PoseKey> path) {
  Body body;
  body.name = name;
  body.fixed = true;
  body.shape = {ShapeKind::kBox, size_m};
  body.path = std::move(path);
  body.world_from_body = body.path.front().world_from_body;
  return body;
}

Rigid3 At(const Vector3d& place_m) { return {Eigen::Quaterniond::Identity(), place_m}; }

TEST(GuidedAndEventsTest, AGuidedBodyIsWhereItsPathSays) {
  const Eigen::Quaterniond quarter(Eigen::AngleAxisd(std::numbers::pi / 2, Vector3d::UnitZ()));
  Scene scene = BlockOnFloor();
  scene.bodies.push_back(
      Guided("gate", {0.1, 1, 1}, {{0.5, At({3, 0, 1})}, {1.5, Rigid3(quarter, {3, 1, 1})}}));
  const Motion motion = Simulate(scene, {.duration_s = 2});
  for (size_t k = 0; k < motion.states.size(); k += 97) {
    const Rigid3 expected = GuidedPose(scene.bodies[2], k / motion.rate_hz);
    const Rigid3& pose = motion.states[k][2].world_from_body;
    EXPECT_LT((pose.translation - expected.translation).norm(), 1e-9) << k;
    EXPECT_LT(pose.rotation.angularDistance(expected.rotation), 1e-7) << k;
  }
  const BodyState middle = motion.states[static_cast<size_t>(motion.rate_hz)][2];
  EXPECT_LT((middle.velocity_mps - Vector3d(0, 1, 0)).norm(), 1e-6);
  EXPECT_LT((middle.angular_velocity_radps - std::numbers::pi / 2 * Vector3d::UnitZ()).norm(),
            1e-6);
  EXPECT_EQ(motion.states.back()[2].velocity_mps, Vector3d::Zero());
}

TEST(GuidedAndEventsTest, AGuidedBodyPushesWhatStandsInItsWay) {
  Scene scene = BlockOnFloor();
  scene.bodies.push_back(
      Guided("pusher", {0.2, 0.5, 0.2}, {{0, At({-1, 0, 0.15})}, {2, At({0, 0, 0.15})}}));
  scene.bodies[2].material.restitution = 0;
  const Motion motion = Simulate(scene, {.duration_s = 3});
  // Faces meet; when the pusher stops, the block slides on for v² / 2 μ g.
  const double slide_m = 0.5 * 0.5 / (2 * scene.bodies[1].material.friction * 9.81);
  EXPECT_NEAR(motion.states.back()[1].world_from_body.translation.x(), 0.25 + slide_m, 1e-3);
  ASSERT_FALSE(motion.contacts.empty());
  const auto meets = [](const ContactEvent& c) { return c.body_a == 1 && c.body_b == 2; };
  const auto first = std::find_if(motion.contacts.begin(), motion.contacts.end(), meets);
  ASSERT_NE(first, motion.contacts.end());
  EXPECT_NEAR(first->time_s, 1.5, 2e-3);
  EXPECT_NEAR(first->approach_mps, 0.5, 1e-3);
}

TEST(GuidedAndEventsTest, ABodyOnALiftRidesWithIt) {
  Scene scene = BlockOnFloor();
  scene.bodies[0].path = {
      {0.2, scene.bodies[0].world_from_body},
      {1.2, At(scene.bodies[0].world_from_body.translation + Vector3d(0.3, 0, 0.5))}};
  const Motion motion = Simulate(scene, {.duration_s = 2});
  const Vector3d end = motion.states.back()[1].world_from_body.translation;
  EXPECT_NEAR(end.z(), 0.65, 1e-3);
  EXPECT_NEAR(end.x(), 0.3, 0.05);  // it slips a little at the jerks of start and stop
}

TEST(GuidedAndEventsTest, AnImpulseChangesMomentumBothWays) {
  Scene scene = BlockOnFloor();
  scene.gravity_mps2.setZero();
  scene.bodies[1].mass_kg = 2;
  scene.bodies[1].world_from_body.translation.z() = 2;
  SceneEvent push = Event(0.5, SceneEventKind::kImpulse, "block");
  push.impulse_ns = {1, 0, 0};
  push.point_m = {0, 0.15, 0};
  scene.events = {push};
  const Motion motion = Simulate(scene, {.duration_s = 1});
  const size_t at = static_cast<size_t>(0.5 * motion.rate_hz);
  EXPECT_EQ(motion.states[at][1].velocity_mps, Vector3d::Zero());
  EXPECT_LT((motion.states[at + 1][1].velocity_mps - Vector3d(0.5, 0, 0)).norm(), 1e-12);
  const double inertia = 2 * 0.3 * 0.3 / 6;
  const Vector3d turn = motion.states.back()[1].angular_velocity_radps;
  EXPECT_LT((turn - Vector3d(0, 0, -0.15 / inertia)).norm(), 1e-9);
}

TEST(GuidedAndEventsTest, AnImpulseActsAboutTheCentreOfMassOfACone) {
  Scene scene = BlockOnFloor();
  scene.gravity_mps2.setZero();
  scene.bodies[1].shape = {ShapeKind::kCone, {0.3, 0.3, 0.4}};
  scene.bodies[1].world_from_body.translation.z() = 2;
  SceneEvent push = Event(0.1, SceneEventKind::kImpulse, "block");
  push.impulse_ns = {1, 0, 0};
  push.point_m = {0, 0, -0.1};  // a quarter of the height below the middle
  scene.events = {push};
  const BodyState end = Simulate(scene, {.duration_s = 0.5}).states.back()[1];
  EXPECT_LT(end.angular_velocity_radps.norm(), 1e-9);
  EXPECT_NEAR(end.velocity_mps.x(), 1, 1e-9);
}

TEST(GuidedAndEventsTest, WhatStoodOnARemovedBodyFallsFromThenOn) {
  Scene scene = BlockOnFloor();
  Body shelf = scene.bodies[0];
  shelf.name = "shelf";
  shelf.shape.size_m = {1, 1, 0.2};
  shelf.world_from_body.translation = {0, 0, 2};
  scene.bodies[1].world_from_body.translation = {0, 0, 2.25 - 1e-6};
  scene.bodies.push_back(shelf);
  scene.events = {Event(0.5, SceneEventKind::kRemove, "shelf")};
  const Motion motion = Simulate(scene, {.duration_s = 1});
  const auto height = [&](double time_s) {
    return motion.states[std::lround(time_s * motion.rate_hz)][1].world_from_body.translation.z();
  };
  EXPECT_NEAR(height(0.5), 2.25, 1e-4);
  EXPECT_NEAR(height(1.0), 2.25 - 9.81 / 8, 1e-3);
}

TEST(GuidedAndEventsTest, AReleasedBodyFallsAndAGuidedOneKeepsItsWay) {
  Scene scene = BlockOnFloor();
  scene.bodies[1].fixed = true;
  scene.bodies[1].shape = {ShapeKind::kCone, {0.3, 0.3, 0.4}};
  scene.bodies[1].world_from_body.translation = {0, 0, 5};
  scene.bodies.push_back(Guided("arm", {0.2, 0.2, 0.1}, {{0, At({2, 0, 5})}, {1, At({3, 0, 5})}}));
  scene.events = {Event(0.5, SceneEventKind::kRelease, "block"),
                  Event(0.5, SceneEventKind::kRelease, "arm")};
  const Motion motion = Simulate(scene, {.duration_s = 1});
  const double fallen_m = 5 - 9.81 / 8;
  EXPECT_LT((motion.states.back()[1].world_from_body.translation - Vector3d(0, 0, fallen_m)).norm(),
            1e-6);
  EXPECT_LT((motion.states.back()[2].world_from_body.translation - Vector3d(3, 0, fallen_m)).norm(),
            1e-6);
  EXPECT_EQ(motion.energies.front()[1].potential_j, 0);
  EXPECT_GT(motion.energies.back()[1].kinetic_j, 0);
}

TEST(GuidedAndEventsTest, AReleasedBodyKeepsItsOwnGravity) {
  Scene scene = BlockOnFloor();
  scene.bodies[1].fixed = true;
  scene.bodies[1].world_from_body.translation = {0, 0, 5};
  scene.bodies.push_back(Guided("arm", {0.2, 0.2, 0.1}, {{0, At({2, 0, 5})}, {1, At({3, 0, 5})}}));
  scene.events = {Event(0.5, SceneEventKind::kRelease, "block"),
                  Event(0.5, SceneEventKind::kRelease, "arm")};
  const auto fallen_m = [&](int of_body, int body) {
    Intervention change;
    change.time_s = 0.2;
    change.body = of_body;
    change.gravity_factor = 0.3;
    const Motion motion = Simulate(scene, {.duration_s = 1, .interventions = {change}});
    return 5 - motion.states.back()[body].world_from_body.translation.z();
  };
  EXPECT_NEAR(fallen_m(1, 1), 0.3 * 9.81 / 8, 1e-6);
  EXPECT_NEAR(fallen_m(1, 2), 9.81 / 8, 1e-6);
  EXPECT_NEAR(fallen_m(2, 2), 0.3 * 9.81 / 8, 1e-6);
  for (const int body : {1, 2}) EXPECT_NEAR(fallen_m(-1, body), 0.3 * 9.81 / 8, 1e-6);
}

TEST(GuidedAndEventsTest, ABrokenJointLetsGo) {
  Scene scene = BallAboveFloor(3, 0.5);
  scene.joints.resize(1);
  scene.joints[0].name = "cord";
  scene.joints[0].body_a = "ball";
  scene.joints[0].anchor_m = scene.bodies[1].world_from_body.translation + Vector3d(0, 0, 1);
  scene.events = {Event(0.5, SceneEventKind::kBreak, "cord")};
  const Motion motion = Simulate(scene, {.duration_s = 1});
  const double start_m = scene.bodies[1].world_from_body.translation.z();
  const auto height = [&](size_t k) { return motion.states[k][1].world_from_body.translation.z(); };
  EXPECT_NEAR(height(static_cast<size_t>(0.5 * motion.rate_hz)), start_m, 1e-5);
  EXPECT_NEAR(height(motion.states.size() - 1), start_m - 9.81 / 8, 1e-4);
}

TEST(GuidedAndEventsTest, ARemovedBodyTakesItsJointsAlong) {
  Scene scene = BallAboveFloor(3, 0.5);
  Body hook = PlainFloor();
  hook.name = "hook";
  hook.shape.size_m = {0.1, 0.1, 0.1};
  hook.world_from_body.translation = scene.bodies[1].world_from_body.translation;
  hook.world_from_body.translation.z() += 1;
  scene.bodies.push_back(hook);
  scene.joints.resize(1);
  scene.joints[0].name = "cord";
  scene.joints[0].body_a = "ball";
  scene.joints[0].body_b = "hook";
  scene.joints[0].anchor_m = hook.world_from_body.translation;
  scene.events = {Event(0.2, SceneEventKind::kRemove, "hook")};
  const Motion motion = Simulate(scene, {.duration_s = 0.7});
  EXPECT_NEAR(motion.states.back()[1].world_from_body.translation.z(),
              scene.bodies[1].world_from_body.translation.z() - 9.81 / 8,
              1e-4);
}

}  // namespace
}  // namespace plumb
