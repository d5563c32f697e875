// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include <gmock/gmock.h>

#include "scenes/catalogue/internal_swing.h"

namespace plumb {
namespace {

TEST(SwingTest, ConstantAccelerationTakesTheRootOfTwiceTheAngle) {
  const TurnLaw law = [](double) { return 3.0; };
  EXPECT_NEAR(TimeToTurn_s(law, 0.0, 0.5), std::sqrt(2 * 0.5 / 3), 1e-6);
  EXPECT_NEAR(AngleAfter_rad(law, 0.1, 0.7), 0.1 + 0.5 * 3 * 0.49, 1e-9);
}

TEST(SwingTest, AnOscillationReachesItsMiddleAfterAQuarterOfThePeriod) {
  const double rate = 4.0;
  const TurnLaw law = [&](double angle) { return -rate * rate * std::sin(angle); };
  for (const double amplitude_rad : {0.05, 0.8, 2.0}) {
    EXPECT_NEAR(
        4 * TimeToTurn_s(law, amplitude_rad, 0.0), PendulumPeriod_s(rate, amplitude_rad), 1e-6);
  }
}

TEST(SwingTest, SmallSwingsHaveThePeriodOfTheBooksAndWideOnesTheSeries) {
  EXPECT_NEAR(PendulumPeriod_s(2.0, 1e-4), std::numbers::pi, 1e-8);
  // T / T0 = 1 + θ²/16 + 11 θ⁴/3072
  EXPECT_NEAR(
      PendulumPeriod_s(2.0, 0.5) / std::numbers::pi, 1 + 0.25 / 16 + 11 * 0.0625 / 3072, 1e-5);
}

TEST(SwingTest, WhatIsNeverReachedHasNoTime) {
  EXPECT_LT(TimeToTurn_s([](double) { return 0.0; }, 0.0, 0.1), 0);
}

}  // namespace
}  // namespace plumb
