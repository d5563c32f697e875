// SPDX-License-Identifier: Apache-2.0
// plumb status
#include <map>
#include <memory>

#include <fmt/format.h>

#include "app/run_folder.h"
#include "app/store.h"
#include "app/terminal.h"
#include "app/verbs.h"
#include "core/results.h"
#include "reports/text.h"

namespace plumb {
namespace {

struct Counts {
  int done = 0;
  int failed = 0;
  int missing = 0;
};

void Count(const Cell& cell, Counts& counts) {
  if (cell.status == CellStatus::kDone) ++counts.done;
  if (cell.status == CellStatus::kFailed) ++counts.failed;
  if (cell.status == CellStatus::kMissing) ++counts.missing;
}

double SecondsOf(const Cell& cell) {
  double seconds = 0.0;
  for (const auto& [stage, part] : cell.stage_seconds) {
    // "score geometry" and its like are parts of "score".
    if (!stage.starts_with("score ")) seconds += part;
  }
  return seconds;
}

struct RunState {
  Counts all;
  std::map<std::string, Counts> models;
  std::map<std::string, double> stage_seconds;
  double mean_cell_s = 0.0;
  bool working = false;
};

RunState StateOf(const Results& results, const RunFolder& folder) {
  RunState state;
  double seconds = 0.0;
  for (const Cell& cell : results.cells) {
    Count(cell, state.all);
    Count(cell, state.models[cell.key.model]);
    seconds += SecondsOf(cell);
    for (const auto& [stage, part] : cell.stage_seconds) state.stage_seconds[stage] += part;
  }
  if (state.all.done > 0) state.mean_cell_s = seconds / state.all.done;
  state.working = IsLocked(folder.lock());
  return state;
}

// A filter may leave a model without cells.
Counts CountsOf(const RunState& state, const std::string& model) {
  const auto found = state.models.find(model);
  return found == state.models.end() ? Counts{} : found->second;
}

Json ToJson(const Counts& counts) {
  return {{"done", counts.done}, {"failed", counts.failed}, {"missing", counts.missing}};
}

Json ToJson(const RunState& state, const Results& results) {
  Json json = {{"schema", 1},
               {"suite", results.suite},
               {"working", state.working},
               {"cells", ToJson(state.all)},
               {"models", Json::object()},
               {"mean_cell_seconds", state.mean_cell_s},
               {"stage_seconds", state.stage_seconds},
               {"failed", Json::array()}};
  for (const std::string& model : results.models) {
    json["models"][model] = ToJson(CountsOf(state, model));
  }
  for (const Cell& cell : results.cells) {
    if (cell.status != CellStatus::kFailed) continue;
    json["failed"].push_back(
        {{"cell", ToString(cell.key)}, {"stage", cell.stage}, {"reason", cell.reason}});
  }
  return json;
}

void PrintState(const RunState& state, const Results& results) {
  fmt::print("{}: {} of {} cells done, {} failed, {} missing; {}\n",
             results.suite,
             state.all.done,
             results.cells.size(),
             state.all.failed,
             state.all.missing,
             state.working ? "a process is working on it" : "nobody is working on it");
  for (const std::string& model : results.models) {
    const Counts counts = CountsOf(state, model);
    fmt::print("  {:<32} {} done, {} failed, {} missing\n",
               CleanText(model),
               counts.done,
               counts.failed,
               counts.missing);
  }
  double total_s = 0.0;
  for (const auto& [stage, seconds] : state.stage_seconds) {
    if (!stage.starts_with("score ")) total_s += seconds;
  }
  if (total_s > 0.0) fmt::print("time by stage:\n");
  for (const auto& [stage, seconds] : state.stage_seconds) {
    if (total_s > 0.0) {
      fmt::print("  {:<20} {:6.1f} s  {:5.1f} %\n", stage, seconds, 100.0 * seconds / total_s);
    }
  }
  if (state.all.missing > 0 && state.mean_cell_s > 0.0) {
    fmt::print("about {} of work left on one core\n",
               DurationText(state.mean_cell_s * state.all.missing));
  }
  for (const Cell& cell : results.cells) {
    if (cell.status != CellStatus::kFailed) continue;
    fmt::print("failed: {} at {}: {}\n",
               CleanText(ToString(cell.key)),
               cell.stage,
               CleanText(cell.reason));
  }
}

ExitCode ShowStatus(const std::string& root, bool as_json) {
  const RunFolder folder = OpenRunFolder(root);
  const Results results = LoadResults(root);
  const RunState state = StateOf(results, folder);
  if (as_json) {
    fmt::print("{}", DumpJson(ToJson(state, results)));
  } else {
    PrintState(state, results);
  }
  const bool whole = state.all.failed == 0 && state.all.missing == 0 && state.all.done > 0;
  return whole ? ExitCode::kOk : ExitCode::kIncomplete;
}

}  // namespace

void AddStatusVerb(CLI::App& root, Command& command) {
  auto folder = std::make_shared<std::string>();
  auto as_json = std::make_shared<bool>(false);
  CLI::App* verb =
      root.add_subcommand("status", "how far a run is; also while another process works");
  verb->add_option("run", *folder, "the run folder")->required();
  verb->add_flag("--json", *as_json, "print JSON");
  verb->footer(
      "\nExamples:\n"
      "  plumb status runs/quick\n"
      "  plumb status runs/quick --json\n");
  verb->callback([&command, folder, as_json] {
    command.run = [folder, as_json] { return ShowStatus(*folder, *as_json); };
  });
}

}  // namespace plumb
