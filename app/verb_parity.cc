// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/terminal.h"
#include "app/verbs.h"
#include "core/json.h"
#if PLUMB_WITH_GENERATOR
#include "generator/parity/parity.h"
#endif

namespace plumb {
namespace {

#if PLUMB_WITH_GENERATOR

// What became of one case. A case that can't be replayed has no result, but a reason.
struct ParityOutcome {
  std::string path;
  ParityCase parity_case;
  ParityResult result;
  std::string rejection;

  std::string_view Status() const {
    if (!rejection.empty()) return "rejected";
    return result.Passed() ? "passed" : "failed";
  }
};

ParityOutcome Replay(const std::string& path) {
  ParityOutcome outcome{.path = path};
  try {
    outcome.parity_case = ReadParityCase(path);
    outcome.result = ReplayParityCase(outcome.parity_case);
  } catch (const InputError& error) {
    outcome.rejection = error.what();
  }
  return outcome;
}

Json OrNull(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json TensorJson(const ParityTensor& tensor) {
  return {{"name", tensor.name},
          {"status", tensor.passed ? "passed" : "failed"},
          {"max_abs_error", OrNull(tensor.max_abs_error)},
          {"relative_error", OrNull(tensor.RelativeError())},
          {"expected_rms", tensor.expected_rms},
          {"tolerance", tensor.tolerance},
          {"problem", tensor.problem.empty() ? Json() : Json(tensor.problem)}};
}

Json OutcomeJson(const ParityOutcome& outcome) {
  Json json{{"case", outcome.path},
            {"component", outcome.parity_case.component},
            {"call", outcome.parity_case.call},
            {"reference", outcome.parity_case.reference},
            {"status", std::string(outcome.Status())},
            {"reason", outcome.rejection.empty() ? Json() : Json(outcome.rejection)},
            {"tensors", Json::array()},
            {"skipped", outcome.result.skipped}};
  for (const ParityTensor& tensor : outcome.result.tensors) {
    json["tensors"].push_back(TensorJson(tensor));
  }
  return json;
}

std::string ErrorText(const std::optional<double>& error) {
  return error ? fmt::format("{:.2e}", *error) : "-";
}

void PrintOutcome(const ParityOutcome& outcome) {
  if (!outcome.rejection.empty()) {
    PrintError(Printable(outcome.rejection));
    return;
  }
  fmt::print("{}  {}: {} {}, {}\n",
             outcome.result.Passed() ? "pass" : "FAIL",
             Printable(outcome.path),
             Printable(outcome.parity_case.component),
             Printable(outcome.parity_case.call),
             Printable(outcome.parity_case.reference));
  for (const ParityTensor& tensor : outcome.result.tensors) {
    fmt::print("      {:<24} max error {:<9} of rms {:<9} tolerance {:.2e}  {}{}\n",
               Printable(tensor.name),
               ErrorText(tensor.max_abs_error),
               ErrorText(tensor.RelativeError()),
               tensor.tolerance,
               tensor.passed ? "pass" : "FAIL",
               tensor.problem.empty() ? "" : " (" + Printable(tensor.problem) + ")");
  }
  if (!outcome.result.skipped.empty()) {
    fmt::print("      skipped: {}\n",
               Printable(fmt::format("{}", fmt::join(outcome.result.skipped, ", "))));
  }
}

ExitCode Parity(const std::vector<std::string>& paths, bool as_json) {
  Json json{{"schema", 1}, {"cases", Json::array()}};
  size_t passed = 0;
  size_t rejected = 0;
  for (const std::string& path : paths) {
    const ParityOutcome outcome = Replay(path);
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

#else

ExitCode Parity(const std::vector<std::string>&, bool) {
  throw UsageError(
      "parity: this build has no generator (it was configured with PLUMB_GENERATOR=OFF)");
}

#endif

}  // namespace

void AddParityVerb(CLI::App& root, Command& command) {
  struct Options {
    std::vector<std::string> cases;
    bool as_json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* verb = root.add_subcommand(
      "parity", "replays saved results of a reference library; exit code 1 when one differs");
  verb->add_option("cases", options->cases, "folders with case.json (docs/generator.md)")
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
