// SPDX-License-Identifier: Apache-2.0
// The few statistics every room shares. All sums run in index order; all resampling is seeded.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace plumb {

// All throw CheckFailure on an empty input.
double Mean(std::span<const double> values);
double Median(std::vector<double> values);
// Linear interpolation between order statistics (Hyndman & Fan 1996, type 7: NumPy's default); 0 ≤
// q ≤ 1.
double Quantile(std::vector<double> values, double q);
// Sample standard deviation (n − 1); 0 for one value.
double StandardDeviation(std::span<const double> values);

struct Interval {
  double value = 0.0;
  double low = 0.0;
  double high = 0.0;
};

struct BootstrapOptions {
  int resamples = 2000;
  double level = 0.95;
  uint64_t seed = 0;
};

// The statistic of the values with its percentile bootstrap interval (Efron & Tibshirani 1993, ch.
// 13), widened to contain the value itself.
using Statistic = std::function<double(const std::vector<double>&)>;
Interval Bootstrap(const std::vector<double>& values,
                   const Statistic& statistic,
                   const BootstrapOptions& options);

// Mean over all values with an interval from resampling whole clusters (scenes), each kept intact:
// values of one scene are not independent (Miller 2024, arXiv 2411.00640, §2.2). Throws
// CheckFailure when there is no value.
Interval ClusteredBootstrapMean(const std::vector<std::vector<double>>& clusters,
                                const BootstrapOptions& options);

// Wilson score interval of a share (Wilson 1927); total > 0, level 95 %.
Interval WilsonShare(int successes, int total);

}  // namespace plumb
