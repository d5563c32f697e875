// SPDX-License-Identifier: Apache-2.0
// The metrics of the literature that `plumb measure` computes from files, by name.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/json.h"
#include "metrics/published/named_values.h"

namespace plumb {

// What to measure. `inputs` is an object: a path (text) or a nested list of paths for each name;
// relative ones are seen from `folder`. `settings` is an object of the metric's own keys. `wanted`
// names values that a reader expects: those of a family with a parameter in their name are added
// ("rpe_trans/d5/none/rmse", "tsed/te3_tm20").
struct MeasureRequest {
  std::filesystem::path folder;
  Json inputs = Json::object();
  Json settings = Json::object();
  std::vector<std::string> wanted;
};

struct PublishedMetric {
  struct Key {
    std::string name;
    std::string about;
  };
  std::string name;
  int version = 1;  // changes with the numbers
  std::string about;
  std::vector<Key> inputs;    // all are needed unless `about` begins with "optional"
  std::vector<Key> settings;  // with their defaults
  // Throws InputError on a broken file and UsageError on an impossible setting.
  std::function<NamedValues(const MeasureRequest&)> measure;
};

const std::vector<PublishedMetric>& PublishedMetrics();
// Throws UsageError naming the nearest when there is no such metric.
const PublishedMetric& PublishedMetricNamed(const std::string& name);
// Throws UsageError on an input that is missing or unknown.
void CheckInputs(const PublishedMetric& metric, const Json& inputs);
// Throws UsageError on a setting the metric does not have.
void CheckSettings(const PublishedMetric& metric, const Json& settings);

}  // namespace plumb
