// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/run_folder.h"
#include "app/terminal.h"
#include "app/verbs.h"
#include "core/json.h"
#include "reports/compare.h"
#include "reports/console.h"
#include "reports/junit.h"
#include "reports/markdown.h"

namespace plumb {
namespace {

struct CompareVerbOptions {
  std::vector<std::string> runs;  // one or two
  std::string base_model;
  std::string head_model;
  std::string format = "text";
  CompareOptions compare;
};

// Both sides of every comparison that the command line asks for.
struct Sides {
  std::vector<Results> results;  // base, head; one entry when they are one run
  std::vector<std::pair<std::string, std::string>> models;
};

bool Has(const Results& results, const std::string& model) {
  return std::find(results.models.begin(), results.models.end(), model) != results.models.end();
}

Sides SidesOf(const CompareVerbOptions& options) {
  Sides sides;
  for (const std::string& run : options.runs) sides.results.push_back(LoadResults(run));
  const bool named = !options.base_model.empty() && !options.head_model.empty();
  if (named) {
    sides.models.emplace_back(options.base_model, options.head_model);
    return sides;
  }
  if (!options.base_model.empty() || !options.head_model.empty()) {
    throw UsageError("compare: --base and --head go together");
  }
  if (options.runs.size() == 1) {
    throw UsageError("compare: one run needs --base MODEL and --head MODEL, or name a second run");
  }
  // Two runs without model names: every model that both have.
  for (const std::string& model : sides.results.front().models) {
    if (Has(sides.results.back(), model)) sides.models.emplace_back(model, model);
  }
  if (sides.models.empty()) {
    throw UsageError("compare: the runs have no model in common; name them by --base and --head");
  }
  return sides;
}

std::vector<Comparison> Comparisons(const CompareVerbOptions& options) {
  const Sides sides = SidesOf(options);
  std::vector<Comparison> comparisons;
  for (const auto& [base, head] : sides.models) {
    comparisons.push_back(
        Compare({&sides.results.front(), base, options.runs.front() + " · " + base},
                {&sides.results.back(), head, options.runs.back() + " · " + head},
                options.compare));
  }
  return comparisons;
}

void Print(const std::vector<Comparison>& comparisons, const std::string& format) {
  if (format == "json") {
    Json json{{"schema", 1}, {"comparisons", Json::array()}};
    for (const Comparison& comparison : comparisons) {
      json["comparisons"].push_back(ToJson(comparison));
    }
    fmt::print("{}", DumpJson(json));
  } else if (format == "junit") {
    std::vector<GateOutcome> gates;
    for (const Comparison& comparison : comparisons) {
      for (GateOutcome& gate : GatesOf(comparison)) {
        if (comparisons.size() > 1) gate.name = comparison.head + " · " + gate.name;
        gates.push_back(std::move(gate));
      }
    }
    fmt::print("{}", JUnitXml(gates, "plumb compare"));
  } else {
    ConsoleOptions console;
    console.width = TerminalWidth();
    console.colour = UseColour();
    for (size_t i = 0; i < comparisons.size(); ++i) {
      if (i > 0) fmt::print("\n");
      fmt::print("{}",
                 format == "markdown" ? MarkdownComparison(comparisons[i])
                                      : ConsoleComparison(comparisons[i], console));
    }
  }
}

// A regression or a newly failing cell fails; nothing decided at all is no pass.
ExitCode CodeOf(const std::vector<Comparison>& comparisons) {
  bool decided = false;
  for (const Comparison& comparison : comparisons) {
    if (!comparison.newly_failing.empty()) return ExitCode::kGateFailed;
    for (const MetricComparison& metric : comparison.metrics) {
      if (metric.verdict == Verdict::kRegressed) return ExitCode::kGateFailed;
      decided |= metric.verdict == Verdict::kImproved || metric.verdict == Verdict::kNoChange;
    }
  }
  return decided ? ExitCode::kOk : ExitCode::kIncomplete;
}

ExitCode CompareAll(const CompareVerbOptions& options) {
  options.compare.Validate();
  const std::vector<Comparison> comparisons = Comparisons(options);
  Print(comparisons, options.format);
  const ExitCode code = CodeOf(comparisons);
  if (code == ExitCode::kIncomplete) {
    PrintWarning("not enough data: no score could be compared");
  }
  return code;
}

}  // namespace

void AddCompareVerb(CLI::App& root, Command& command) {
  auto options = std::make_shared<CompareVerbOptions>();
  CLI::App* verb = root.add_subcommand(
      "compare", "two runs or two models, paired cell by cell; exit code 1 on a regression");
  verb->add_option("runs", options->runs, "one run (with --base and --head) or two")
      ->required()
      ->expected(1, 2);
  verb->add_option("--base", options->base_model, "model of the first run that is the reference");
  verb->add_option("--head", options->head_model, "model of the last run that is judged");
  verb->add_option("--min-effect",
                   options->compare.min_effect,
                   "smaller mean differences are no change, in the score's own unit")
      ->capture_default_str();
  verb->add_option("--min-scenes", options->compare.min_scenes, "fewer give no verdict")
      ->capture_default_str();
  verb->add_option("--min-pairs", options->compare.min_pairs, "fewer give no verdict")
      ->capture_default_str();
  verb->add_option("--resamples", options->compare.resamples, "of the bootstrap")
      ->capture_default_str();
  verb->add_option("--seed", options->compare.seed, "of the bootstrap")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb->add_flag("--lenient", options->compare.lenient, "compare although the suites differ");
  verb->add_option("--format", options->format, "text, json, markdown or junit")
      ->check(CLI::IsMember({"text", "json", "markdown", "junit"}))
      ->capture_default_str();
  verb->add_flag_callback(
      "--json", [options] { options->format = "json"; }, "as --format json");
  verb->footer(
      "\nExamples:\n"
      "  plumb compare runs/quick --base oracle --head reverse\n"
      "  plumb compare runs/a runs/b --min-effect 0.02\n"
      "  plumb compare runs/a runs/b --format junit\n");
  verb->callback([&command, options] { command.run = [options] { return CompareAll(*options); }; });
}

}  // namespace plumb
