// SPDX-License-Identifier: Apache-2.0
// Gravity, restitution and contact times of the sample against those of the truth.
#pragma once

#include <string>
#include <vector>

#include "core/score.h"
#include "core/statistics.h"
#include "metrics/metrics.h"
#include "metrics/permanence/observe.h"

namespace plumb {

// 0–1: how well the sample keeps one law, where the same measure on the truth's own pictures
// defines 1.
struct LawCredit {
  std::string law;  // "gravity"
  Interval credit;
};

struct LawReport {
  std::vector<LawCredit>
      credits;  // of every law that the truth shows measurably; 0 where the sample shows nothing
  std::vector<Score> scores;  // one per info, in order
};

// `infos` are contact_frame_error, gravity_mps2, gravity_error, restitution and restitution_error,
// in this order. Without states all are not measurable (kNoStates) and there are no credits.
LawReport MeasureLaws(const MetricInput& input,
                      const Observation& observation,
                      const std::vector<size_t>& moving,
                      const std::vector<ScoreInfo>& infos);

}  // namespace plumb
