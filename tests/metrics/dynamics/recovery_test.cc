// SPDX-License-Identifier: Apache-2.0
#include "metrics/dynamics/recovery.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/seed.h"
#include "metrics/dynamics/contacts.h"
#include "metrics/dynamics/motion_plane.h"
#include "metrics/pairing.h"
#include "tests/metrics/disc_world.h"

namespace plumb {
namespace {

constexpr double kRadius_m = 0.15;

DiscWorld Falling(double restitution) {
  DiscWorld world;
  world.frames = 34;
  world.discs = {{.place_m = Bouncing({0.1, 1.5}, kRadius_m, restitution)}};
  return world;
}

std::vector<PathPoint> PathOf(const DiscWorld& world, double noise_m = 0.0, uint64_t seed = 1) {
  Random random(seed);
  std::vector<PathPoint> path;
  for (int k = 0; k < world.frames; ++k) {
    const Eigen::Vector2d noise(random.Normal(), random.Normal());
    path.push_back({k / world.fps, world.discs[0].place_m(k / world.fps) + noise_m * noise, k});
  }
  return path;
}

TEST(RecoveryTest, FreeFlightsLieBetweenTheContacts) {
  const Truth truth = Falling(0.7).MakeTruth();
  const PairedVideo paired = PairFrames(truth.video, truth.video);
  const std::vector<Flight> flights = FreeFlights(truth, 1, paired.pairs, 0);
  ASSERT_GE(flights.size(), 2u);
  const double touch_s = FirstTouch(1.5, kRadius_m);
  EXPECT_EQ(flights[0].first, 0);
  EXPECT_EQ(flights[0].last, static_cast<int>(touch_s * 24.0));
  EXPECT_EQ(flights[1].first, flights[0].last + 1);
  EXPECT_TRUE(FreeFlights(truth, 0, paired.pairs, 0).empty());  // the wall stands still
}

TEST(RecoveryTest, GravityIsRecoveredAndCoveredByItsInterval) {
  int covered = 0;
  constexpr int kTrials = 60;
  for (int trial = 0; trial < kTrials; ++trial) {
    const std::vector<PathPoint> path = PathOf(Falling(0.7), 0.003, 50 + trial);
    const auto fall = RecoverGravity(path, {{0, 12}}, 1e-4);
    ASSERT_TRUE(fall.has_value());
    EXPECT_NEAR(fall->value, 9.81, 0.9);
    covered += fall->low <= 9.81 && 9.81 <= fall->high;
  }
  EXPECT_GE(covered, kTrials * 85 / 100);  // 95 % nominal
}

TEST(RecoveryTest, FourFramesAreTooFewForGravity) {
  EXPECT_FALSE(RecoverGravity(PathOf(Falling(0.7)), {{0, 3}}, 1e-4).has_value());
  EXPECT_FALSE(RecoverGravity({}, {{0, 12}}, 1e-4).has_value());
}

TEST(RecoveryTest, BreaksAreContactsWithTheirVelocities) {
  const std::vector<Break> breaks = FindBreaks(PathOf(Falling(0.6), 0.002), {1e-3, {0.0, -9.81}});
  ASSERT_FALSE(breaks.empty());
  const double touch_s = FirstTouch(1.5, kRadius_m);
  EXPECT_NEAR(breaks[0].time_s, touch_s, 0.01);
  EXPECT_NEAR(breaks[0].velocity_before_mps.y(), -9.81 * touch_s, 0.25);
  EXPECT_NEAR(breaks[0].velocity_after_mps.y(), 0.6 * 9.81 * touch_s, 0.25);
}

TEST(RecoveryTest, AThrowHasNoBreak) {
  DiscWorld world = Falling(0.6);
  world.frames = 12;
  EXPECT_TRUE(FindBreaks(PathOf(world, 0.002), {1e-3, {0.0, -9.81}}).empty());
}

TEST(RecoveryTest, TheNearestLargeEnoughBreakIsTaken) {
  Break early;
  early.time_s = 0.2;
  early.velocity_after_mps = {0.0, 0.1};
  Break late;
  late.time_s = 0.5;
  late.velocity_after_mps = {0.0, 3.0};
  EXPECT_DOUBLE_EQ(BreakNear({early, late}, 0.25, 1.0, 0.0)->time_s, 0.2);
  EXPECT_DOUBLE_EQ(BreakNear({early, late}, 0.25, 1.0, 1.0)->time_s, 0.5);
  EXPECT_FALSE(BreakNear({early, late}, 0.25, 0.1, 1.0).has_value());
}

TEST(RecoveryTest, TheSimulatedPathLiesInThePlane) {
  const Truth truth = Falling(0.7).MakeTruth();
  const PairedVideo paired = PairFrames(truth.video, truth.video);
  const MotionPlane plane = PlaneOf(truth, 1, paired.pairs);
  EXPECT_NEAR(plane.along.dot(plane.up), 0.0, 1e-12);
  EXPECT_NEAR(plane.up.z(), 1.0, 1e-12);
  const std::vector<PathPoint> path = StatePath(truth, plane, 1, paired.pairs);
  ASSERT_EQ(path.size(), 34u);
  const double fallen = path[0].place_m.y() - path[6].place_m.y();
  EXPECT_NEAR(fallen, 0.5 * 9.81 * 0.25 * 0.25, 1e-9);
}

TEST(RecoveryTest, ASidewaysPathTurnsThePlane) {
  DiscWorld world;
  world.discs = {{.place_m = Rolling({-0.7, 0.5}, 0.8)}};
  const Truth truth = world.MakeTruth();
  const PairedVideo paired = PairFrames(truth.video, truth.video);
  const MotionPlane plane = PlaneOf(truth, 1, paired.pairs);
  EXPECT_NEAR(std::abs(plane.along.x()), 1.0, 1e-9);
  EXPECT_NEAR(std::abs(plane.FlattenDirection({0.8, 0.0, 0.0}).x()), 0.8, 1e-9);
}

// Three identical paths of one object.
ObjectPaths PathsOf(const DiscWorld& world, const std::vector<PathPoint>& sample) {
  ObjectPaths paths;
  paths.body = 1;
  paths.noise_floor_m = 1e-3;
  paths.states = PathOf(world);
  paths.truth = paths.states;
  paths.sample = sample;
  return paths;
}

Truth WithContact(const DiscWorld& world) {
  Truth truth = world.MakeTruth();
  ContactEvent event;
  event.time_s = FirstTouch(1.5, kRadius_m);
  event.body_a = 0;
  event.body_b = 1;
  event.normal = {0.0, 0.0, -1.0};
  event.approach_mps = 9.81 * event.time_s;
  truth.motion.contacts = {event};
  return truth;
}

TEST(RecoveryTest, ReboundRatiosFollowTheRestitution) {
  const DiscWorld world = Falling(0.7);
  const Truth truth = WithContact(world);
  for (const double restitution : {0.9, 0.7, 0.5, 0.3}) {
    const std::vector<ObjectPaths> paths = {PathsOf(world, PathOf(Falling(restitution), 0.001))};
    const std::vector<AskedContact> contacts = FirstContacts(truth, paths, 0.0, 33 / 24.0);
    ASSERT_EQ(contacts.size(), 1u);
    EXPECT_EQ(contacts[0].other, -1);
    EXPECT_NEAR(contacts[0].normal.z(), 1.0, 1e-12);
    const auto ratio = ReboundRatio(contacts[0], paths, &ObjectPaths::sample);
    ASSERT_TRUE(ratio.has_value()) << restitution;
    EXPECT_NEAR(ratio->value, restitution, 0.04);
    EXPECT_LE(ratio->low, ratio->value);
    EXPECT_GE(ratio->high, ratio->value);
  }
}

TEST(RecoveryTest, ContactsAtTheEdgesOfTheClipAreNotAsked) {
  const DiscWorld world = Falling(0.7);
  const Truth truth = WithContact(world);
  const std::vector<ObjectPaths> paths = {PathsOf(world, {})};
  const double touch_s = truth.motion.contacts[0].time_s;
  EXPECT_TRUE(FirstContacts(truth, paths, touch_s - 0.05, 33 / 24.0).empty());
  EXPECT_TRUE(FirstContacts(truth, paths, 0.0, touch_s + 0.05).empty());
}

TEST(RecoveryTest, WhatIsNotSeenHasNoContact) {
  const DiscWorld world = Falling(0.7);
  const Truth truth = WithContact(world);
  const std::vector<ObjectPaths> paths = {PathsOf(world, {})};
  const std::vector<AskedContact> contacts = FirstContacts(truth, paths, 0.0, 33 / 24.0);
  EXPECT_FALSE(FindContact(contacts[0], paths, &ObjectPaths::sample).has_value());
  EXPECT_FALSE(ReboundRatio(contacts[0], paths, &ObjectPaths::sample).has_value());
}

}  // namespace
}  // namespace plumb
