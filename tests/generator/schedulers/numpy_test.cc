// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "core/check.h"
#include "generator/schedulers/internal_numpy.h"

namespace plumb {
namespace {

TEST(NumpyTest, LinspaceEndsWhereItIsTold) {
  EXPECT_EQ(numpy::Linspace(0, 999, 4), (std::vector<double>{0, 333, 666, 999}));
  EXPECT_EQ(numpy::Linspace(5, 2, 1), (std::vector<double>{5}));
  EXPECT_TRUE(numpy::Linspace(5, 2, 0).empty());
  EXPECT_EQ(numpy::Linspace(1, 0.1, 7).back(), 0.1);
  EXPECT_THROW(numpy::Linspace(0, 1, -1), CheckFailure);
}

TEST(NumpyTest, ArangeTakesNumPysOneTooMany) {
  EXPECT_EQ(numpy::ArangeDown(1000, 250), (std::vector<double>{1000, 750, 500, 250}));
  // 1000 / 61 · 61 falls short of 1000 by a rounding step, and a last value close to 0 remains.
  EXPECT_EQ(numpy::ArangeDown(1000, 1000.0 / 61).size(), 62U);
  EXPECT_EQ(numpy::ArangeDown(1000, 1000.0 / 7).size(), 7U);
}

TEST(NumpyTest, HalvesRoundToEven) {
  EXPECT_EQ(numpy::Round({0.5, 1.5, 2.5, -0.5, 2.4999}), (std::vector<double>{0, 2, 2, 0, 2}));
}

TEST(NumpyTest, LogIsWithinTwoStepsOfTheTruth) {
  std::set<bool> nearest;
  for (int i = 1; i < 4000; ++i) {
    const float x = std::exp(0.004F * static_cast<float>(i - 2000));
    const double truth = std::log(static_cast<double>(x));
    const float rounded = static_cast<float>(truth);
    EXPECT_NEAR(numpy::Log(x), truth, 2.5e-7 * std::max(std::abs(truth), 0.05)) << x;
    nearest.insert(numpy::Log(x) == rounded);
  }
  // It is not the correctly rounded one: that is why it is here.
  EXPECT_EQ(nearest.size(), 2U);
  EXPECT_EQ(numpy::Log(1.0F), 0.0F);
  EXPECT_THROW(numpy::Log(0.0F), CheckFailure);
}

TEST(NumpyTest, InterpolatesBetweenEntriesAndHoldsTheEnds) {
  const std::vector<float> table = {1.0F, 3.0F, 11.0F};
  EXPECT_EQ(numpy::Interp(0.25, table), 1.5);
  EXPECT_EQ(numpy::Interp(1.0, table), 3.0);
  EXPECT_EQ(numpy::Interp(1.5, table), 7.0);
  EXPECT_EQ(numpy::Interp(-1.0, table), 1.0);
  EXPECT_EQ(numpy::Interp(9.0, table), 11.0);
}

TEST(NumpyTest, BetaQuantilesOfKnownDistributions) {
  for (const double p : {0.0, 1e-6, 0.1, 0.37, 0.5, 0.8, 1.0}) {
    EXPECT_NEAR(numpy::BetaQuantile(p, 1, 1), p, 1e-14) << "uniform";
    EXPECT_NEAR(numpy::BetaQuantile(p, 2, 1), std::sqrt(p), 1e-14);
    const double sine = std::sin(0.5 * M_PI * p);
    EXPECT_NEAR(numpy::BetaQuantile(p, 0.5, 0.5), sine * sine, 1e-13) << "arcsine law";
    EXPECT_NEAR(numpy::BetaQuantile(p, 0.6, 0.6), 1 - numpy::BetaQuantile(1 - p, 0.6, 0.6), 1e-14);
  }
  EXPECT_THROW(numpy::BetaQuantile(1.1, 1, 1), CheckFailure);
}

}  // namespace
}  // namespace plumb
