// SPDX-License-Identifier: Apache-2.0
// The whole family on one video, and a score of it by name.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "metrics/metrics.h"

namespace plumb {

inline FamilyReport Measured(const Video& video, uint64_t seed = 0) {
  MetricInput input;
  input.sample = &video;
  input.seed = seed;
  return MeasureGeometry(input, {});
}

inline const Score& Find(const FamilyReport& report, const std::string& name) {
  for (const Score& score : report.scores) {
    if (score.id() == "geometry." + name) return score;
  }
  throw std::logic_error("no score " + name);
}

}  // namespace plumb
