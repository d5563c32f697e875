// SPDX-License-Identifier: Apache-2.0
#include "core/detection.h"

#include <limits>
#include <optional>

#include <gtest/gtest.h>

#include "core/check.h"
#include "core/seed.h"

namespace plumb {
namespace {

TEST(DetectionTest, AreaEqualsSciPysMannWhitney) {
  const std::vector<double> broken = {
      0.6, 0.7, 0.5, 0.4, 0.5, 0.4, 0.6, 0.9, 0.5, 0.5, 0.7, 0.7, 0.6};
  const std::vector<double> intact = {0.7, 0.8, 1.0, 0.6, 0.8, 0.6, 0.7, 0.6, 0.8, 0.7,
                                      0.9, 0.9, 0.8, 0.5, 0.8, 0.8, 0.9, 0.6, 0.8, 0.7,
                                      0.7, 1.0, 0.7, 0.8, 1.0, 0.8, 0.8, 0.9, 0.9};
  // scipy.stats.mannwhitneyu(intact, broken).statistic / (13 * 29)
  EXPECT_DOUBLE_EQ(Auc(broken, intact), 0.8448275862068966);
  EXPECT_DOUBLE_EQ(Auc(intact, broken), 1 - 0.8448275862068966);
}

TEST(DetectionTest, AreaOfTheExtremes) {
  EXPECT_DOUBLE_EQ(Auc({0.1, 0.2}, {0.3, 0.4, 0.5}), 1.0);
  EXPECT_DOUBLE_EQ(Auc({0.6}, {0.3, 0.4, 0.5}), 0.0);
  EXPECT_DOUBLE_EQ(Auc({0.4, 0.4}, {0.4}), 0.5);
  EXPECT_THROW(Auc({}, {0.4}), CheckFailure);
  EXPECT_THROW(Auc({0.4}, {}), CheckFailure);
}

TEST(DetectionTest, AreaIsWhatPairsGiveOneByOne) {
  Random random(5);
  std::vector<double> broken(17), intact(23);
  for (double& value : broken) value = 0.25 * random.Index(9);
  for (double& value : intact) value = 0.25 * random.Index(12);
  double won = 0.0;
  for (const double a : broken) {
    for (const double b : intact) won += a < b ? 1.0 : a == b ? 0.5 : 0.0;
  }
  EXPECT_DOUBLE_EQ(Auc(broken, intact), won / (17 * 23));
}

// The roots of (auc − t)² = z² V(t) as scipy.optimize.brentq finds them.
TEST(DetectionTest, IntervalEqualsTheRootsThatSciPyFinds) {
  const Interval three_quarters = AucInterval(0.75, 20, 24);
  EXPECT_DOUBLE_EQ(three_quarters.value, 0.75);
  EXPECT_NEAR(three_quarters.low, 0.5794100935862788, 1e-9);
  EXPECT_NEAR(three_quarters.high, 0.8622818775037797, 1e-9);
  const Interval half = AucInterval(0.5, 10, 30);
  EXPECT_NEAR(half.low, 0.3095602267796588, 1e-9);
  EXPECT_NEAR(half.high, 0.6904397732203412, 1e-9);
  const Interval high = AucInterval(0.99, 22, 24);
  EXPECT_NEAR(high.low, 0.8931919090498085, 1e-9);
  EXPECT_NEAR(high.high, 0.9990601195329502, 1e-9);
}

TEST(DetectionTest, IntervalOfAllAndOfNothing) {
  const Interval all = AucInterval(1.0, 20, 20);
  EXPECT_NEAR(all.low, 0.8986681357635511, 1e-9);
  EXPECT_DOUBLE_EQ(all.high, 1.0);
  const Interval none = AucInterval(0.0, 20, 20);
  EXPECT_DOUBLE_EQ(none.low, 0.0);
  EXPECT_NEAR(none.high, 1 - 0.8986681357635511, 1e-9);
  EXPECT_THROW(AucInterval(1.1, 20, 20), CheckFailure);
  EXPECT_THROW(AucInterval(0.5, 0, 20), CheckFailure);
}

TEST(DetectionTest, IntervalNarrowsWithMoreScenes) {
  const Interval few = AucInterval(0.9, 10, 10);
  const Interval many = AucInterval(0.9, 100, 100);
  EXPECT_LT(few.low, many.low);
  EXPECT_GT(few.high, many.high);
  EXPECT_LT(many.low, 0.9);
  EXPECT_GT(many.high, 0.9);
}

TEST(DetectionTest, ThresholdLetsNoMoreThanItsShareLieBelow) {
  Random random(11);
  for (const int count : {1, 7, 19, 20, 21, 40, 399, 400}) {
    std::vector<double> values(count);
    for (double& value : values) value = random.Uniform();
    const double threshold = FalseAlarmThreshold(values, 0.05);
    int below = 0;
    double next = std::numeric_limits<double>::infinity();
    for (const double value : values) {
      below += value < threshold;
      if (value > threshold) next = std::min(next, value);
    }
    EXPECT_LE(below, 0.05 * count + 1e-9) << count;
    // The next larger one would have let too many.
    EXPECT_GT(below + 1, 0.05 * count) << count;
  }
}

TEST(DetectionTest, ThresholdByHand) {
  EXPECT_DOUBLE_EQ(FalseAlarmThreshold({5, 1, 4, 2, 3}, 0.0), 1);
  EXPECT_DOUBLE_EQ(FalseAlarmThreshold({5, 1, 4, 2, 3}, 0.2), 2);
  EXPECT_DOUBLE_EQ(FalseAlarmThreshold({5, 1, 4, 2, 3}, 1.0), 5);
  // Equal values are not below each other.
  EXPECT_DOUBLE_EQ(FalseAlarmThreshold({1, 1, 1, 1, 2}, 0.2), 1);
  EXPECT_THROW(FalseAlarmThreshold({}, 0.05), CheckFailure);
  EXPECT_THROW(FalseAlarmThreshold({1}, 1.5), CheckFailure);
}

TEST(DetectionTest, ASeriesFallsOrDoesNot) {
  EXPECT_EQ(TrendOf({1.0, 0.9, 0.8, 0.7, 0.6, 0.5}, 0.0), DoseTrend::kFalls);
  EXPECT_EQ(TrendOf({1.0, 0.9, 0.91, 0.7, 0.6, 0.5}, 0.0), DoseTrend::kDoesNotFall);
  EXPECT_EQ(TrendOf({1.0, 0.9, 0.91, 0.7, 0.6, 0.5}, 0.02), DoseTrend::kFalls);
  // Flat within the tolerance is no fall.
  EXPECT_EQ(TrendOf({1.0, 0.995, 0.99, 0.985}, 0.02), DoseTrend::kDoesNotFall);
  EXPECT_EQ(TrendOf({1.0, 1.0, 1.0, 1.0}, 0.0), DoseTrend::kDoesNotFall);
}

TEST(DetectionTest, ASeriesWithoutSomeValues) {
  const std::optional<double> none;
  EXPECT_EQ(TrendOf({1.0, none, 0.8, none, 0.6, 0.5}, 0.0), DoseTrend::kFalls);
  EXPECT_EQ(TrendOf({1.0, none, none, none, 0.6, 0.5}, 0.0), DoseTrend::kTooFewValues);
  EXPECT_EQ(TrendOf({none, 0.9, 0.8, 0.7, 0.6, 0.5}, 0.0), DoseTrend::kTooFewValues);
  EXPECT_EQ(TrendOf({}, 0.0), DoseTrend::kTooFewValues);
  EXPECT_THROW(TrendOf({1.0}, -0.1), CheckFailure);
}

}  // namespace
}  // namespace plumb
