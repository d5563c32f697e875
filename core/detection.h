// SPDX-License-Identifier: Apache-2.0
// How well a score tells broken clips from intact ones. Everywhere in this file a higher value is
// the better one; a score that is better when lower comes in with its sign turned.
#pragma once

#include <optional>
#include <vector>

#include "core/statistics.h"

namespace plumb {

// The probability that a broken clip's value lies below an intact one's, ties counting half: the
// area under the ROC curve, which is Mann and Whitney's U divided by the number of pairs (Hanley &
// McNeil 1982). Throws CheckFailure when either is empty.
double Auc(const std::vector<double>& broken, const std::vector<double>& intact);

// The 95 % interval of an area from so many independent broken and intact clips, by inverting the
// score test with Hanley and McNeil's variance (Newcombe 2006, Statistics in Medicine 25, 559,
// method 5). It stays inside 0–1 and is not empty at 1: twenty clips apart from twenty others give
// 0.9 to 1. Clips of one scene are not independent: give the numbers of scenes. Throws CheckFailure
// unless 0 ≤ auc ≤ 1 and both numbers are positive.
Interval AucInterval(double auc, int broken, int intact);

// The largest threshold of which no more than this share of the values lie strictly below. Throws
// CheckFailure when there is no value, or the share is not in 0–1.
double FalseAlarmThreshold(std::vector<double> intact, double share);

// How often a score falls with the dose. `values` are those of one scene at growing doses, the
// intact clip first; a dose without a value is left out.
enum class DoseTrend { kFalls, kDoesNotFall, kTooFewValues };
// It falls when no step rises by more than the tolerance and the last value lies more than the
// tolerance below the first. Too few: without the intact clip's value, or with fewer than three
// others.
DoseTrend TrendOf(const std::vector<std::optional<double>>& values, double tolerance);

}  // namespace plumb
