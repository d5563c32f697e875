// SPDX-License-Identifier: Apache-2.0
#include "metrics/dynamics/trajectory.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/check.h"
#include "metrics/permanence/observed_family.h"
#include "tests/metrics/disc_scores.h"

namespace plumb {
namespace {

constexpr int kShown = 4;
constexpr double kSize_m = 0.3;

TrajectoryError ErrorOf(const Truth& truth, const Video& sample) {
  return MeasureTrajectories(Observe(InputOf(truth, sample, kShown), {}), &truth);
}

TEST(TrajectoryTest, OnlyMovingObjectsAreAsked) {
  const Truth truth = TwoBalls().MakeTruth();
  const TrajectoryError error = ErrorOf(truth, truth.video);
  ASSERT_EQ(error.moving, std::vector<size_t>{0});
  EXPECT_EQ(error.missing, 0);
  EXPECT_GT(error.asked, 25);
  EXPECT_DOUBLE_EQ(MeanOfAsked(error.sizes, 1).value, 0.0);
  EXPECT_DOUBLE_EQ(MeanOfAsked(error.credits, 1).value, 1.0);
}

TEST(TrajectoryTest, AShiftIsToldInObjectSizes) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  for (const double shift_m : {0.03, 0.15, 0.3}) {
    const TrajectoryError error = ErrorOf(truth, world.Film([&](int frame, auto& shown) {
      if (frame >= kShown) shown[0].place_m.y() += shift_m;
    }));
    EXPECT_NEAR(MeanOfAsked(error.sizes, 1).value, shift_m / kSize_m, 0.03) << shift_m;
  }
}

TEST(TrajectoryTest, StandingStillEarnsNothing) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  const auto still = world.Shown(kShown - 1);
  const TrajectoryError error = ErrorOf(truth, world.Film([&](int frame, auto& shown) {
    if (frame >= kShown) shown = still;
  }));
  EXPECT_LT(MeanOfAsked(error.credits, 1).value, 0.1);
}

TEST(TrajectoryTest, AMissingObjectIsAsFarAsTheFrameAllows) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  const TrajectoryError error = ErrorOf(truth, world.Film([](int frame, auto& shown) {
    if (frame >= kShown) shown.erase(shown.begin());
  }));
  EXPECT_EQ(error.missing, error.asked);
  const double size_px = kSize_m * world.MakeCamera().intrinsics.fx_px / 4.0;
  for (const double sizes : error.sizes[0]) {
    if (!std::isfinite(sizes)) continue;
    EXPECT_GT(sizes, 0.5 * std::hypot(160, 120) / size_px);
    EXPECT_LT(sizes, std::hypot(160, 120) / size_px);
  }
  EXPECT_DOUBLE_EQ(MeanOfAsked(error.credits, 1).value, 0.0);
}

TEST(TrajectoryTest, TheIntervalHoldsTheMean) {
  std::vector<double> values(30);
  for (int k = 0; k < 30; ++k) values[k] = k % 7;
  values[3] = std::nan("");
  const Interval mean = MeanOfAsked({values}, 9);
  EXPECT_LE(mean.low, mean.value);
  EXPECT_GE(mean.high, mean.value);
  EXPECT_LT(mean.low, mean.high);
  EXPECT_THROW(MeanOfAsked({{std::nan("")}}, 1), CheckFailure);
}

}  // namespace
}  // namespace plumb
