// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/background_drift.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/seed.h"
#include "core/statistics.h"
#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

double MedianDriftPx(const PictureMotion& move, int frames = 48) {
  return Median(DriftsPx(MovedGrid(frames, 8, move)));
}

TEST(BackgroundDriftTest, AStillPictureDoesNotDrift) {
  EXPECT_DOUBLE_EQ(MedianDriftPx([](int, const Eigen::Vector2d& start) { return start; }), 0.0);
}

TEST(BackgroundDriftTest, NoiseIsNoDrift) {
  Random random(3);
  for (const double noise_px : {0.1, 0.3}) {
    const double drift = MedianDriftPx([&](int, const Eigen::Vector2d& start) {
      const double dx = random.Normal(0.0, noise_px);
      return Eigen::Vector2d(start + Eigen::Vector2d(dx, random.Normal(0.0, noise_px)));
    });
    EXPECT_LT(drift, 0.4 * noise_px) << noise_px;
  }
}

TEST(BackgroundDriftTest, ASteadyDriftIsItsRootMeanSquareWay) {
  const double drift = MedianDriftPx([](int frame, const Eigen::Vector2d& start) {
    return Eigen::Vector2d(start + 0.1 * frame * Eigen::Vector2d(0.6, 0.8));
  });
  // Nine means, five frames apart: 0.5 px times 1 … 8.
  double sum = 0.0;
  for (int i = 1; i <= 8; ++i) sum += 0.25 * i * i;
  EXPECT_NEAR(drift, std::sqrt(sum / 8.0), 0.01);
}

TEST(BackgroundDriftTest, ASwayIsSeenUnderTheNoise) {
  Random random(5);
  double before = 0.0;
  for (const double sway_px : {0.5, 1.0, 2.0, 4.0}) {
    const double drift = MedianDriftPx([&](int frame, const Eigen::Vector2d& start) {
      const double dx = random.Normal(0.0, 0.1) + sway_px * std::sin(6.28 * frame / 24.0);
      return Eigen::Vector2d(start + Eigen::Vector2d(dx, random.Normal(0.0, 0.1)));
    });
    EXPECT_GT(drift, before);
    EXPECT_GT(drift, 0.6 * sway_px);
    before = drift;
  }
}

TEST(BackgroundDriftTest, PixelsAreThoseOfTheSample) {
  TrackSet set = MovedGrid(24, 8, [](int frame, const Eigen::Vector2d& start) {
    return Eigen::Vector2d(start + Eigen::Vector2d(0.1 * frame, 0.0));
  });
  const double drift = Median(DriftsPx(set));
  set.sample_scale = 3.0;
  EXPECT_NEAR(Median(DriftsPx(set)), 3.0 * drift, 1e-9);
}

TEST(BackgroundDriftTest, ShortTracksSayNothing) {
  const auto still = [](int, const Eigen::Vector2d& start) { return start; };
  EXPECT_EQ(DriftsPx(MovedGrid(24, 8, still)).size(), 64u);
  EXPECT_EQ(DriftsPx(MovedGrid(20, 8, still)).size(), 64u);
  EXPECT_TRUE(DriftsPx(MovedGrid(9, 8, still)).empty());
}

}  // namespace
}  // namespace plumb
