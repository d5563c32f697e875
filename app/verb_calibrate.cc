// SPDX-License-Identifier: Apache-2.0
// plumb calibrate
#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "app/calibration_file.h"
#include "app/calibration_suite.h"
#include "app/plan.h"
#include "app/run_folder.h"
#include "app/signals.h"
#include "app/store.h"
#include "app/terminal.h"
#include "app/verbs.h"
#include "app/watched_run.h"
#include "reports/calibration_analysis.h"
#include "reports/calibration_tables.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

struct CalibrateArguments {
  std::string family = "geometry";
  CalibrationOptions options;
  WorkerPoolOptions pool;
  std::string out;    // empty: runs/calibrate_<family>
  std::string table;  // another place for the JSON
  std::string page;   // a Markdown page whose tables are filled
  bool show = false;
  bool keep_samples = false;
  bool json = false;
};

fs::path RootOf(const CalibrateArguments& arguments) {
  return arguments.out.empty() ? fs::path("runs") / ("calibrate_" + arguments.family)
                               : fs::path(arguments.out);
}

// The tables one below the other, as the file beside the run and the terminal show them.
std::string AllTables(const CalibrationTable& table) {
  std::string text;
  for (const auto& [name, rows] : CalibrationTables(table)) {
    text += fmt::format("{}### {}\n\n{}", text.empty() ? "" : "\n", name, rows);
  }
  return text;
}

void Print(const CalibrationTable& table, const CalibrateArguments& arguments) {
  fmt::print("{}", arguments.json ? CalibrationText(table) : AllTables(table));
}

void FillPage(const CalibrationTable& table, const std::string& page) {
  WriteFileDurably(page, WithTables(ReadFile(page), CalibrationTables(table)));
}

// What is compiled in, without any work.
ExitCode Show(const CalibrateArguments& arguments) {
  const CalibrationTable table =
      arguments.table.empty() ? GeometryCalibration() : ReadCalibration(arguments.table);
  Print(table, arguments);
  if (!arguments.page.empty()) FillPage(table, arguments.page);
  return table.scores.empty() ? ExitCode::kIncomplete : ExitCode::kOk;
}

// The same command, as far as it decides what is measured.
std::string Again(const CalibrateArguments& arguments) {
  std::string command = "plumb calibrate " + arguments.family;
  const CalibrationOptions& options = arguments.options;
  if (options.size > 0) command += fmt::format(" --size {}", options.size);
  if (options.frames > 0) command += fmt::format(" --frames {}", options.frames);
  if (options.scenes > 0) command += fmt::format(" --scenes {}", options.scenes);
  if (!arguments.out.empty()) command += " --out " + arguments.out;
  if (!arguments.table.empty()) command += " --table " + arguments.table;
  if (!arguments.page.empty()) command += " --page " + arguments.page;
  return command;
}

ExitCode WriteTable(const RunFolder& folder,
                    const Plan& plan,
                    const CalibrateArguments& arguments) {
  const Results results = LoadResults(folder.root);
  const CalibrationTable table = Signed(CalibrationOf(results, plan.suite));
  WriteCalibration(folder.root / "calibration.json", table);
  WriteFileDurably(folder.root / "calibration.md", AllTables(table));
  if (!arguments.table.empty()) WriteCalibration(arguments.table, table);
  if (!arguments.page.empty()) FillPage(table, arguments.page);
  Print(table, arguments);
  for (const Cell& cell : results.cells) {
    if (cell.status != CellStatus::kDone) return ExitCode::kIncomplete;
  }
  return table.scores.empty() ? ExitCode::kIncomplete : ExitCode::kOk;
}

ExitCode Calibrate(const CalibrateArguments& arguments) {
  arguments.pool.Validate();
  const Suite suite = CalibrationSuite(arguments.family, arguments.options);
  if (arguments.show) return Show(arguments);
  PlanOptions options;
  options.keep_samples = arguments.keep_samples;
  const RunFolder folder = CreateRunFolder(RootOf(arguments));
  const RunLock lock(folder.lock());
  const Plan plan = StorePlan(folder, MakePlan(suite, options));
  PrintNote(fmt::format("{} v{}: {} cells, {} models, in {}",
                        suite.name,
                        suite.version,
                        plan.cells.size(),
                        plan.models.size(),
                        folder.root.string()));
  const RunSummary summary = RunWatched(folder, plan, arguments.pool, Again(arguments));
  if (summary.stopped) return StopCode();
  return WriteTable(folder, plan, arguments);
}

}  // namespace

void AddCalibrateVerb(CLI::App& root, Command& command) {
  auto arguments = std::make_shared<CalibrateArguments>();
  CLI::App* verb = root.add_subcommand(
      "calibrate", "what a family's scores are worth: noise floors, thresholds, what they see");
  verb->add_option("family", arguments->family, "geometry");
  verb->add_option("--out", arguments->out, "the run folder; default runs/calibrate_<family>")
      ->envname("PLUMB_OUT");
  verb->add_option("--scenes", arguments->options.scenes, "so many; default: all of the suite");
  verb->add_option("--size", arguments->options.size, "width and height of the clips in pixels");
  verb->add_option("--frames", arguments->options.frames, "of a clip");
  verb->add_option("--workers", arguments->pool.workers, "processes at work; 0: one per core")
      ->envname("PLUMB_WORKERS");
  verb->add_option(
          "--cell-seconds", arguments->pool.task_seconds, "a cell that takes longer is failed")
      ->envname("PLUMB_CELL_SECONDS");
  verb->add_option(
      "--table", arguments->table, "write the table there too; with --show: the table to show");
  verb->add_option(
      "--page", arguments->page, "a Markdown page between whose marks the tables are written");
  verb->add_flag("--show", arguments->show, "the table that is built in; nothing is measured");
  verb->add_flag("--keep-samples", arguments->keep_samples, "store the clips (gigabytes)");
  verb->add_flag("--json", arguments->json, "print the table as JSON");
  verb->footer(
      "\nThe same command again does only what is missing.\n"
      "\nExamples:\n"
      "  plumb calibrate geometry --show\n"
      "  plumb calibrate geometry --scenes 4 --workers 2 --out runs/pilot\n"
      "  plumb calibrate geometry --table metrics/geometry/calibration.json "
      "--page docs/calibration.md\n");
  verb->callback(
      [&command, arguments] { command.run = [arguments] { return Calibrate(*arguments); }; });
}

}  // namespace plumb
