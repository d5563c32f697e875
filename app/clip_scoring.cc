// SPDX-License-Identifier: Apache-2.0
#include "app/clip_scoring.h"

#include <algorithm>
#include <chrono>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "app/asked_metrics.h"
#include "app/versions.h"
#include "app/worker_pool.h"

namespace plumb {
namespace {

Results EmptyResults(const std::vector<ClipJob>& jobs, const ClipScoringOptions& options) {
  Results results;
  results.name = "score";
  results.versions = BuildVersions();
  results.machine = MachineFacts();
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  results.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now));
  results.scores = ScoresOf(options.families);
  for (const ClipJob& job : jobs) {
    Cell cell;
    cell.key = job.key;
    cell.reason = "not started";
    cell.sample.source = job.task.sample.string();
    cell.truth_video = job.task.truth_video.string();
    results.cells.push_back(std::move(cell));
    if (std::find(results.models.begin(), results.models.end(), job.key.model) ==
        results.models.end()) {
      results.models.push_back(job.key.model);
    }
  }
  return results;
}

std::vector<WorkerTask> TasksOf(const std::vector<ClipJob>& jobs,
                                const ClipScoringOptions& options) {
  std::vector<WorkerTask> tasks;
  for (const ClipJob& job : jobs) {
    ScoreTask task = job.task;
    task.families = options.families;
    WorkerTask work;
    work.name = task.sample.filename().string();
    work.request = ToJson(task);
    tasks.push_back(std::move(work));
  }
  return tasks;
}

void AddResult(const WorkerResult& result, Cell& cell) {
  if (result.ok) {
    const std::string source = cell.sample.source;
    const std::string truth_video = cell.truth_video;
    AddReply(result.reply, cell);
    cell.sample.source = source;
    cell.truth_video = truth_video;
    cell.reason.clear();
    return;
  }
  cell.status = CellStatus::kFailed;
  cell.stage = result.stage;
  cell.reason = result.reason;
}

bool AnythingMeasured(const Results& results) {
  for (const Cell& cell : results.cells) {
    for (const Score& score : cell.scores) {
      if (score.measured()) return true;
    }
  }
  return false;
}

}  // namespace

ExitCode CodeOf(const WorkerResult& result) {
  if (result.ok) return ExitCode::kOk;
  const bool told = result.code == ExitCode::kInputRejected ||
                    result.code == ExitCode::kEnvironment || result.code == ExitCode::kUsage;
  return told ? result.code : ExitCode::kIncomplete;
}

void ClipScoringOptions::Validate() const {
  if (workers < 0) throw UsageError(fmt::format("--threads {}: expected 1 or more", workers));
  ParseMetrics(families);
}

ClipScoring ScoreClips(const std::vector<ClipJob>& jobs,
                       const ClipScoringOptions& options,
                       const Progress& progress) {
  options.Validate();
  ClipScoring scoring{EmptyResults(jobs, options)};
  WorkerPoolOptions pool;
  pool.workers = options.workers;
  pool.program = options.program;
  const auto keep = [&](const WorkerResult& result) {
    AddResult(result, scoring.results.cells.at(result.index));
    scoring.code = std::max(scoring.code, CodeOf(result));
  };
  RunTasks(TasksOf(jobs, options), pool, keep, progress);
  if (scoring.code == ExitCode::kOk && !AnythingMeasured(scoring.results)) {
    scoring.code = ExitCode::kIncomplete;
  }
  return scoring;
}

}  // namespace plumb
