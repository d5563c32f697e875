// SPDX-License-Identifier: Apache-2.0
// Results and gates as JUnit XML, which every CI system can show.
#pragma once

#include <string>
#include <vector>

#include "core/comparison.h"
#include "core/results.h"

namespace plumb {

// One test suite per model, one test case per cell. A failed or missing cell is an error; a cell in
// which no score could be measured is skipped with the reasons, never passed in silence; left-out
// pairs are skipped. Scores of done cells stand in <properties>.
std::string JUnitXml(const Results& results);

enum class GateStatus { kPassed, kFailed, kSkipped };

// One thing that was asserted: a threshold, or a score of a comparison.
struct GateOutcome {
  std::string name;  // "geometry.consistency ≥ 0.9"
  GateStatus status = GateStatus::kSkipped;
  std::string text;  // what decided
};

// One test suite `suite` with one case per gate.
std::string JUnitXml(const std::vector<GateOutcome>& gates, const std::string& suite);

// One gate per score: a regression fails; what has too little data or is not comparable is skipped;
// cells that newly fail are one failed gate each.
std::vector<GateOutcome> GatesOf(const Comparison& comparison);

}  // namespace plumb
