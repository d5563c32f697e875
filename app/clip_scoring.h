// SPDX-License-Identifier: Apache-2.0
// Loose videos measured in worker processes: what `plumb score` does, without its printing.
#pragma once

#include <string>
#include <vector>

#include "app/score_task.h"
#include "app/worker_pool.h"
#include "core/errors.h"
#include "core/progress.h"
#include "core/results.h"

namespace plumb {

// One video and the name of its row.
struct ClipJob {
  CellKey key;
  ScoreTask task;
};

struct ClipScoringOptions {
  int workers = 0;                    // processes; 0: one per core
  std::vector<std::string> families;  // see ParseMetrics; empty: all
  std::string program;                // the program to start as worker; "": this one

  // Throws UsageError with the nearest name when a family is unknown, when workers < 0, or when a
  // likelihood has no judge.
  void Validate() const;
};

struct ClipScoring {
  Results results;  // one cell per job, in the jobs' order; cells that never started stay missing
  // kOk; kIncomplete when a worker died or nothing at all was measured; kInputRejected when a video
  // was refused; kEnvironment when the machine failed. The gravest of the cells' own.
  ExitCode code = ExitCode::kOk;
};

// What one failed clip means for the whole: its own code when it was refused or the machine failed,
// kIncomplete when its worker died.
ExitCode CodeOf(const WorkerResult& result);

// Measures every job; a clip that is refused or crashes its worker costs itself and keeps its
// reason in its cell. Equal jobs give equal results for every number of workers (but for the
// seconds).
ClipScoring ScoreClips(const std::vector<ClipJob>& jobs,
                       const ClipScoringOptions& options,
                       const Progress& progress);

}  // namespace plumb
