// SPDX-License-Identifier: Apache-2.0
#include "core/detection.h"

#include <algorithm>
#include <cmath>

#include "core/check.h"

namespace plumb {
namespace {

constexpr double kZ = 1.959963984540054;
constexpr int kMinDoses = 3;

// Hanley and McNeil's variance of an area, with Newcombe's one number of clips for both sides in
// its second terms.
double AucVariance(double auc, double broken, double intact) {
  const double others = 0.5 * (broken + intact) - 1.0;
  const double pairs = 1.0 + others * (1.0 - auc) / (2.0 - auc) + others * auc / (1.0 + auc);
  return auc * (1.0 - auc) * pairs / (broken * intact);
}

// The area farthest from `auc` towards `end` that the test does not reject, by bisection.
double Bound(double auc, double end, int broken, int intact) {
  const auto rejected = [&](double other) {
    return std::abs(auc - other) > kZ * std::sqrt(AucVariance(other, broken, intact));
  };
  if (!rejected(end)) return end;
  double kept = auc;
  double gone = end;
  for (int step = 0; step < 60; ++step) {
    const double middle = 0.5 * (kept + gone);
    // At 0 and 1 themselves the variance vanishes; next to them it does not.
    (rejected(middle) ? gone : kept) = middle;
  }
  return kept;
}

}  // namespace

double Auc(const std::vector<double>& broken, const std::vector<double>& intact) {
  PLUMB_CHECK(!broken.empty() && !intact.empty(), "{} and {} values", broken.size(), intact.size());
  std::vector<double> sorted = intact;
  std::sort(sorted.begin(), sorted.end());
  double won = 0.0;
  for (const double value : broken) {
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), value);
    won += static_cast<double>(sorted.end() - last) + 0.5 * static_cast<double>(last - first);
  }
  return won / (static_cast<double>(broken.size()) * static_cast<double>(intact.size()));
}

Interval AucInterval(double auc, int broken, int intact) {
  PLUMB_CHECK(
      auc >= 0.0 && auc <= 1.0 && broken > 0 && intact > 0, "{} of {} and {}", auc, broken, intact);
  return {auc, Bound(auc, 0.0, broken, intact), Bound(auc, 1.0, broken, intact)};
}

double FalseAlarmThreshold(std::vector<double> intact, double share) {
  PLUMB_CHECK(
      !intact.empty() && share >= 0.0 && share <= 1.0, "{} values, {}", intact.size(), share);
  std::sort(intact.begin(), intact.end());
  // A share of 0.05 of 20 values is one, although the product may come out a little less.
  const double allowed = share * static_cast<double>(intact.size()) + 1e-9;
  return intact[std::min(static_cast<size_t>(allowed), intact.size() - 1)];
}

DoseTrend TrendOf(const std::vector<std::optional<double>>& values, double tolerance) {
  PLUMB_CHECK(tolerance >= 0.0, "{}", tolerance);
  if (values.empty() || !values.front()) return DoseTrend::kTooFewValues;
  std::vector<double> known;
  for (const std::optional<double>& value : values) {
    if (value) known.push_back(*value);
  }
  if (static_cast<int>(known.size()) < 1 + kMinDoses) return DoseTrend::kTooFewValues;
  for (size_t i = 1; i < known.size(); ++i) {
    if (known[i] > known[i - 1] + tolerance) return DoseTrend::kDoesNotFall;
  }
  return known.back() < known.front() - tolerance ? DoseTrend::kFalls : DoseTrend::kDoesNotFall;
}

}  // namespace plumb
