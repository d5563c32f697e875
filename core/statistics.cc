// SPDX-License-Identifier: Apache-2.0
#include "core/statistics.h"

#include <algorithm>
#include <cmath>

#include "core/check.h"
#include "core/seed.h"

namespace plumb {
namespace {

Interval PercentileInterval(double value, std::vector<double> replicates, double level) {
  const double tail = 0.5 * (1.0 - level);
  std::sort(replicates.begin(), replicates.end());
  return {value,
          std::min(value, Quantile(replicates, tail)),
          std::max(value, Quantile(replicates, 1.0 - tail))};
}

}  // namespace

double Mean(std::span<const double> values) {
  PLUMB_CHECK(!values.empty());
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double Median(std::vector<double> values) { return Quantile(std::move(values), 0.5); }

double Quantile(std::vector<double> values, double q) {
  PLUMB_CHECK(!values.empty() && q >= 0.0 && q <= 1.0, "{} values, q {}", values.size(), q);
  const double position = q * static_cast<double>(values.size() - 1);
  const size_t below = static_cast<size_t>(position);
  std::nth_element(values.begin(), values.begin() + below, values.end());
  const double low = values[below];
  if (below + 1 >= values.size()) return low;
  const double high = *std::min_element(values.begin() + below + 1, values.end());
  return low + (position - static_cast<double>(below)) * (high - low);
}

double StandardDeviation(std::span<const double> values) {
  const double mean = Mean(values);
  if (values.size() < 2) return 0.0;
  double sum = 0.0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

Interval Bootstrap(const std::vector<double>& values,
                   const Statistic& statistic,
                   const BootstrapOptions& options) {
  PLUMB_CHECK(!values.empty());
  Random random(options.seed);
  std::vector<double> replicates(options.resamples);
  std::vector<double> sample(values.size());
  for (double& replicate : replicates) {
    for (double& value : sample) value = values[random.Index(static_cast<int>(values.size()))];
    replicate = statistic(sample);
  }
  return PercentileInterval(statistic(values), std::move(replicates), options.level);
}

Interval ClusteredBootstrapMean(const std::vector<std::vector<double>>& clusters,
                                const BootstrapOptions& options) {
  // Only sums and counts of a cluster matter to a mean.
  std::vector<double> sums;
  std::vector<double> counts;
  for (const std::vector<double>& cluster : clusters) {
    if (cluster.empty()) continue;
    counts.push_back(static_cast<double>(cluster.size()));
    sums.push_back(Mean(cluster) * counts.back());
  }
  PLUMB_CHECK(!sums.empty());
  const int n = static_cast<int>(sums.size());
  Random random(options.seed);
  std::vector<double> replicates(options.resamples);
  for (double& replicate : replicates) {
    double sum = 0.0;
    double count = 0.0;
    for (int i = 0; i < n; ++i) {
      const int drawn = random.Index(n);
      sum += sums[drawn];
      count += counts[drawn];
    }
    replicate = sum / count;
  }
  return PercentileInterval(Mean(sums) / Mean(counts), std::move(replicates), options.level);
}

Interval WilsonShare(int successes, int total) {
  PLUMB_CHECK(total > 0 && successes >= 0 && successes <= total, "{} of {}", successes, total);
  constexpr double kZ = 1.959963984540054;
  const double n = total;
  const double share = successes / n;
  const double centre = (share + kZ * kZ / (2 * n)) / (1 + kZ * kZ / n);
  const double half =
      kZ / (1 + kZ * kZ / n) * std::sqrt(share * (1 - share) / n + kZ * kZ / (4 * n * n));
  return {share, std::clamp(centre - half, 0.0, share), std::clamp(centre + half, share, 1.0)};
}

}  // namespace plumb
