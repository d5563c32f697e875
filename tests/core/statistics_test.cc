// SPDX-License-Identifier: Apache-2.0
#include "core/statistics.h"

#include <gtest/gtest.h>

#include "core/check.h"
#include "core/seed.h"

namespace plumb {
namespace {

TEST(StatisticsTest, QuantilesMatchType7) {
  const std::vector<double> values = {4, 1, 3, 2};
  EXPECT_DOUBLE_EQ(Quantile(values, 0.0), 1);
  EXPECT_DOUBLE_EQ(Quantile(values, 1.0), 4);
  EXPECT_DOUBLE_EQ(Quantile(values, 0.25), 1.75);  // numpy.quantile([1,2,3,4], .25)
  EXPECT_DOUBLE_EQ(Median(values), 2.5);
  EXPECT_DOUBLE_EQ(Median({7}), 7);
  EXPECT_THROW(Median({}), CheckFailure);
}

TEST(StatisticsTest, MomentsByHand) {
  const std::vector<double> values = {2, 4, 4, 4, 5, 5, 7, 9};
  EXPECT_DOUBLE_EQ(Mean(values), 5);
  EXPECT_NEAR(StandardDeviation(values), 2.138089935299395, 1e-15);
  EXPECT_DOUBLE_EQ(StandardDeviation(std::vector<double>{3}), 0);
}

TEST(StatisticsTest, BootstrapCoversTheMeanAsOftenAsItSays) {
  int covered = 0;
  constexpr int kTrials = 300;
  for (int trial = 0; trial < kTrials; ++trial) {
    Random random(trial);
    std::vector<double> values(40);
    for (double& value : values) value = random.Normal(10, 3);
    const Interval interval = Bootstrap(values,
                                        [](const std::vector<double>& v) { return Mean(v); },
                                        {.resamples = 400, .seed = static_cast<uint64_t>(trial)});
    covered += interval.low <= 10 && 10 <= interval.high;
  }
  // 95 % nominal; the percentile bootstrap of 40 values covers a little less. 3 sigma of 300 trials
  // is 4 %.
  EXPECT_GT(covered, kTrials * 0.89);
  EXPECT_LT(covered, kTrials * 0.99);
}

TEST(StatisticsTest, ClustersWidenTheIntervalWhenTheirValuesAgree) {
  Random random(9);
  std::vector<std::vector<double>> clustered;
  std::vector<std::vector<double>> single;
  for (int i = 0; i < 12; ++i) {
    const double value = random.Normal();
    clustered.push_back(std::vector<double>(10, value));  // ten copies carry no news
    for (int k = 0; k < 10; ++k) single.push_back({value});
  }
  const Interval wide = ClusteredBootstrapMean(clustered, {.seed = 1});
  const Interval narrow = ClusteredBootstrapMean(single, {.seed = 1});
  EXPECT_NEAR(wide.value, narrow.value, 1e-12);
  EXPECT_GT(wide.high - wide.low, 2.0 * (narrow.high - narrow.low));
}

TEST(StatisticsTest, SameSeedSameInterval) {
  const std::vector<std::vector<double>> clusters = {{1, 2}, {3}, {}, {4, 5, 6}};
  const Interval a = ClusteredBootstrapMean(clusters, {.seed = 5});
  const Interval b = ClusteredBootstrapMean(clusters, {.seed = 5});
  EXPECT_EQ(a.low, b.low);
  EXPECT_EQ(a.high, b.high);
  EXPECT_DOUBLE_EQ(a.value, 3.5);
}

TEST(StatisticsTest, WilsonMatchesThePublishedExample) {
  // 8 of 10: statsmodels proportion_confint(8, 10, method="wilson").
  const Interval interval = WilsonShare(8, 10);
  EXPECT_NEAR(interval.low, 0.4901624715366843, 1e-9);
  EXPECT_NEAR(interval.high, 0.9433178485456247, 1e-9);
  EXPECT_DOUBLE_EQ(WilsonShare(5, 5).high, 1.0);
  EXPECT_DOUBLE_EQ(WilsonShare(0, 5).low, 0.0);
}

}  // namespace
}  // namespace plumb
