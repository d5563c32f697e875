// SPDX-License-Identifier: Apache-2.0
// Parity cases of metrics: files, settings and the values the reference program gives for them.
//
//   case.json  metric, inputs {name: file, folder or nested list of files}, settings, expected
//              {name: number or null}, tolerance {part of a name, or "default": number}; other
//              keys are notes
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"

namespace plumb {

// One expected value. It passes when |actual − expected| ≤ tolerance · max(1, |expected|), or when
// both are undefined.
struct MetricCaseValue {
  std::string name;
  std::optional<double> expected;
  std::optional<double> actual;
  double tolerance = 0.0;  // the longest key that is part of the name, else "default"
  std::string problem;     // why it is undefined or was not found
  bool passed = false;
};

struct MetricCaseResult {
  std::string metric;
  std::string reference;
  std::vector<MetricCaseValue> values;
  bool Passed() const;
};

// Whether the folder's case.json has `metric` instead of `component`; false when it can't be read.
bool IsMetricCase(const std::filesystem::path& folder);

// Settings that the metric doesn't have tell how the reference was run and are left out. Throws
// InputError when the case or one of its files is broken, the metric is unknown, or nothing is
// expected.
MetricCaseResult ReplayMetricCase(const std::filesystem::path& folder);

}  // namespace plumb
