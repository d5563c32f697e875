// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/presence.h"

#include <gtest/gtest.h>

#include "tests/metrics/followed_world.h"

namespace plumb {
namespace {

using Path = std::function<std::optional<Eigen::Vector2d>(int)>;

const Path kWay = Straight({30.0, 50.0}, {4.0, 0.0});

// The path, but not found from `from` up to but without `to`.
Path Gone(const Path& path, int from, int to) {
  return [=](int k) { return k >= from && k < to ? std::nullopt : path(k); };
}

Observation Observe(const Path& truth, const Path& sample) {
  FollowedWorld world;
  world.paths = {{"ball", truth, sample}};
  return world.Observe();
}

std::vector<int> FramesIn(const std::vector<FrameVerdict>& verdicts, ObjectState state) {
  std::vector<int> frames;
  for (size_t k = 0; k < verdicts.size(); ++k) {
    if (verdicts[k].state == state) frames.push_back(static_cast<int>(k));
  }
  return frames;
}

std::vector<int> Range(int from, int to) {
  std::vector<int> frames;
  for (int k = from; k < to; ++k) frames.push_back(k);
  return frames;
}

TEST(PresenceTest, WhatIsFoundIsThereAndAskedAfterTheConditioningFrames) {
  const std::vector<FrameVerdict> verdicts = PresenceOf(Observe(kWay, kWay), 0);
  EXPECT_EQ(FramesIn(verdicts, ObjectState::kThere), Range(0, 24));
  for (int k = 0; k < 24; ++k) EXPECT_EQ(verdicts[k].asked, k >= 4) << k;
}

TEST(PresenceTest, InTheOpenEveryMissingFrameIsLost) {
  const std::vector<FrameVerdict> verdicts = PresenceOf(Observe(kWay, Gone(kWay, 9, 14)), 0);
  EXPECT_EQ(FramesIn(verdicts, ObjectState::kLost), Range(9, 14));
  for (int k = 9; k < 14; ++k) EXPECT_TRUE(verdicts[k].asked) << k;
}

TEST(PresenceTest, WhereTheTruthHidesItNothingIsAsked) {
  const Path hidden = Gone(kWay, 9, 14);
  const std::vector<FrameVerdict> verdicts = PresenceOf(Observe(hidden, hidden), 0);
  EXPECT_EQ(FramesIn(verdicts, ObjectState::kOccluded), Range(9, 14));
  for (int k = 9; k < 14; ++k) EXPECT_FALSE(verdicts[k].asked) << k;
}

TEST(PresenceTest, UntrustedFramesAreNotAskedEvenWhenLost) {
  Observation observation = Observe(kWay, Gone(kWay, 9, 14));
  observation.trusted[0][11] = 0;
  EXPECT_FALSE(PresenceOf(observation, 0)[11].asked);
  EXPECT_TRUE(PresenceOf(observation, 0)[12].asked);
}

TEST(PresenceTest, ComingOutOfTheScreenMayTakeThreeFramesMore) {
  // Hidden from 9 to 13 in the truth; the sample's object is last seen beside the screen.
  for (const int until : {14, 15, 16, 17, 19}) {
    Observation observation = Observe(Gone(kWay, 9, 14), Gone(kWay, 9, until));
    PutScreen(70, 84, observation);
    const std::vector<FrameVerdict> verdicts = PresenceOf(observation, 0);
    EXPECT_EQ(FramesIn(verdicts, ObjectState::kLost), Range(std::min(17, until), until)) << until;
  }
}

TEST(PresenceTest, WithoutAScreenBesideItNothingExcusesALateReturn) {
  Observation observation = Observe(Gone(kWay, 9, 14), Gone(kWay, 9, 16));
  EXPECT_EQ(FramesIn(PresenceOf(observation, 0), ObjectState::kLost), Range(14, 16));
  PutScreen(150, 170, observation);  // elsewhere
  EXPECT_EQ(FramesIn(PresenceOf(observation, 0), ObjectState::kLost), Range(14, 16));
}

TEST(PresenceTest, AnObjectOutOfStepHasHalfAsMuchTimeAgain) {
  // A size behind the truth when it goes out of sight, so it keeps its own time: 6 + 3 frames.
  const Path behind = [](int k) -> std::optional<Eigen::Vector2d> {
    if (k > 10) return std::nullopt;
    return Eigen::Vector2d(5.0 + 4.0 * k, 50.0);
  };
  Observation observation = Observe(Gone(kWay, 8, 14), behind);
  PutScreen(60, 86, observation);
  const std::vector<FrameVerdict> verdicts = PresenceOf(observation, 0);
  EXPECT_EQ(FramesIn(verdicts, ObjectState::kLost), Range(20, 24));
}

TEST(PresenceTest, NothingHidesWhereTheTruthNeverDoes) {
  Observation observation = Observe(kWay, Gone(kWay, 9, 24));
  PutScreen(70, 84, observation);
  EXPECT_EQ(FramesIn(PresenceOf(observation, 0), ObjectState::kLost), Range(9, 24));
}

TEST(PresenceTest, LeavingOverEachBorderIsNoLoss) {
  struct Way {
    Eigen::Vector2d start_px;
    Eigen::Vector2d step_px;
  };
  for (const Way& way : {Way{{50.0, 50.0}, {-4.0, 0.0}},
                         Way{{150.0, 50.0}, {4.0, 0.0}},
                         Way{{100.0, 50.0}, {0.0, -4.0}},
                         Way{{100.0, 50.0}, {0.0, 4.0}}}) {
    const Path leaves = Straight(way.start_px, way.step_px);
    const std::vector<FrameVerdict> verdicts =
        PresenceOf(Observe(Straight({100.0, 50.0}, {0.0, 0.0}), Gone(leaves, 10, 24)), 0);
    EXPECT_EQ(FramesIn(verdicts, ObjectState::kOutOfView), Range(10, 24))
        << way.step_px.transpose();
    EXPECT_FALSE(verdicts[15].asked);
  }
}

TEST(PresenceTest, AtTheBorderButOnItsWayInIsLost) {
  const Path inwards = Gone(Straight({11.0, 50.0}, {0.6, 0.0}), 4, 24);
  EXPECT_EQ(FramesIn(PresenceOf(Observe(kWay, inwards), 0), ObjectState::kLost), Range(4, 24));
}

TEST(PresenceTest, OnlyCopiesBeyondTheTruthsCount) {
  Observation observation = Observe(kWay, kWay);
  observation.sample_tracks[0].sightings[8].copies_px = {{150.0, 20.0}, {160.0, 80.0}};
  observation.sample_tracks[0].sightings[9].copies_px = {{150.0, 20.0}};
  observation.truth_tracks[0].sightings[8].copies_px = {{150.0, 20.0}};
  observation.truth_tracks[0].sightings[9].copies_px = {{150.0, 20.0}, {160.0, 80.0}};
  const std::vector<FrameVerdict> verdicts = PresenceOf(observation, 0);
  EXPECT_EQ(verdicts[7].copies, 0);
  EXPECT_EQ(verdicts[8].copies, 1);
  EXPECT_EQ(verdicts[9].copies, 0);
}

}  // namespace
}  // namespace plumb
