// SPDX-License-Identifier: Apache-2.0
#include "app/published/metric_case.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "app/published/published_metrics.h"
#include "core/document.h"
#include "core/errors.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

Document ReadCase(const fs::path& folder) {
  const fs::path path = folder / "case.json";
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw InputError(path.string(), "can't be opened; every parity case needs it");
  return ParseJsonDocument(
      std::string(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()),
      path.string());
}

[[noreturn]] void Fail(const Document& document, const std::string& key, const std::string& what) {
  throw InputError(document.Place("/" + key), fmt::format("'{}': {}", key, what));
}

const Json& Object(const Document& document, const std::string& key) {
  if (!document.root.contains(key) || !document.root[key].is_object()) {
    Fail(document, key, "expected an object");
  }
  return document.root[key];
}

// A note; empty when it is absent.
std::string TextAt(const Document& document, const std::string& key) {
  const Json& root = document.root;
  return root.contains(key) && root[key].is_string() ? root[key].get<std::string>() : "";
}

double ToleranceOf(const Document& document, const std::string& name) {
  const Json& tolerances = Object(document, "tolerance");
  std::string best = "default";
  size_t length = 0;
  for (const auto& [part, value] : tolerances.items()) {
    if (part == "default" || part.size() <= length) continue;
    if (name.find(part) == std::string::npos) continue;
    best = part;
    length = part.size();
  }
  if (!tolerances.contains(best)) Fail(document, "tolerance", "'default' is missing");
  const Json& value = tolerances[best];
  if (!value.is_number() || !(value.get<double>() >= 0)) {
    Fail(document, "tolerance", fmt::format("'{}' is no number of 0 or more", best));
  }
  return value.get<double>();
}

MetricCaseValue Compared(const Document& document,
                         const std::string& name,
                         const Json& expected,
                         const NamedValues& actual) {
  MetricCaseValue value{.name = name, .tolerance = ToleranceOf(document, name)};
  if (expected.is_number()) {
    value.expected = expected.get<double>();
  } else if (!expected.is_null()) {
    Fail(document, "expected", fmt::format("'{}' is neither a number nor null", name));
  }
  const NamedValue* found = actual.Find(name);
  if (found == nullptr) {
    value.problem = "the metric has no such value";
    return value;
  }
  value.actual = found->value;
  value.problem = found->reason;
  if (value.expected && value.actual) {
    const double scale = std::max(1.0, std::abs(*value.expected));
    value.passed = std::abs(*value.actual - *value.expected) <= value.tolerance * scale;
  } else {
    value.passed = !value.expected && !value.actual;
  }
  return value;
}

MetricCaseResult Replay(const fs::path& folder, const Document& document) {
  if (!document.root.contains("metric") || !document.root["metric"].is_string()) {
    Fail(document, "metric", "expected a name");
  }
  const PublishedMetric& metric = PublishedMetricNamed(document.root["metric"].get<std::string>());
  const Json& expected = Object(document, "expected");
  if (expected.empty()) Fail(document, "expected", "names no value");
  MeasureRequest request{.folder = folder, .inputs = Object(document, "inputs")};
  CheckInputs(metric, request.inputs);
  if (document.root.contains("settings")) {
    for (const auto& [key, value] : Object(document, "settings").items()) {
      const bool known = std::any_of(metric.settings.begin(),
                                     metric.settings.end(),
                                     [&, k = key](const auto& own) { return own.name == k; });
      if (known) request.settings[key] = value;
    }
  }
  for (const auto& [name, value] : expected.items()) request.wanted.push_back(name);
  const NamedValues actual = metric.measure(request);
  MetricCaseResult result{.metric = metric.name, .reference = TextAt(document, "reference")};
  for (const auto& [name, value] : expected.items()) {
    result.values.push_back(Compared(document, name, value, actual));
  }
  return result;
}

}  // namespace

bool MetricCaseResult::Passed() const {
  return std::all_of(
      values.begin(), values.end(), [](const MetricCaseValue& value) { return value.passed; });
}

bool IsMetricCase(const fs::path& folder) {
  try {
    const Document document = ReadCase(folder);
    return document.root.is_object() && !document.root.contains("component") &&
           document.root.contains("metric");
  } catch (const InputError&) {
    return false;
  }
}

MetricCaseResult ReplayMetricCase(const fs::path& folder) {
  const Document document = ReadCase(folder);
  try {
    return Replay(folder, document);
  } catch (const UsageError& error) {
    // What is wrong with a case is the file's fault, not the command line's.
    throw InputError(document.file, error.what());
  }
}

}  // namespace plumb
