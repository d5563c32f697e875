// SPDX-License-Identifier: Apache-2.0
#include "core/statistics.h"

#include <algorithm>
#include <cmath>
#include <string>

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

TEST(StatisticsTest, NothingHasNoStatistic) {
  const auto mean = [](const std::vector<double>& values) { return Mean(values); };
  EXPECT_THROW(Mean({}), CheckFailure);
  EXPECT_THROW(StandardDeviation({}), CheckFailure);
  EXPECT_THROW(Quantile({}, 0.5), CheckFailure);
  EXPECT_THROW(Bootstrap({}, mean, {}), CheckFailure);
  EXPECT_THROW(ClusteredBootstrapMean({}, {}), CheckFailure);
  EXPECT_THROW(ClusteredBootstrapMean({{}, {}}, {}), CheckFailure);
  EXPECT_THROW(Quantile({1, 2}, -0.1), CheckFailure);
  EXPECT_THROW(Quantile({1, 2}, std::nan("")), CheckFailure);
}

TEST(StatisticsTest, OneValueIsItsOwnInterval) {
  const auto mean = [](const std::vector<double>& values) { return Mean(values); };
  for (const Interval& interval :
       {Bootstrap({4.5}, mean, {}), ClusteredBootstrapMean({{4.5}}, {})}) {
    EXPECT_EQ(interval.value, 4.5);
    EXPECT_EQ(interval.low, 4.5);
    EXPECT_EQ(interval.high, 4.5);
  }
}

// 10¹⁶ + 1 is 10¹⁶ in double precision: the sum tells in which order it was made.
TEST(StatisticsTest, SumsRunInTheOrderOfTheValues) {
  EXPECT_EQ(Mean(std::vector<double>{1e16, 1.0, -1e16, 0.0}), 0.0);
  EXPECT_EQ(Mean(std::vector<double>{1e16, -1e16, 1.0, 0.0}), 0.25);
}

TEST(StatisticsTest, QuantilesRiseAndStayAmongTheValues) {
  Random random(21);
  for (int trial = 0; trial < 50; ++trial) {
    std::vector<double> values(1 + random.Index(20));
    for (double& value : values) value = random.Normal();
    std::vector<double> sorted = values;
    std::sort(sorted.begin(), sorted.end());
    double last = sorted.front();
    for (int i = 0; i <= 40; ++i) {
      const double quantile = Quantile(values, i / 40.0);
      EXPECT_GE(quantile, last);
      EXPECT_EQ(quantile, Quantile(sorted, i / 40.0));  // whatever the order
      last = quantile;
    }
    EXPECT_EQ(last, sorted.back());
    // A quantile that falls on an order statistic is that value.
    const size_t k = random.Index(static_cast<int>(values.size()));
    const double q = values.size() == 1 ? 0.0 : static_cast<double>(k) / (values.size() - 1.0);
    EXPECT_NEAR(Quantile(values, q), sorted[values.size() == 1 ? 0 : k], 1e-9);
  }
}

TEST(StatisticsTest, DeviationIgnoresShiftsAndFollowsScale) {
  const std::vector<double> values = {0.5, -1.25, 3.0, 2.0};
  std::vector<double> moved;
  for (const double value : values) moved.push_back(-4 * value + 100);
  EXPECT_NEAR(StandardDeviation(moved), 4 * StandardDeviation(values), 1e-12);
  EXPECT_EQ(StandardDeviation(std::vector<double>(9, 0.125)), 0.0);
}

TEST(StatisticsTest, TheIntervalContainsItsValueEvenForExtremes) {
  // Every resample's maximum is at most the sample's, so the plain interval would end below it.
  const std::vector<double> values = {1, 2, 3, 4, 5, 6, 7, 100};
  const auto largest = [](const std::vector<double>& v) {
    return *std::max_element(v.begin(), v.end());
  };
  const Interval interval = Bootstrap(values, largest, {.level = 0.5});
  EXPECT_EQ(interval.value, 100);
  EXPECT_EQ(interval.high, 100);
  EXPECT_LE(interval.low, 100);
}

TEST(StatisticsTest, AHigherLevelIsWiderAndASeedIsAnotherDraw) {
  std::vector<double> values(30);
  Random random(2);
  for (double& value : values) value = random.Normal();
  const auto mean = [](const std::vector<double>& v) { return Mean(v); };
  const auto width = [&](double level) {
    const Interval interval = Bootstrap(values, mean, {.level = level});
    return interval.high - interval.low;
  };
  EXPECT_LT(width(0.5), width(0.9));
  EXPECT_LT(width(0.9), width(0.99));
  EXPECT_NE(Bootstrap(values, mean, {.seed = 1}).low, Bootstrap(values, mean, {.seed = 2}).low);
}

// The bootstrap of a mean is about as wide as the normal interval: ±1.96 σ/√n.
TEST(StatisticsTest, TheWidthFollowsTheRootOfTheCount) {
  const auto width = [](int count) {
    std::vector<double> values(count);
    Random random(5);
    for (double& value : values) value = random.Normal();
    const Interval interval =
        Bootstrap(values, [](const std::vector<double>& v) { return Mean(v); }, {});
    return (interval.high - interval.low) / (2 * 1.96 * StandardDeviation(values));
  };
  EXPECT_NEAR(width(100), 0.1, 0.01);
  EXPECT_NEAR(width(900), 1.0 / 30, 0.004);
}

// How often the interval of `trials` simulated runs holds the true mean 0: 15 scenes with a share
// of their own, 8 seeds each with noise of half that size.
struct Coverage {
  int clustered = 0;
  int naive = 0;
};
Coverage CountCovered(int trials) {
  Coverage coverage;
  for (int trial = 0; trial < trials; ++trial) {
    Random random(DeriveSeed(8, "coverage", std::to_string(trial)));
    std::vector<std::vector<double>> scenes(15), singles;
    for (auto& scene : scenes) {
      const double own = random.Normal();
      for (int k = 0; k < 8; ++k) {
        scene.push_back(own + random.Normal(0, 0.5));
        singles.push_back({scene.back()});
      }
    }
    const BootstrapOptions options{.resamples = 400, .seed = static_cast<uint64_t>(trial)};
    const Interval clustered = ClusteredBootstrapMean(scenes, options);
    const Interval naive = ClusteredBootstrapMean(singles, options);
    coverage.clustered += clustered.low <= 0 && 0 <= clustered.high;
    coverage.naive += naive.low <= 0 && 0 <= naive.high;
  }
  return coverage;
}

TEST(StatisticsTest, ClusteredIntervalsCoverWhereNaiveOnesDoNot) {
  constexpr int kTrials = 400;
  const Coverage coverage = CountCovered(kTrials);
  // 95 % nominal. A percentile bootstrap of n clusters is too narrow by √((n − 1)/n) and knows no
  // t-distribution: for n = 15 that is 92 %. Three standard errors of 400 trials are 4 %.
  const double expected = 0.92;
  const double three_sigma = 3 * std::sqrt(expected * (1 - expected) / kTrials);
  EXPECT_NEAR(coverage.clustered / static_cast<double>(kTrials), expected, three_sigma);
  EXPECT_LT(coverage.naive, 0.7 * kTrials);
}

TEST(StatisticsTest, EveryValueOfAClusterCountsOnce) {
  // A mean over all values, not over the means of clusters.
  EXPECT_DOUBLE_EQ(ClusteredBootstrapMean({{1, 1, 1, 1}, {6}}, {}).value, 2.0);
}

double BinomialShare(int count, int total, double p) {
  return std::exp(std::lgamma(total + 1.0) - std::lgamma(count + 1.0) -
                  std::lgamma(total - count + 1.0) + count * std::log(p) +
                  (total - count) * std::log1p(-p));
}

// The exact coverage, summed over all outcomes: near 95 % on average and never far below.
TEST(StatisticsTest, WilsonCoversAsOftenAsItSays) {
  constexpr int kTotal = 30;
  double sum = 0.0;
  int shares = 0;
  for (double p = 0.05; p < 0.951; p += 0.01, ++shares) {
    double covered = 0.0;
    for (int count = 0; count <= kTotal; ++count) {
      const Interval interval = WilsonShare(count, kTotal);
      if (interval.low <= p && p <= interval.high) covered += BinomialShare(count, kTotal, p);
    }
    EXPECT_GT(covered, 0.90) << p;
    sum += covered;
  }
  EXPECT_NEAR(sum / shares, 0.95, 0.01);
}

TEST(StatisticsTest, WilsonMirrorsAndNarrows) {
  for (int count = 0; count <= 12; ++count) {
    const Interval share = WilsonShare(count, 12);
    const Interval rest = WilsonShare(12 - count, 12);
    EXPECT_NEAR(share.low, 1.0 - rest.high, 1e-12);
    EXPECT_LE(share.low, share.value);
    EXPECT_GE(share.high, share.value);
    const Interval more = WilsonShare(10 * count, 120);
    EXPECT_LT(more.high - more.low, share.high - share.low);
  }
  EXPECT_THROW(WilsonShare(0, 0), CheckFailure);
  EXPECT_THROW(WilsonShare(-1, 3), CheckFailure);
  EXPECT_THROW(WilsonShare(4, 3), CheckFailure);
}

}  // namespace
}  // namespace plumb
