// SPDX-License-Identifier: Apache-2.0
// Thresholds on results: "oracle:geometry.consistency>=0.95".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/document.h"
#include "core/results.h"

namespace plumb {

enum class AssertionLevel { kOff, kWarn, kError };

// Over the measured cells of one model; kCoverage is measured / planned.
enum class Aggregate { kMean, kMedian, kWorst, kBest, kCoverage };

struct Assertion {
  std::string text;  // as written
  AssertionLevel level = AssertionLevel::kError;
  std::string model;  // a model's name; empty: every model of the run
  Aggregate aggregate = Aggregate::kMean;
  std::string score;       // "geometry.consistency"
  std::string comparator;  // ">=", "<=", ">" or "<"
  double threshold = 0.0;
  std::string scenes;  // regular expression over the whole scene id; empty: every scene
};

// "[model:]score>=number" or "[model:]worst(score)>=number" with mean, median, worst, best or
// coverage. Throws UsageError naming the part that is wrong.
Assertion ParseAssertion(std::string_view text, AssertionLevel level);

// A thresholds file: {schema: 1, assert: [{require: "…", level: error|warn|off, scenes:
// "drop-.*"}]}. Throws UsageError with file, line and key.
std::vector<Assertion> AssertionsFromDocument(const Document& document);

// One assertion on one model.
struct AssertionOutcome {
  Assertion assertion;
  std::string model;
  bool passed = false;
  std::optional<double> value;  // empty when nothing was measured: then it has not passed
  std::string why;  // "0.991 over 8 of 8 cells", "nothing was measured (no parallax: 3)"
};

// One outcome for every model the assertion names, none when its level is off.
// Throws UsageError with the nearest name when the results have no such model or score.
std::vector<AssertionOutcome> CheckAssertion(const Assertion& assertion, const Results& results);

}  // namespace plumb
