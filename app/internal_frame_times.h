// SPDX-License-Identifier: Apache-2.0
// From the stamps that a container gives to the times that a video keeps.
#pragma once

#include <string>
#include <vector>

namespace plumb {

// What the container says of its clock; 0: not stated.
struct StatedRates {
  double tick_s = 0.0;      // one step of the container's clock
  double base_hz = 0.0;     // the slowest rate that holds every stamp
  double average_hz = 0.0;  // frames over duration
};

struct FrameTimes {
  double fps = 0.0;             // the even rate, or the mean of an uneven one
  std::vector<double> times_s;  // from 0 on; empty: evenly spaced at `fps`
  std::string note;             // what had to be assumed; empty: nothing
};

// Stamps that agree with a stated rate (or with their own mean) within one tick become that even
// grid. Missing (NaN) or non-rising stamps are replaced by the stated rate, or 25 Hz when there is
// none, and noted; uneven ones stay as they are, and are noted. `stamps_s` has at least one entry.
FrameTimes TimesOfStamps(const std::vector<double>& stamps_s, const StatedRates& stated);

}  // namespace plumb
