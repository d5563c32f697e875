// SPDX-License-Identifier: Apache-2.0
// Processes that do one piece of work at a time. A piece that crashes costs itself, with a reason,
// and nothing else.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/progress.h"

namespace plumb {

// One piece of work. The worker's side is app/worker.h: `request["kind"]` says which of its
// functions answers.
struct WorkerTask {
  std::string name;  // for progress lines: "drop-3/0 oracle"
  Json request;
  int after = -1;  // index of the task that must have succeeded before this one may start; -1: none
  std::string affinity;  // tasks with equal text prefer the worker that did the last of them
                         // (loaded truth, weights)
};

struct WorkerResult {
  int index = 0;  // into the tasks
  bool ok = false;
  Json reply;          // when ok
  std::string stage;   // when not: the stage it was in ("truth", "generate", "decode", "score")
  std::string reason;  // when not: the error's text, or how the process ended and its last words
  ExitCode code = ExitCode::kOk;  // when not: of the error; kInternal for a process that died
  bool started = true;            // false: never started, because the task before it failed
};

struct WorkerPoolOptions {
  int workers = 0;               // processes; 0: one per core, at most as many as tasks
  double task_seconds = 3600.0;  // a task that takes longer is ended and failed
  std::string program;  // the program to start with the verb `worker`; "": this program itself

  // Throws UsageError naming the field that makes no sense.
  void Validate() const;
};

// Does all tasks and calls `on_result` in this process as each one ends, in the order of ending.
// Returns when every task has ended, or, once `progress` is cancelled, when those in work have
// ended (no new one starts). An exception from `on_result` ends the workers and passes through. A
// worker that dies fails its task and is replaced. Throws EnvironmentError when no worker can be
// started.
void RunTasks(const std::vector<WorkerTask>& tasks,
              const WorkerPoolOptions& options,
              const std::function<void(const WorkerResult&)>& on_result,
              const Progress& progress);

}  // namespace plumb
