// SPDX-License-Identifier: Apache-2.0
#include "metrics/dynamics/error_interval.h"

#include <algorithm>
#include <cmath>

namespace plumb {

Interval Distance(const Interval& interval, double reference) {
  const double low = std::abs(interval.low - reference);
  const double high = std::abs(interval.high - reference);
  const bool inside = interval.low <= reference && reference <= interval.high;
  return {std::abs(interval.value - reference),
          inside ? 0.0 : std::min(low, high),
          std::max(low, high)};
}

Interval Widened(const Interval& interval, double by) {
  return {interval.value, interval.low - by, interval.high + by};
}

Interval CreditOf(const Interval& error, double truth_error, double none) {
  const auto credit = [&](double e) {
    return std::clamp(1.0 - std::max(0.0, e - truth_error) / none, 0.0, 1.0);
  };
  return {credit(error.value), credit(error.high), credit(error.low)};
}

Interval MeanInterval(const std::vector<Interval>& intervals) {
  Interval mean;
  for (const Interval& interval : intervals) {
    mean.value += interval.value / intervals.size();
    mean.low += interval.low / intervals.size();
    mean.high += interval.high / intervals.size();
  }
  return mean;
}

Json IntervalJson(const Interval& interval) {
  return {{"value", interval.value}, {"low", interval.low}, {"high", interval.high}};
}

}  // namespace plumb
