// SPDX-License-Identifier: Apache-2.0
// plumb run, plumb resume
#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "app/asked_metrics.h"
#include "app/calibration_file.h"
#include "app/plan.h"
#include "app/run_folder.h"
#include "app/run_report.h"
#include "app/run_suite.h"
#include "app/signals.h"
#include "app/store.h"
#include "app/suite_file.h"
#include "app/terminal.h"
#include "app/verbs.h"
#include "app/watched_run.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

struct RunArguments {
  std::string suite = "quick";
  std::vector<std::string> scenes;  // files; instead of a suite
  std::string out;                  // empty: runs/<suite name>
  std::string judge;                // of likelihood, in place of the suite's
  PlanOptions plan;
  WorkerPoolOptions pool;
  bool json = false;
  bool details = false;
  bool no_report = false;
};

// 0 only when every planned cell is done and something was measured.
ExitCode CodeOf(const Results& results) {
  bool measured = false;
  for (const Cell& cell : results.cells) {
    if (cell.status != CellStatus::kDone) return ExitCode::kIncomplete;
    for (const Score& score : cell.scores) measured = measured || score.measured();
  }
  return measured ? ExitCode::kOk : ExitCode::kIncomplete;
}

ExitCode Finish(const RunFolder& folder, const RunArguments& arguments, bool stopped) {
  const Results results = LoadResults(folder.root);
  WarnOfCalibration(results.scores);
  if (arguments.json) {
    fmt::print("{}", ResultsAs(results, "json"));
  } else {
    const auto detail = arguments.details ? ConsoleDetail::kEveryScore : ConsoleDetail::kHeadlines;
    fmt::print("{}", ConsoleText(results, detail));
    if (!arguments.details) fmt::print("\nEvery score: plumb report {}\n", folder.root.string());
  }
  // A stopped run ends at once; `plumb report` makes the page at any time.
  if (!arguments.no_report && !stopped) {
    const fs::path page = WriteRunReport(folder, results);
    if (!arguments.json) fmt::print("Report: {}\n", page.string());
  }
  return stopped ? StopCode() : CodeOf(results);
}

// Does what is missing of the plan in the folder and shows the results.
ExitCode Work(const RunFolder& folder, const Plan& plan, const RunArguments& arguments) {
  const RunSummary summary =
      RunWatched(folder, plan, arguments.pool, "plumb resume " + folder.root.string());
  return Finish(folder, arguments, summary.stopped);
}

ExitCode Run(const RunArguments& arguments) {
  arguments.pool.Validate();
  Suite suite =
      arguments.scenes.empty() ? LoadSuite(arguments.suite) : SuiteOfSceneFiles(arguments.scenes);
  suite.families = WithJudge(suite.families, arguments.judge);
  const Plan plan = MakePlan(suite, arguments.plan);
  const fs::path root =
      arguments.out.empty() ? fs::path("runs") / suite.name : fs::path(arguments.out);
  const RunFolder folder = CreateRunFolder(root);
  const RunLock lock(folder.lock());
  const Plan whole = StorePlan(folder, plan);
  PrintNote(fmt::format("{} v{}: {} cells, {} models, in {}",
                        suite.name,
                        suite.version,
                        whole.cells.size(),
                        whole.models.size(),
                        root.string()));
  if (!plan.left_out.empty()) {
    PrintNote(
        fmt::format("{} pairs left out:\n{}", plan.left_out.size(), LeftOutText(plan.left_out)));
  }
  return Work(folder, whole, arguments);
}

ExitCode Resume(const std::string& root, const RunArguments& arguments) {
  arguments.pool.Validate();
  const RunFolder folder = OpenRunFolder(root);
  const RunLock lock(folder.lock());
  // Metrics, weights or videos may have changed since.
  const Plan plan = Refreshed(ReadPlan(folder));
  WriteFileDurably(folder.plan(), DumpJson(ToJson(plan)));
  return Work(folder, plan, arguments);
}

void AddCommonOptions(CLI::App& verb, RunArguments& arguments) {
  verb.add_option("--workers", arguments.pool.workers, "processes at work; 0: one per core")
      ->envname("PLUMB_WORKERS");
  verb.add_option(
          "--cell-seconds", arguments.pool.task_seconds, "a cell that takes longer is failed")
      ->envname("PLUMB_CELL_SECONDS");
  verb.add_flag("--json", arguments.json, "print the results as JSON");
  verb.add_flag("--details", arguments.details, "print every score, not only the headlines");
  verb.add_flag("--no-report", arguments.no_report, "write no HTML report");
}

}  // namespace

void AddRunVerbs(CLI::App& root, Command& command) {
  auto run_arguments = std::make_shared<RunArguments>();
  CLI::App* run =
      root.add_subcommand("run", "suite x models into a run folder; again: only what is missing");
  CLI::Option* suite =
      run->add_option("suite", run_arguments->suite, "'quick' (built in) or a YAML file");
  run->add_option("--scene",
                  run_arguments->scenes,
                  "a scene file instead of a suite; give it once for every file")
      ->option_text("FILE ...")
      ->allow_extra_args(false)
      ->excludes(suite);
  run->add_option("--out", run_arguments->out, "the run folder; default runs/<suite>")
      ->envname("PLUMB_OUT");
  run->add_option("--model",
                  run_arguments->plan.models,
                  "one model, as in sabotage:gravity=0.5,onset=8; give it once for every model; "
                  "default: the suite's")
      ->option_text("SPEC ...")
      ->allow_extra_args(false);
  run->add_option("--filter",
                  run_arguments->plan.filter,
                  "only cells '<scene>/<seed> <model>' that match this regular expression");
  run->add_option("--limit", run_arguments->plan.limit, "only the first scenes");
  run->add_option("--judge",
                  run_arguments->judge,
                  "of likelihood: the checkpoint folder, in place of the one that the suite names")
      ->option_text("CHECKPOINT");
  AddCommonOptions(*run, *run_arguments);
  run->footer(
      "\nExamples:\n  plumb run\n  plumb run scenes/suites/quick.yaml --out runs/a --workers 2\n"
      "  plumb run --model oracle --model folder:videos --filter drop\n"
      "  plumb run --scene examples/scenes/swing.yaml --model oracle\n");
  run->callback(
      [&command, run_arguments] { command.run = [run_arguments] { return Run(*run_arguments); }; });

  auto resume_arguments = std::make_shared<RunArguments>();
  auto folder = std::make_shared<std::string>();
  CLI::App* resume = root.add_subcommand("resume", "does what is missing in a run folder");
  resume->add_option("run", *folder, "the run folder")->required();
  AddCommonOptions(*resume, *resume_arguments);
  resume->footer(
      "\nExamples:\n"
      "  plumb resume runs/quick\n"
      "  plumb resume runs/quick --workers 2 --no-report\n");
  resume->callback([&command, folder, resume_arguments] {
    command.run = [folder, resume_arguments] { return Resume(*folder, *resume_arguments); };
  });
}

}  // namespace plumb
