// SPDX-License-Identifier: Apache-2.0
#include "metrics/dynamics/error_interval.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/seed.h"

namespace plumb {
namespace {

void ExpectInterval(const Interval& interval, double value, double low, double high) {
  EXPECT_NEAR(interval.value, value, 1e-12);
  EXPECT_NEAR(interval.low, low, 1e-12);
  EXPECT_NEAR(interval.high, high, 1e-12);
}

TEST(ErrorIntervalTest, ADistanceIsZeroAtBestWhereTheReferenceLiesInside) {
  ExpectInterval(Distance({9.5, 9.0, 10.0}, 9.81), 0.31, 0.0, 0.81);
  ExpectInterval(Distance({9.5, 9.0, 9.6}, 9.81), 0.31, 0.21, 0.81);
  ExpectInterval(Distance({10.5, 10.0, 11.0}, 9.81), 0.69, 0.19, 1.19);
  ExpectInterval(Distance({2.0, 2.0, 2.0}, 2.0), 0.0, 0.0, 0.0);
}

TEST(ErrorIntervalTest, DistancesAreOrderedForAnyInterval) {
  Random random(3);
  for (int trial = 0; trial < 200; ++trial) {
    const double low = random.Uniform(-5.0, 5.0);
    const double high = low + random.Uniform(0.0, 3.0);
    const double value = random.Uniform(low, high);
    const double reference = random.Uniform(-6.0, 9.0);
    const Interval distance = Distance({value, low, high}, reference);
    EXPECT_LE(distance.low, distance.value + 1e-12);
    EXPECT_GE(distance.high, distance.value - 1e-12);
    EXPECT_GE(distance.low, 0.0);
    // Mirrored about the reference it is the same.
    const Interval mirrored =
        Distance({2 * reference - value, 2 * reference - high, 2 * reference - low}, reference);
    ExpectInterval(mirrored, distance.value, distance.low, distance.high);
  }
}

TEST(ErrorIntervalTest, WideningKeepsTheValue) {
  ExpectInterval(Widened({1.0, 0.5, 2.0}, 0.25), 1.0, 0.25, 2.25);
  ExpectInterval(Widened({1.0, 0.5, 2.0}, 0.0), 1.0, 0.5, 2.0);
}

TEST(ErrorIntervalTest, CreditFallsLinearlyBeyondTheTruthsOwnError) {
  ExpectInterval(CreditOf({0.1, 0.0, 0.3}, 0.1, 0.5), 1.0, 0.6, 1.0);
  ExpectInterval(CreditOf({0.35, 0.1, 0.6}, 0.1, 0.5), 0.5, 0.0, 1.0);
  ExpectInterval(CreditOf({7.0, 6.0, 9.0}, 0.0, 6.0), 0.0, 0.0, 0.0);
  ExpectInterval(CreditOf({3.0, 0.0, 6.0}, 0.0, 6.0), 0.5, 0.0, 1.0);
}

TEST(ErrorIntervalTest, AMeanOfIntervalsIsTakenEndByEnd) {
  ExpectInterval(MeanInterval({{1.0, 0.0, 2.0}, {3.0, 2.0, 6.0}}), 2.0, 1.0, 4.0);
  ExpectInterval(MeanInterval({{1.0, 0.0, 2.0}}), 1.0, 0.0, 2.0);
  ExpectInterval(MeanInterval({}), 0.0, 0.0, 0.0);
}

TEST(ErrorIntervalTest, AsJsonAllThreeNumbersAreThere) {
  const Json json = IntervalJson({0.5, 0.25, 0.75});
  EXPECT_EQ(json, (Json{{"value", 0.5}, {"low", 0.25}, {"high", 0.75}}));
}

}  // namespace
}  // namespace plumb
