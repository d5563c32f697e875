// SPDX-License-Identifier: Apache-2.0
#include "generator/schedulers/flow_match.h"

#include <gtest/gtest.h>

#include "core/check.h"

namespace plumb {
namespace {

TEST(FlowMatchTest, ShiftKeepsTheEndsAndMovesTheMiddle) {
  EXPECT_DOUBLE_EQ(ShiftedSigma(0.0, 3.0), 0.0);
  EXPECT_DOUBLE_EQ(ShiftedSigma(1.0, 3.0), 1.0);
  EXPECT_DOUBLE_EQ(ShiftedSigma(0.5, 3.0), 0.75);
  EXPECT_DOUBLE_EQ(ShiftedSigma(0.3, 1.0), 0.3);
}

TEST(FlowMatchTest, ShiftsCompose) {
  for (const double sigma : {0.01, 0.3, 0.5, 0.99}) {
    EXPECT_NEAR(ShiftedSigma(ShiftedSigma(sigma, 2.0), 3.0), ShiftedSigma(sigma, 6.0), 1e-12);
    EXPECT_NEAR(ShiftedSigma(ShiftedSigma(sigma, 5.0), 1.0 / 5.0), sigma, 1e-12);
    // The odds of noise against clip are multiplied.
    const double shifted = ShiftedSigma(sigma, 3.0);
    EXPECT_NEAR(shifted / (1.0 - shifted), 3.0 * sigma / (1.0 - sigma), 1e-9);
  }
}

TEST(FlowMatchTest, EvenlySpacedFromNoiseToTheLastStep) {
  EXPECT_EQ(EvenSigmas(4), (std::vector<double>{1.0, 0.75, 0.5, 0.25}));
  EXPECT_EQ(EvenSigmas(1), (std::vector<double>{1.0}));
  EXPECT_THROW(EvenSigmas(0), CheckFailure);
}

TEST(FlowMatchTest, NoiseLevelsFollowTheShift) {
  Random random(5);
  double plain = 0.0, shifted = 0.0;
  for (int i = 0; i < 2000; ++i) {
    const float sigma = DrawSigma(1.0, random);
    EXPECT_TRUE(sigma > 0.0F && sigma < 1.0F);
    plain += sigma / 2000.0;
    shifted += DrawSigma(3.0, random) / 2000.0;
  }
  EXPECT_NEAR(plain, 0.5, 0.02);
  EXPECT_GT(shifted, 0.65);
}

}  // namespace
}  // namespace plumb
