// SPDX-License-Identifier: Apache-2.0
#include "app/internal_frame_times.h"

#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "core/check.h"

namespace plumb {
namespace {

// A base rate that is the clock's own says nothing of the frames.
double NominalRate(const StatedRates& stated) {
  if (stated.average_hz > 0.0) return stated.average_hz;
  const bool told = stated.base_hz > 0.0 && stated.base_hz * stated.tick_s < 0.99;
  return told ? stated.base_hz : 25.0;
}

// Rising without a gap; NaN never is.
bool Rise(const std::vector<double>& times_s) {
  if (std::isnan(times_s.front())) return false;
  for (size_t i = 1; i < times_s.size(); ++i) {
    if (!(times_s[i] > times_s[i - 1])) return false;
  }
  return true;
}

// The even rate that all times agree with within one tick, if there is one.
std::optional<double> EvenRate(const std::vector<double>& times_s, const StatedRates& stated) {
  const double mean_hz = times_s.size() > 1 ? (times_s.size() - 1) / times_s.back() : 0.0;
  const double tolerance_s = 1.01 * stated.tick_s;
  for (const double rate_hz : {stated.base_hz, stated.average_hz, mean_hz}) {
    bool even = rate_hz > 0.0;
    for (size_t i = 0; i < times_s.size() && even; ++i) {
      even = std::abs(times_s[i] - i / rate_hz) <= tolerance_s;
    }
    if (even) return rate_hz;
  }
  return std::nullopt;
}

}  // namespace

FrameTimes TimesOfStamps(const std::vector<double>& stamps_s, const StatedRates& stated) {
  PLUMB_CHECK(!stamps_s.empty());
  std::vector<double> times_s;
  for (const double stamp_s : stamps_s) times_s.push_back(stamp_s - stamps_s.front());
  if (!Rise(times_s)) {
    const double rate_hz = NominalRate(stated);
    return {rate_hz,
            {},
            fmt::format("stamps missing or not rising: timed evenly at {:.6g} frames a second",
                        rate_hz)};
  }
  if (times_s.size() == 1) return {NominalRate(stated), {}, ""};
  if (const auto rate_hz = EvenRate(times_s, stated)) return {*rate_hz, {}, ""};
  const double mean_hz = (times_s.size() - 1) / times_s.back();
  std::string note = fmt::format("variable frame rate, {:.6g} frames a second on average", mean_hz);
  return {mean_hz, std::move(times_s), std::move(note)};
}

}  // namespace plumb
