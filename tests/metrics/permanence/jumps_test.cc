// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/jumps.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "core/seed.h"
#include "tests/metrics/followed_world.h"

namespace plumb {
namespace {

const Eigen::Vector2d kStart(30.0, 50.0);
const Eigen::Vector2d kStep(4.0, 0.0);

using Path = std::function<std::optional<Eigen::Vector2d>(int)>;

std::vector<double> Jumps(const Path& truth, const Path& sample) {
  FollowedWorld world;
  world.paths = {{"ball", truth, sample}};
  return UnexplainedJumps(world.Observe(), 0);
}

double Longest(const std::vector<double>& jumps) {
  return *std::max_element(jumps.begin(), jumps.end());
}

// The straight way until `pair`, from then on displaced.
Path Displaced(int pair, const Eigen::Vector2d& by_px) {
  return [=](int k) {
    return Eigen::Vector2d(kStart + k * kStep + (k >= pair ? by_px : Eigen::Vector2d::Zero()));
  };
}

TEST(JumpsTest, SteadyMotionOfAnySpeedAndDirectionHasNone) {
  Random random(4);
  for (int trial = 0; trial < 20; ++trial) {
    const Eigen::Vector2d step(random.Uniform(-4.0, 4.0), random.Uniform(-2.0, 2.0));
    EXPECT_NEAR(
        Longest(Jumps(Straight({100.0, 50.0}, step), Straight({100.0, 50.0}, step))), 0.0, 1e-9)
        << step.transpose();
  }
}

TEST(JumpsTest, AJumpAcrossTheWayHasTheLengthOfTheExcess) {
  for (const double by_px : {4.0, 10.0, 20.0, 40.0}) {
    const std::vector<double> jumps = Jumps(Straight(kStart, kStep), Displaced(12, {0.0, by_px}));
    const double expected = (std::hypot(by_px, kStep.x()) - kStep.x()) / FollowedWorld::kSize_px;
    for (size_t k = 0; k < jumps.size(); ++k) {
      EXPECT_NEAR(jumps[k], k == 12 ? expected : 0.0, 1e-9) << by_px << " " << k;
    }
  }
}

TEST(JumpsTest, BackAndForthAreTwoJumps) {
  const auto away = [](int k) {
    return Eigen::Vector2d(kStart + k * kStep +
                           Eigen::Vector2d(0.0, k >= 10 && k < 16 ? 40.0 : 0.0));
  };
  const std::vector<double> jumps = Jumps(Straight(kStart, kStep), away);
  EXPECT_NEAR(jumps[10], jumps[16], 1e-9);
  EXPECT_GT(jumps[10], 1.5);
  EXPECT_NEAR(jumps[13], 0.0, 1e-9);
}

TEST(JumpsTest, ABounceIsNoJump) {
  const auto bouncing = [](int k) { return Eigen::Vector2d(100.0 + 5.0 * std::abs(k - 12), 50.0); };
  EXPECT_NEAR(Longest(Jumps(bouncing, bouncing)), 0.0, 1e-9);
  // The same bounce a few frames late: its steps are as long as ever.
  const auto late = [](int k) { return Eigen::Vector2d(85.0 + 5.0 * std::abs(k - 15), 50.0); };
  EXPECT_NEAR(Longest(Jumps(bouncing, late)), 0.0, 1e-9);
}

TEST(JumpsTest, WhatTheTruthShowsItselfIsTakenOff) {
  const Path jumping = Displaced(12, {0.0, 30.0});
  EXPECT_NEAR(Longest(Jumps(jumping, jumping)), 0.0, 1e-9);
  EXPECT_GT(Longest(Jumps(Straight(kStart, kStep), jumping)), 1.0);
}

TEST(JumpsTest, TwiceAsFastAsAnythingInTheTruthIsAJumpInEveryStep) {
  const std::vector<double> jumps = Jumps(Straight(kStart, kStep), Straight(kStart, 2.0 * kStep));
  for (size_t k = 5; k < jumps.size(); ++k) {
    EXPECT_NEAR(jumps[k], 0.5 * kStep.x() / FollowedWorld::kSize_px, 1e-9) << k;
  }
}

TEST(JumpsTest, ConditioningFramesAreNeverJudged) {
  const std::vector<double> jumps = Jumps(Straight(kStart, kStep), Displaced(2, {0.0, 40.0}));
  for (int k = 0; k < 4; ++k) EXPECT_EQ(jumps[k], 0.0) << k;
}

TEST(JumpsTest, AcrossAGapTheDistanceFromTheTruthCounts) {
  for (const double by_px : {0.0, 8.0, 20.0, 40.0}) {
    const auto gap = [&](int k) -> std::optional<Eigen::Vector2d> {
      if (k >= 10 && k < 15) return std::nullopt;
      return Displaced(15, {0.0, by_px})(k);
    };
    const std::vector<double> jumps = Jumps(Straight(kStart, kStep), gap);
    // Half of what the truth moves in six frames, and half a size, are free.
    const double expected =
        std::max(0.0, (by_px - 0.5 * 6.0 * kStep.x()) / FollowedWorld::kSize_px - 0.5);
    EXPECT_NEAR(jumps[15], expected, 1e-9) << by_px;
  }
}

TEST(JumpsTest, AnObjectThatIsElsewhereFromItsFirstFrameJumpedThere) {
  const auto late = [](double by_px) {
    return [=](int k) -> std::optional<Eigen::Vector2d> {
      if (k < 4) return std::nullopt;
      return Eigen::Vector2d(kStart + k * kStep + Eigen::Vector2d(0.0, by_px));
    };
  };
  EXPECT_NEAR(Jumps(Straight(kStart, kStep), late(30.0))[4], 30.0 / 20.0 - 0.5, 1e-9);
  EXPECT_NEAR(Jumps(Straight(kStart, kStep), late(8.0))[4], 0.0, 1e-9);
}

TEST(JumpsTest, TheFrameRateDoesNotMatter) {
  std::vector<std::vector<double>> jumps;
  for (const double fps : {8.0, 24.0, 60.0}) {
    FollowedWorld world;
    world.fps = fps;
    world.paths = {{"ball", Straight(kStart, kStep), Displaced(12, {0.0, 30.0})}};
    jumps.push_back(UnexplainedJumps(world.Observe(), 0));
  }
  for (size_t k = 0; k < jumps[0].size(); ++k) {
    EXPECT_NEAR(jumps[0][k], jumps[1][k], 1e-9);
    EXPECT_NEAR(jumps[0][k], jumps[2][k], 1e-9);
  }
}

TEST(JumpsTest, AStepInWhichTheShapeChangesIsUncertain) {
  FollowedWorld world;
  world.paths = {{"ball", Straight(kStart, kStep), Displaced(12, {0.0, 30.0})}};
  Observation observation = world.Observe();
  const double sure = UnexplainedJumps(observation, 0)[12];
  for (int k = 12; k < 24; ++k) observation.sample_tracks[0].sightings[k].area_px = 200.0;
  EXPECT_NEAR(UnexplainedJumps(observation, 0)[12], sure - 0.25, 1e-9);
}

TEST(JumpsTest, AnObjectThatIsNeverSeenHasNone) {
  const auto nowhere = [](int) { return std::optional<Eigen::Vector2d>(); };
  EXPECT_EQ(Longest(Jumps(Straight(kStart, kStep), nowhere)), 0.0);
}

}  // namespace
}  // namespace plumb
