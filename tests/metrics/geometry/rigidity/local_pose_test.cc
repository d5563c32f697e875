// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/rigidity/local_pose.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/statistics.h"
#include "tests/metrics/geometry/rigidity/known_world.h"

namespace plumb {
namespace {

// What is seen in the upper left ninth moves sideways by `slide_px`.
WorldSightings Slid(const KnownWorldOptions& options, double slide_px, int from_frame = 0) {
  const KnownWorld known = MakeKnownWorld(options);
  WorldSightings seen = SightingsOf(known.set, known.world);
  for (FrameSightings& frame : seen.frames) {
    if (frame.frame < from_frame) continue;
    for (PointSighting& point : frame.points) {
      if (point.seen_px.maxCoeff() < 256.0 / 3 - 2) point.seen_px.x() += slide_px;
    }
  }
  return seen;
}

double MeanSquare(const std::vector<FrameDivergence>& frames) {
  std::vector<double> squares;
  for (const FrameDivergence& frame : frames) squares.push_back(frame.squared_px2);
  return Mean(squares);
}

TEST(LocalPoseTest, OneCameraForAllLeavesNothing) {
  const auto frames = LocalPoseDivergence(Slid({}, 0.0), {});
  ASSERT_EQ(frames.size(), 20u);
  EXPECT_EQ(frames.front().parts, 9);
  EXPECT_NEAR(MeanSquare(frames), 0.0, 1e-9);
  EXPECT_NEAR(WorstStretch(frames)->px, 0.0, 1e-4);
}

TEST(LocalPoseTest, NoiseIsTakenOff) {
  KnownWorldOptions options;
  options.noise_px = 0.3;
  options.frames = 60;
  // 36 points a part: noise alone moves them by 6/36 of its variance, 0.015; what is left has no
  // bias.
  EXPECT_NEAR(MeanSquare(LocalPoseDivergence(Slid(options, 0.0), {})), 0.0, 0.002);
}

TEST(LocalPoseTest, APartThatSlidesIsFoundAndNamed) {
  double before = 0.0;
  for (const double slide_px : {0.25, 0.5, 1.0, 2.0}) {
    const auto frames = LocalPoseDivergence(Slid({}, slide_px), {});
    const FrameDivergence& middle = frames[10];
    EXPECT_EQ(middle.worst_part, 0);
    EXPECT_GT(middle.worst_px, 0.7 * slide_px);
    EXPECT_LT(middle.worst_px, 1.05 * slide_px);
    EXPECT_GT(WorstStretch(frames)->px, before);
    before = WorstStretch(frames)->px;
  }
}

TEST(LocalPoseTest, ATurningCamerasPartsTurn) {
  KnownWorldOptions options;
  options.way_m.setZero();
  options.turn_rad = 0.1;
  EXPECT_NEAR(WorstStretch(LocalPoseDivergence(Slid(options, 0.0), {}))->px, 0.0, 1e-4);
  EXPECT_GT(WorstStretch(LocalPoseDivergence(Slid(options, 1.0), {}))->px, 0.2);
}

TEST(LocalPoseTest, WhatIsFarOffBelongsToSomethingElse) {
  EXPECT_NEAR(WorstStretch(LocalPoseDivergence(Slid({}, 9.0), {}))->px, 0.0, 1e-4);
}

// Before a still camera, what lies within `reach_px` of a part's middle moves.
double StillDivergence(double reach_px) {
  const TrackSet set = MovedGrid(20, 24, [&](int frame, const Eigen::Vector2d& start) {
    const Eigen::Vector2d from_middle = start - Eigen::Vector2d(128.0, 128.0);
    const bool moves = from_middle.cwiseAbs().maxCoeff() < reach_px;
    return Eigen::Vector2d(start + Eigen::Vector2d(moves ? 0.3 * frame : 0.0, 0.0));
  });
  return WorstStretch(LocalPoseDivergence(StillSightings(set), {.majority_units = 1.0}))->px;
}

TEST(LocalPoseTest, ABodyBeforeAStillCameraIsNoPartOfTheWorld) {
  EXPECT_NEAR(StillDivergence(12.0), 0.0, 1e-4);  // few of the part's tracks
  EXPECT_NEAR(StillDivergence(31.0), 0.0, 0.05);  // most of them, but smaller than the part
  EXPECT_GT(StillDivergence(80.0), 0.3);
}

TEST(LocalPoseTest, OnePartAloneCannotDisagree) {
  LocalPoseOptions options;
  options.cells = 1;
  EXPECT_TRUE(LocalPoseDivergence(Slid({}, 0.0), options).empty());
  options.cells = 3;
  options.min_points = 50;  // each part has 36
  EXPECT_TRUE(LocalPoseDivergence(Slid({}, 0.0), options).empty());
}

TEST(LocalPoseTest, TheWorstTenFramesCount) {
  KnownWorldOptions options;
  options.frames = 60;
  const auto frames = LocalPoseDivergence(Slid(options, 1.0, 45), {});
  const auto worst = WorstStretch(frames);
  EXPECT_GE(worst->frames.front().frame, 45);
  EXPECT_EQ(worst->frames.size(), 10u);
  EXPECT_NEAR(worst->px, WorstStretch(LocalPoseDivergence(Slid(options, 1.0), {}))->px, 0.05);
}

TEST(LocalPoseTest, FourFramesSayNothing) {
  std::vector<FrameDivergence> frames;
  for (int frame = 0; frame < 4; ++frame) frames.push_back({frame, 1.0, 9, 0, 1.0});
  EXPECT_FALSE(WorstStretch(frames).has_value());
  frames.push_back({9, 1.0, 9, 0, 1.0});
  EXPECT_DOUBLE_EQ(WorstStretch(frames)->px, 1.0);
  EXPECT_FALSE(WorstStretch({}).has_value());
}

}  // namespace
}  // namespace plumb
