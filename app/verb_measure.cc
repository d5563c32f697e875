// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/published/published_metrics.h"
#include "app/terminal.h"
#include "app/verbs.h"

namespace plumb {
namespace {

struct MeasureOptions {
  std::string metric;
  std::vector<std::string> inputs;    // name=FILE
  std::vector<std::string> settings;  // key=value
  bool as_json = false;
};

struct Assignment {
  std::string name;
  std::string value;
};

Assignment Split(const std::string& text, const std::string& form) {
  const size_t equals = text.find('=');
  if (equals == 0 || equals == std::string::npos || equals + 1 == text.size()) {
    throw UsageError(fmt::format("'{}' is not of the form {}", text, form));
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

// A path, or a list of them where they are told apart by commas.
Json PathsFrom(const std::string& text) {
  if (text.find(',') == std::string::npos) return text;
  Json paths = Json::array();
  for (size_t from = 0; from <= text.size();) {
    const size_t to = std::min(text.find(',', from), text.size());
    paths.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return paths;
}

// What is given again becomes a list.
Json InputsFrom(const std::vector<std::string>& words) {
  std::vector<std::pair<std::string, Json>> lists;
  for (const std::string& word : words) {
    const auto [name, value] = Split(word, "name=FILE");
    auto list = std::find_if(
        lists.begin(), lists.end(), [&, n = name](const auto& entry) { return entry.first == n; });
    if (list == lists.end()) list = lists.insert(lists.end(), {name, Json::array()});
    list->second.push_back(PathsFrom(value));
  }
  Json inputs = Json::object();
  for (auto& [name, list] : lists) inputs[name] = list.size() == 1 ? list.front() : list;
  return inputs;
}

Json SettingsFrom(const std::vector<std::string>& words) {
  Json settings = Json::object();
  for (const std::string& word : words) {
    const auto [key, value] = Split(word, "key=value");
    char* end = nullptr;
    const double number = std::strtod(value.c_str(), &end);
    settings[key] = *end == '\0' && std::isfinite(number) ? Json(number) : Json(value);
  }
  return settings;
}

std::string FirstReason(const NamedValues& values) {
  for (const NamedValue& value : values.values()) {
    if (!value.value) return value.reason;
  }
  return "";
}

Json ToJson(const PublishedMetric& metric, const NamedValues& values) {
  Json numbers = Json::object();
  Json reasons = Json::object();
  for (const NamedValue& value : values.values()) {
    numbers[value.name] = value.value ? Json(*value.value) : Json();
    if (!value.value) reasons[value.name] = value.reason;
  }
  const bool measured = values.HasNumber();
  return {{"metric", metric.name},
          {"version", metric.version},
          {"values", numbers},
          {"status", measured ? "measured" : "not_measurable"},
          {"reason", measured ? Json() : Json(FirstReason(values))},
          {"reasons", reasons}};
}

void Print(const NamedValues& values) {
  for (const NamedValue& value : values.values()) {
    fmt::print("{:<32} {}\n",
               value.name,
               value.value ? fmt::format("{}", *value.value)
                           : fmt::format("undefined: {}", Printable(value.reason)));
  }
}

ExitCode Measure(const MeasureOptions& options) {
  const PublishedMetric& metric = PublishedMetricNamed(options.metric);
  const MeasureRequest request{.inputs = InputsFrom(options.inputs),
                               .settings = SettingsFrom(options.settings)};
  CheckInputs(metric, request.inputs);
  CheckSettings(metric, request.settings);
  const NamedValues values = metric.measure(request);
  if (options.as_json) {
    fmt::print("{}", DumpJson(ToJson(metric, values)));
  } else {
    Print(values);
  }
  return values.HasNumber() ? ExitCode::kOk : ExitCode::kIncomplete;
}

// What `--help` says of the metrics.
std::string MetricList() {
  std::string text = "\nMetrics:\n";
  for (const PublishedMetric& metric : PublishedMetrics()) {
    text += fmt::format("  {}: {}\n", metric.name, metric.about);
    for (const auto& input : metric.inputs) {
      text += fmt::format("      {}=…  {}\n", input.name, input.about);
    }
    for (const auto& setting : metric.settings) {
      text += fmt::format("      --set {}=…  {}\n", setting.name, setting.about);
    }
  }
  return text;
}

}  // namespace

void AddMeasureVerb(CLI::App& root, Command& command) {
  auto options = std::make_shared<MeasureOptions>();
  CLI::App* verb =
      root.add_subcommand("measure", "one metric of the literature, computed from plain files");
  verb->add_option("metric", options->metric, "its name")->required();
  verb->add_option("inputs", options->inputs, "its files, as name=FILE");
  verb->add_option("--set", options->settings, "a setting, as key=value; may be repeated")
      ->allow_extra_args(false);
  verb->add_flag("--json", options->as_json, "print JSON");
  verb->footer(MetricList() +
               "\nExamples:\n"
               "  plumb measure trajectory truth=truth.tum estimate=found.tum\n"
               "  plumb measure gvgc pairs=a.csv,F_a.json pairs=b.csv,F_b.json --json\n"
               "  plumb measure sampson matches=matches.csv F=F.json --set min_matches=30\n");
  verb->callback([&command, options] { command.run = [options] { return Measure(*options); }; });
}

}  // namespace plumb
