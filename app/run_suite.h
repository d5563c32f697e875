// SPDX-License-Identifier: Apache-2.0
// Does what a plan says, in workers, and commits each cell as it ends.
#pragma once

#include "app/plan.h"
#include "app/run_folder.h"
#include "app/worker_pool.h"
#include "core/progress.h"

namespace plumb {

struct RunSummary {
  int planned = 0;
  int kept = 0;          // done before
  int done = 0;          // done now
  int failed = 0;        // now
  bool stopped = false;  // the user asked to stop before everything was done
};

// Puts the plan into the folder: alone, or added to the one that lies there. Call with the folder's
// lock held. Throws UsageError when the folder holds another suite.
Plan StorePlan(const RunFolder& folder, const Plan& plan);
Plan ReadPlan(const RunFolder& folder);

// Does every planned cell that is not done: failed ones again, done ones never. Call with the
// folder's lock held. Throws EnvironmentError (disk full …) after the cells that had ended were
// committed.
RunSummary RunPlan(const RunFolder& folder,
                   const Plan& plan,
                   const WorkerPoolOptions& options,
                   const Progress& progress);

// Bytes that so many truths and samples will need, generously.
int64_t BytesNeeded(const Protocol& protocol, int truths, int samples);

}  // namespace plumb
