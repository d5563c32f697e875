// SPDX-License-Identifier: Apache-2.0
// plumb report
#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "app/calibration_file.h"
#include "app/run_folder.h"
#include "app/run_report.h"
#include "app/verbs.h"
#include "core/document.h"
#include "reports/html.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

struct ReportArguments {
  std::string run;
  std::string format = "console";
  std::string out;
  bool repeatable = false;
};

bool IsRunFolder(const std::string& path) { return fs::exists(fs::path(path) / "plan.json"); }

std::string PageOf(const std::string& run, const Results& results) {
  ReportInput input;
  if (IsRunFolder(run)) return ReadFile(WriteRunReport(RunFolder{run}, results));
  input.results = results;
  return HtmlReport(input);
}

ExitCode WriteReport(const ReportArguments& arguments) {
  const Results loaded = LoadResults(arguments.run);
  const Results results = arguments.repeatable ? Repeatable(loaded) : loaded;
  // A run's page has its place; asking for nothing else means making it there.
  if (arguments.format == "html" && arguments.out.empty() && IsRunFolder(arguments.run)) {
    fmt::print("{}\n", WriteRunReport(RunFolder{arguments.run}, results).string());
    WarnOfCalibration(results.scores);
    return ExitCode::kOk;
  }
  const std::string text = arguments.format == "html" ? PageOf(arguments.run, results)
                                                      : ResultsAs(results, arguments.format);
  if (arguments.out.empty()) {
    fmt::print("{}", text);
  } else {
    WriteFileDurably(arguments.out, text);
    fmt::print("{}\n", arguments.out);
  }
  WarnOfCalibration(results.scores);
  return results.cells.empty() ? ExitCode::kIncomplete : ExitCode::kOk;
}

}  // namespace

void AddReportVerb(CLI::App& root, Command& command) {
  auto arguments = std::make_shared<ReportArguments>();
  CLI::App* verb = root.add_subcommand("report", "the results of a run in other forms");
  verb->add_option("run", arguments->run, "a run folder or a results JSON file")->required();
  verb->add_option("--format", arguments->format, "html, json, junit, csv, markdown or console");
  verb->add_option("--out", arguments->out, "write there instead of printing");
  verb->add_flag("--repeatable",
                 arguments->repeatable,
                 "without names, dates, machine and wall times: equal cells give equal bytes");
  verb->footer(
      "\nExamples:\n"
      "  plumb report runs/quick\n"
      "  plumb report runs/quick --format html\n"
      "  plumb report runs/quick --format csv --out scores.csv\n");
  verb->callback(
      [&command, arguments] { command.run = [arguments] { return WriteReport(*arguments); }; });
}

}  // namespace plumb
