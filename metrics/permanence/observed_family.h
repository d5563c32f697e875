// SPDX-License-Identifier: Apache-2.0
// What the families that read followed objects have in common: one observation, one reason for all
// scores where nothing can be read, and means over the frames that are asked.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/statistics.h"
#include "metrics/metrics.h"
#include "metrics/permanence/observe.h"

namespace plumb {

// Mean over all asked frames with a bootstrap interval over blocks of six neighbouring ones, which
// are not independent. `values` holds one number per object and pair, NaN where it is not asked.
// Throws CheckFailure when nothing is asked.
Interval MeanOfAsked(const std::vector<std::vector<double>>& values, uint64_t seed);

// Every score with the same reason.
std::vector<Score> AllNotMeasurable(const std::vector<ScoreInfo>& infos, const Reason& reason);
std::vector<Score> AllNotTested(const std::vector<ScoreInfo>& infos, const Reason& reason);

// Observes the clip and hands it to `scores_of`; where it cannot be observed all `infos` are not
// measurable. Throws CheckFailure without a sample, CancelledError.
using ScoresOfObservation = std::function<std::vector<Score>(const Observation& observation)>;
FamilyReport MeasureObserved(const MetricInput& input,
                             const std::vector<ScoreInfo>& infos,
                             const ScoresOfObservation& scores_of,
                             const Progress& progress);

}  // namespace plumb
