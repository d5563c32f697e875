// SPDX-License-Identifier: Apache-2.0
// Errors with intervals, and the credit they leave.
#pragma once

#include <vector>

#include "core/json.h"
#include "core/statistics.h"

namespace plumb {

// |value − reference| over an interval: its low end is 0 where the reference lies inside.
Interval Distance(const Interval& interval, double reference);

// The same value, with both ends moved outwards.
Interval Widened(const Interval& interval, double by);

// Credit falls from 1 to 0 while an error grows from what the truth's own pictures show to `none`
// beyond it; the larger error gives the lower end.
Interval CreditOf(const Interval& error, double truth_error, double none);

// Means of values, low and high ends; zeros of nothing.
Interval MeanInterval(const std::vector<Interval>& intervals);

Json IntervalJson(const Interval& interval);

}  // namespace plumb
