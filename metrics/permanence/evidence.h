// SPDX-License-Identifier: Apache-2.0
// What a report shows of the followed objects, in pixels and frames of the sample as it came.
#pragma once

#include <string>
#include <vector>

#include "core/score.h"
#include "metrics/permanence/events.h"

namespace plumb {

// Everything: boxes with states, trajectories, events, and the mean credit as the per-frame strip.
Evidence PersistenceEvidence(const Observation& observation, const PermanenceVerdict& verdict);

// The events of one kind and their frames.
Evidence EventEvidence(const Observation& observation,
                       const PermanenceVerdict& verdict,
                       const std::string& kind);

Evidence ReappearanceEvidence(const Observation& observation,
                              const std::vector<Reappearance>& reappearances);

// "trajectories": where each object is in the truth and in the sample.
Json TrajectoriesJson(const Observation& observation);

// A "per_frame" strip over all frames of the sample; `values` holds one number per pair, NaN where
// there is none.
Json StripJson(const Observation& observation,
               const std::string& name,
               const std::string& unit,
               const std::vector<double>& values);

}  // namespace plumb
