// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/published/metric_case.h"
#include "app/terminal.h"
#include "app/verbs.h"
#include "core/json.h"
#if PLUMB_WITH_GENERATOR
#include "generator/parity/parity.h"
#endif

namespace plumb {
namespace {

// What became of one case. A case that can't be replayed has nothing to show but a reason.
struct CaseOutcome {
  std::string path;
  bool passed = false;
  std::string rejection;
  std::string title;               // "FlowMatchEulerDiscreteScheduler trace, diffusers 0.42.1"
  std::vector<std::string> lines;  // one per tensor or value
  Json json = Json::object();      // without case, status and reason

  std::string_view Status() const {
    if (!rejection.empty()) return "rejected";
    return passed ? "passed" : "failed";
  }
};

Json OrNull(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

std::string_view Mark(bool passed) { return passed ? "pass" : "FAIL"; }

std::string InBrackets(const std::string& problem) {
  return problem.empty() ? "" : " (" + Printable(problem) + ")";
}

// --- cases of metrics ---

std::string NumberText(const std::optional<double>& value) {
  return value ? fmt::format("{:.10g}", *value) : "undefined";
}

void ReplayMetric(CaseOutcome& outcome) {
  const MetricCaseResult result = ReplayMetricCase(outcome.path);
  outcome.passed = result.Passed();
  outcome.title = fmt::format("{}, {}", result.metric, result.reference);
  outcome.json = {{"metric", result.metric}, {"reference", result.reference}};
  Json& values = outcome.json["values"] = Json::array();
  for (const MetricCaseValue& value : result.values) {
    values.push_back({{"name", value.name},
                      {"status", value.passed ? "passed" : "failed"},
                      {"expected", OrNull(value.expected)},
                      {"actual", OrNull(value.actual)},
                      {"tolerance", value.tolerance},
                      {"problem", value.problem.empty() ? Json() : Json(value.problem)}});
    outcome.lines.push_back(fmt::format("{:<32} {:<18} expected {:<18} {}{}",
                                        Printable(value.name),
                                        NumberText(value.actual),
                                        NumberText(value.expected),
                                        Mark(value.passed),
                                        InBrackets(value.problem)));
  }
}

// --- cases of components ---

#if PLUMB_WITH_GENERATOR

Json TensorJson(const ParityTensor& tensor) {
  return {{"name", tensor.name},
          {"status", tensor.passed ? "passed" : "failed"},
          {"max_abs_error", OrNull(tensor.max_abs_error)},
          {"relative_error", OrNull(tensor.RelativeError())},
          {"expected_rms", tensor.expected_rms},
          {"tolerance", tensor.tolerance},
          {"problem", tensor.problem.empty() ? Json() : Json(tensor.problem)}};
}

std::string ErrorText(const std::optional<double>& error) {
  return error ? fmt::format("{:.2e}", *error) : "-";
}

std::string TensorLine(const ParityTensor& tensor) {
  return fmt::format("{:<24} max error {:<9} of rms {:<9} tolerance {:.2e}  {}{}",
                     Printable(tensor.name),
                     ErrorText(tensor.max_abs_error),
                     ErrorText(tensor.RelativeError()),
                     tensor.tolerance,
                     Mark(tensor.passed),
                     InBrackets(tensor.problem));
}

void ReplayComponent(CaseOutcome& outcome) {
  const ParityCase parity_case = ReadParityCase(outcome.path);
  outcome.title =
      fmt::format("{} {}, {}", parity_case.component, parity_case.call, parity_case.reference);
  outcome.json = {{"component", parity_case.component},
                  {"call", parity_case.call},
                  {"reference", parity_case.reference},
                  {"tensors", Json::array()},
                  {"skipped", Json::array()}};
  const ParityResult result = ReplayParityCase(parity_case);
  outcome.passed = result.Passed();
  outcome.json["skipped"] = result.skipped;
  for (const ParityTensor& tensor : result.tensors) {
    outcome.json["tensors"].push_back(TensorJson(tensor));
    outcome.lines.push_back(TensorLine(tensor));
  }
  if (!result.skipped.empty()) {
    outcome.lines.push_back("skipped: " +
                            Printable(fmt::format("{}", fmt::join(result.skipped, ", "))));
  }
}

#else

void ReplayComponent(CaseOutcome& outcome) {
  throw InputError(outcome.path,
                   "is a case of a component, and this build has no generator (it was configured "
                   "with PLUMB_GENERATOR=OFF)");
}

#endif

CaseOutcome Replay(const std::string& path) {
  CaseOutcome outcome{.path = path};
  try {
    if (IsMetricCase(path)) {
      ReplayMetric(outcome);
    } else {
      ReplayComponent(outcome);
    }
  } catch (const InputError& error) {
    outcome.rejection = error.what();
  }
  return outcome;
}

Json OutcomeJson(const CaseOutcome& outcome) {
  Json json{{"case", outcome.path},
            {"status", std::string(outcome.Status())},
            {"reason", outcome.rejection.empty() ? Json() : Json(outcome.rejection)}};
  json.update(outcome.json);
  return json;
}

void PrintOutcome(const CaseOutcome& outcome) {
  if (!outcome.rejection.empty()) {
    PrintError(Printable(outcome.rejection));
    return;
  }
  fmt::print(
      "{}  {}: {}\n", Mark(outcome.passed), Printable(outcome.path), Printable(outcome.title));
  for (const std::string& line : outcome.lines) fmt::print("      {}\n", line);
}

ExitCode Parity(const std::vector<std::string>& paths, bool as_json) {
  Json json{{"schema", 1}, {"cases", Json::array()}};
  size_t passed = 0;
  size_t rejected = 0;
  for (const std::string& path : paths) {
    const CaseOutcome outcome = Replay(path);
    passed += outcome.Status() == "passed";
    rejected += !outcome.rejection.empty();
    if (as_json) {
      json["cases"].push_back(OutcomeJson(outcome));
    } else {
      PrintOutcome(outcome);
    }
  }
  const size_t failed = paths.size() - passed - rejected;
  if (as_json) {
    fmt::print("{}", DumpJson(json));
  } else {
    fmt::print("{} passed, {} failed, {} rejected\n", passed, failed, rejected);
  }
  if (rejected > 0) return ExitCode::kInputRejected;
  return failed > 0 ? ExitCode::kGateFailed : ExitCode::kOk;
}

}  // namespace

void AddParityVerb(CLI::App& root, Command& command) {
  struct Options {
    std::vector<std::string> cases;
    bool as_json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* verb = root.add_subcommand(
      "parity", "replays saved results of reference programs; exit code 1 when one differs");
  verb->add_option(
          "cases", options->cases, "folders with case.json (docs/generator.md, docs/measure.md)")
      ->required();
  verb->add_flag("--json", options->as_json, "print JSON");
  verb->footer(
      "\nExamples:\n"
      "  plumb parity tests/generator/parity/cases/*\n"
      "  plumb parity my_case --json\n");
  verb->callback([&command, options] {
    command.run = [options] { return Parity(options->cases, options->as_json); };
  });
}

}  // namespace plumb
