// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/assertion.h"
#include "app/run_folder.h"
#include "app/terminal.h"
#include "app/verbs.h"
#include "app/yaml_document.h"
#include "core/json.h"

namespace plumb {
namespace {

struct AssertOptions {
  std::string run;
  std::string file;
  std::vector<std::string> require;
  std::vector<std::string> warn;
  bool as_json = false;
};

std::vector<Assertion> AllAssertions(const AssertOptions& options) {
  std::vector<Assertion> assertions;
  if (!options.file.empty()) assertions = AssertionsFromDocument(ReadDocument(options.file));
  for (const std::string& text : options.require) {
    assertions.push_back(ParseAssertion(text, AssertionLevel::kError));
  }
  for (const std::string& text : options.warn) {
    assertions.push_back(ParseAssertion(text, AssertionLevel::kWarn));
  }
  return assertions;
}

std::string_view OutcomeName(const AssertionOutcome& outcome) {
  if (outcome.passed) return "pass";
  return outcome.assertion.level == AssertionLevel::kError ? "FAIL" : "warn";
}

Json OutcomesJson(const std::vector<AssertionOutcome>& outcomes, int unfinished) {
  Json json{{"schema", 1}, {"unfinished_cells", unfinished}, {"outcomes", Json::array()}};
  for (const AssertionOutcome& outcome : outcomes) {
    json["outcomes"].push_back(
        {{"assertion", outcome.assertion.text},
         {"level", outcome.assertion.level == AssertionLevel::kError ? "error" : "warn"},
         {"model", outcome.model},
         {"passed", outcome.passed},
         {"value", outcome.value ? Json(*outcome.value) : Json()},
         {"why", outcome.why}});
  }
  return json;
}

int UnfinishedCells(const Results& results) {
  int count = 0;
  for (const Cell& cell : results.cells) count += cell.status != CellStatus::kDone;
  return count;
}

ExitCode Assert(const AssertOptions& options) {
  const std::vector<Assertion> assertions = AllAssertions(options);
  if (assertions.empty()) {
    throw UsageError("assert: nothing to assert; give --require 'model:score>=number' or --file");
  }
  const Results results = LoadResults(options.run);
  std::vector<AssertionOutcome> outcomes;
  for (const Assertion& assertion : assertions) {
    for (AssertionOutcome& outcome : CheckAssertion(assertion, results)) {
      outcomes.push_back(std::move(outcome));
    }
  }
  const int unfinished = UnfinishedCells(results);
  bool failed = false;
  for (const AssertionOutcome& outcome : outcomes) {
    failed |= !outcome.passed && outcome.assertion.level == AssertionLevel::kError;
    if (options.as_json) continue;
    fmt::print("{}  {}  {}: {}\n",
               OutcomeName(outcome),
               Printable(outcome.assertion.text),
               Printable(outcome.model),
               outcome.why);
  }
  if (options.as_json) fmt::print("{}", DumpJson(OutcomesJson(outcomes, unfinished)));
  if (failed) return ExitCode::kGateFailed;
  if (unfinished > 0) {
    PrintWarning(fmt::format("{} cells are missing or failed: the run is incomplete", unfinished));
    return ExitCode::kIncomplete;
  }
  return outcomes.empty() ? ExitCode::kIncomplete : ExitCode::kOk;
}

}  // namespace

void AddAssertVerb(CLI::App& root, Command& command) {
  auto options = std::make_shared<AssertOptions>();
  CLI::App* verb = root.add_subcommand("assert", "thresholds on a run; exit code 1 when one fails");
  verb->add_option("run", options->run, "run folder, or folder written by score --out")->required();
  verb->add_option(
          "--require",
          options->require,
          "[model:]score>=number, or worst(score)>=number; also mean, median, best, coverage")
      ->allow_extra_args(false);
  verb->add_option("--warn", options->warn, "the same, but only a warning")
      ->allow_extra_args(false);
  verb->add_option("--file", options->file, "thresholds as YAML (docs/assert.md)");
  verb->add_flag("--json", options->as_json, "print JSON");
  verb->footer(
      "\nExamples:\n"
      "  plumb assert runs/quick --require \"oracle:geometry.consistency>=0.95\"\n"
      "  plumb assert runs/quick --require \"worst(dynamics.lawfulness)>=0.2\" --json\n"
      "  plumb assert runs/quick --file thresholds.yaml\n");
  verb->callback([&command, options] { command.run = [options] { return Assert(*options); }; });
}

}  // namespace plumb
