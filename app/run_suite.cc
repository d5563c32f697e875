// SPDX-License-Identifier: Apache-2.0
#include "app/run_suite.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "app/score_task.h"
#include "app/store.h"
#include "core/errors.h"
#include "core/result_document.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

// The tasks of the pool and the planned cell that each stands for (-1: a truth).
struct Work {
  std::vector<WorkerTask> tasks;
  std::vector<int> cells;
  int new_truths = 0;   // that do not lie in the folder
  int new_samples = 0;  // that were not made yet
};

// Indices of the planned cells that are not done, scene by scene so that a worker keeps what it has
// loaded.
std::vector<int> PendingCells(const Plan& plan, const Store& store) {
  const std::map<std::string, CellStatus> statuses = store.Statuses();
  std::vector<int> pending;
  std::map<std::string, size_t> scene_order;
  std::set<std::string> seen;
  for (size_t i = 0; i < plan.cells.size(); ++i) {
    const PlannedCell& cell = plan.cells[i];
    scene_order.emplace(cell.truth, scene_order.size());
    const auto row = statuses.find(cell.cell_key);
    const bool done = row != statuses.end() && row->second == CellStatus::kDone;
    if (!done && seen.insert(cell.cell_key).second) pending.push_back(static_cast<int>(i));
  }
  std::stable_sort(pending.begin(), pending.end(), [&](int a, int b) {
    return scene_order[plan.cells[a].truth] < scene_order[plan.cells[b].truth];
  });
  return pending;
}

WorkerTask TruthTask(const RunFolder& folder, const Json& suite, const PlannedCell& cell) {
  WorkerTask task;
  task.name = cell.key.scene;
  task.affinity = cell.truth;
  task.request = {{"kind", "truth"},
                  {"run", folder.root.string()},
                  {"suite", suite},
                  {"scene", cell.key.scene}};
  return task;
}

WorkerTask CellTask(const RunFolder& folder,
                    const Json& suite,
                    const PlannedCell& cell,
                    const Store& store) {
  const StoredSample sample = store.GetSample(cell.sample_key).value_or(StoredSample{});
  WorkerTask task;
  task.name = ToString(cell.key);
  task.affinity = cell.truth;
  task.request = {{"kind", "cell"},
                  {"run", folder.root.string()},
                  {"suite", suite},
                  {"truth", cell.truth},
                  {"model", cell.key.model},
                  {"seed", cell.key.seed},
                  {"sample", sample.path},
                  {"sample_notes", sample.notes},
                  {"sample_seconds", sample.seconds}};
  return task;
}

Work WorkOf(const RunFolder& folder,
            const Plan& plan,
            const std::vector<int>& pending,
            const Store& store) {
  Work work;
  std::map<std::string, int> truth_tasks;  // truth digest → task that makes it, -1: it lies there
  const Json suite = ToJson(plan.suite);
  for (const int index : pending) {
    const PlannedCell& cell = plan.cells[index];
    if (!truth_tasks.contains(cell.truth)) {
      const bool there = fs::exists(folder.truths() / cell.truth / "truth.json");
      truth_tasks[cell.truth] = there ? -1 : static_cast<int>(work.tasks.size());
      if (!there) {
        work.tasks.push_back(TruthTask(folder, suite, cell));
        work.cells.push_back(-1);
        ++work.new_truths;
      }
    }
    work.tasks.push_back(CellTask(folder, suite, cell, store));
    work.tasks.back().after = truth_tasks[cell.truth];
    work.tasks.back().request["keep_sample"] = plan.keep_samples;
    const bool stored = work.tasks.back().request["sample"] != "";
    if (!stored && plan.keep_samples) ++work.new_samples;
    work.cells.push_back(index);
  }
  return work;
}

// Commits what a worker sent for one cell.
void Commit(const PlannedCell& planned, const WorkerResult& result, Store& store) {
  Cell cell;
  cell.key = planned.key;
  cell.scenario = planned.scenario;
  cell.caption = planned.caption;
  if (result.ok) {
    AddReply(result.reply, cell);
    const Json& made = result.reply.at("made");
    const StoredSample sample{made.at("path").get<std::string>(),
                              made.at("notes").get<std::vector<std::string>>(),
                              made.at("seconds").get<double>()};
    if (!sample.path.empty()) store.PutSample(planned.sample_key, sample);
  } else {
    cell.status = CellStatus::kFailed;
    cell.stage = result.stage;
    cell.reason = result.reason;
  }
  store.PutCell(planned.cell_key, cell);
}

// The stored plan, its cells planned anew where a metric has changed since: one table never mixes
// versions.
Plan Comparable(const Plan& stored, const Plan& newer) {
  const auto same = [](const ScoreInfo& a, const ScoreInfo& b) { return ToJson(a) == ToJson(b); };
  const bool unchanged =
      stored.suite_digest != newer.suite_digest || std::equal(stored.scores.begin(),
                                                              stored.scores.end(),
                                                              newer.scores.begin(),
                                                              newer.scores.end(),
                                                              same);
  return unchanged ? stored : Refreshed(stored);
}

}  // namespace

Plan ReadPlan(const RunFolder& folder) {
  const std::string place = folder.plan().string();
  return PlanFromJson(ParseResultDocument(ReadFile(folder.plan(), kMaxResultBytes), place).root,
                      place);
}

Plan StorePlan(const RunFolder& folder, const Plan& plan) {
  const bool there = fs::exists(folder.plan());
  const Plan whole = there ? Amended(Comparable(ReadPlan(folder), plan), plan) : plan;
  WriteFileDurably(folder.plan(), DumpJson(ToJson(whole)));
  return whole;
}

int64_t BytesNeeded(const Protocol& protocol, int truths, int samples) {
  const int64_t pixels = int64_t{protocol.width} * protocol.height * protocol.frames;
  // A truth keeps masks of about ten bodies; a sample of pure noise does not shrink at all.
  return pixels * (12 * int64_t{truths} + 4 * int64_t{samples}) / 2 + (int64_t{16} << 20);
}

RunSummary RunPlan(const RunFolder& folder,
                   const Plan& plan,
                   const WorkerPoolOptions& options,
                   const Progress& progress) {
  RemoveLeftovers(folder.root);
  Store store = Store::OpenForWriting(folder.store());
  const std::vector<int> pending = PendingCells(plan, store);
  RunSummary summary;
  summary.planned = static_cast<int>(plan.cells.size());
  summary.kept = summary.planned - static_cast<int>(pending.size());
  if (pending.empty()) return summary;
  Work work = WorkOf(folder, plan, pending, store);
  // A command that hangs is told so, and ended, before its worker has to be.
  for (WorkerTask& task : work.tasks) {
    task.request["answer_seconds"] = std::min(0.95 * options.task_seconds, 1e9);
  }
  RequireFreeSpace(folder.root,
                   BytesNeeded(plan.suite.protocol, work.new_truths, work.new_samples));
  const auto on_result = [&](const WorkerResult& result) {
    // What the machine lacks is no fault of the cell: stop, and let the same command go on later.
    if (!result.ok && result.code == ExitCode::kEnvironment) {
      throw EnvironmentError(fmt::format("{}; what was done is kept, go on with: plumb resume {}",
                                         result.reason,
                                         folder.root.string()));
    }
    const int index = work.cells[result.index];
    if (index < 0) return;
    Commit(plan.cells[index], result, store);
    ++(result.ok ? summary.done : summary.failed);
  };
  RunTasks(work.tasks, options, on_result, progress);
  summary.stopped = summary.kept + summary.done + summary.failed < summary.planned;
  return summary;
}

}  // namespace plumb
