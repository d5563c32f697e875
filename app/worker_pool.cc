// SPDX-License-Identifier: Apache-2.0
#include "app/worker_pool.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <poll.h>

#include <fmt/format.h>
#include <sched.h>

#include "app/internal_worker_process.h"
#include "core/check.h"
#include "core/errors.h"

namespace plumb {
namespace {

using Clock = std::chrono::steady_clock;

int UsableCores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  return sched_getaffinity(0, sizeof(cores), &cores) == 0 ? std::max(1, CPU_COUNT(&cores)) : 1;
}

// The child's own link to its program: it holds even when the file has been replaced since the
// start.
std::string ProgramOf(const WorkerPoolOptions& options) {
  return options.program.empty() ? "/proc/self/exe" : options.program;
}

// A process and what it is doing.
struct Worker {
  std::unique_ptr<WorkerProcess> process;
  int task = -1;  // -1: idle
  std::string stage;
  std::string affinity;  // of its last task
  Clock::time_point began;
};

enum class TaskState { kWaiting, kStarted, kSucceeded, kFailed };

class Pool {
 public:
  Pool(const std::vector<WorkerTask>& tasks,
       const WorkerPoolOptions& options,
       const std::function<void(const WorkerResult&)>& on_result)
      : tasks_(tasks),
        options_(options),
        on_result_(on_result),
        program_(ProgramOf(options)),
        states_(tasks.size(), TaskState::kWaiting) {
    const int wanted = options.workers > 0 ? options.workers : UsableCores();
    workers_.resize(std::min<size_t>(wanted, std::max<size_t>(1, tasks.size())));
  }

  void Run(const Progress& progress) {
    while (ended_ < static_cast<int>(tasks_.size())) {
      const bool stopping = progress.Cancelled();
      if (!stopping) StartTasks();
      if (std::none_of(workers_.begin(), workers_.end(), IsBusy)) {
        PLUMB_CHECK(stopping, "{} of {} tasks ended and none can start", ended_, tasks_.size());
        return;
      }
      progress.Report(Activity(), ended_, static_cast<int>(tasks_.size()));
      WaitForReplies();
    }
  }

 private:
  static bool IsBusy(const Worker& worker) { return worker.task >= 0; }

  std::string Activity() const {
    const auto busy = std::find_if(workers_.begin(), workers_.end(), IsBusy);
    if (busy == workers_.end()) return "waiting";
    return fmt::format(
        "{} {}", busy->stage.empty() ? "start" : busy->stage, tasks_[busy->task].name);
  }

  bool IsReady(size_t task) const {
    if (states_[task] != TaskState::kWaiting) return false;
    const int after = tasks_[task].after;
    return after < 0 || states_[after] == TaskState::kSucceeded;
  }

  bool IsTakenByOther(const std::string& affinity) const {
    return std::any_of(workers_.begin(), workers_.end(), [&](const Worker& other) {
      return other.task >= 0 && other.affinity == affinity;
    });
  }

  // Best: what the worker has loaded already. Next: what nobody has. Last: the first that is ready.
  int NextTask(const Worker& worker) {
    while (first_ < states_.size() && states_[first_] != TaskState::kWaiting) ++first_;
    int first_ready = -1;
    int first_fresh = -1;
    for (size_t task = first_; task < tasks_.size(); ++task) {
      if (!IsReady(task)) continue;
      const std::string& affinity = tasks_[task].affinity;
      if (worker.process != nullptr && !affinity.empty() && affinity == worker.affinity) {
        return static_cast<int>(task);
      }
      if (first_ready < 0) first_ready = static_cast<int>(task);
      if (first_fresh < 0 && !IsTakenByOther(affinity)) first_fresh = static_cast<int>(task);
    }
    return first_fresh >= 0 ? first_fresh : first_ready;
  }

  void StartTasks() {
    for (Worker& worker : workers_) {
      if (worker.task >= 0) continue;
      const int task = NextTask(worker);
      if (task < 0) continue;
      if (worker.process == nullptr) worker.process = std::make_unique<WorkerProcess>(program_);
      worker.task = task;
      worker.stage.clear();
      worker.affinity = tasks_[task].affinity;
      worker.began = Clock::now();
      worker.process->busy = true;
      states_[task] = TaskState::kStarted;
      if (!worker.process->Send(tasks_[task].request)) EndDead(worker);
    }
  }

  void WaitForReplies() {
    std::vector<pollfd> descriptors;
    std::vector<Worker*> owners;
    for (Worker& worker : workers_) {
      if (worker.process == nullptr) continue;
      descriptors.push_back({worker.process->reply_descriptor(), POLLIN, 0});
      descriptors.push_back({worker.process->error_descriptor(), POLLIN, 0});
      owners.push_back(&worker);
    }
    poll(descriptors.data(), descriptors.size(), 200);
    for (size_t i = 0; i < owners.size(); ++i) {
      if ((descriptors[2 * i + 1].revents & POLLIN) != 0) owners[i]->process->ReadErrors();
      if (descriptors[2 * i].revents != 0) HandleReplies(*owners[i]);
    }
    for (Worker& worker : workers_) EndWhenLate(worker);
  }

  void HandleReplies(Worker& worker) {
    const bool open = worker.process->ReadReplies();
    while (const auto line = worker.process->NextLine()) {
      if (worker.task < 0) continue;  // it has answered already
      const Json message = Json::parse(*line, nullptr, /*allow_exceptions=*/false);
      if (message.contains("stage")) {
        worker.stage = message["stage"].get<std::string>();
      } else {
        EndAnswered(worker, message);
      }
    }
    if (!open) EndDead(worker);
  }

  void EndAnswered(Worker& worker, const Json& message) {
    WorkerResult result;
    result.index = worker.task;
    result.ok = message.contains("done");
    if (result.ok) {
      result.reply = message["done"];
    } else if (message.contains("failed")) {
      const Json& failed = message["failed"];
      result.stage = failed.at("stage").get<std::string>();
      result.reason = failed.at("reason").get<std::string>();
      result.code = static_cast<ExitCode>(failed.at("code").get<int>());
    } else {
      result.stage = worker.stage;
      result.reason = "the worker's answer is no JSON";
      result.code = ExitCode::kInternal;
    }
    worker.task = -1;
    worker.process->busy = false;
    End(result);
  }

  void EndDead(Worker& worker) {
    const std::string how = worker.process->DescribeEnd();
    worker.process.reset();
    if (worker.task < 0) return;
    Fail(worker, how);
  }

  void EndWhenLate(Worker& worker) {
    if (worker.task < 0 || worker.process == nullptr) return;
    if (std::chrono::duration<double>(Clock::now() - worker.began).count() <
        options_.task_seconds) {
      return;
    }
    worker.process->Kill();
    worker.process.reset();
    Fail(worker, fmt::format("took longer than {:.0f} s and was ended", options_.task_seconds));
  }

  void Fail(Worker& worker, const std::string& reason) {
    WorkerResult result;
    result.index = worker.task;
    result.stage = worker.stage.empty() ? "start" : worker.stage;
    result.reason = reason;
    result.code = ExitCode::kInternal;
    worker.task = -1;
    End(result);
  }

  // Reports a result and everything that can no longer start because of it.
  void End(const WorkerResult& first) {
    std::deque<WorkerResult> results = {first};
    while (!results.empty()) {
      const WorkerResult result = results.front();
      results.pop_front();
      states_[result.index] = result.ok ? TaskState::kSucceeded : TaskState::kFailed;
      ++ended_;
      on_result_(result);
      if (result.ok) continue;
      for (size_t task = first_; task < tasks_.size(); ++task) {
        if (tasks_[task].after != result.index || states_[task] != TaskState::kWaiting) continue;
        WorkerResult follower = result;
        follower.index = static_cast<int>(task);
        follower.started = false;
        results.push_back(follower);
      }
    }
  }

  const std::vector<WorkerTask>& tasks_;
  const WorkerPoolOptions& options_;
  const std::function<void(const WorkerResult&)>& on_result_;
  const std::string program_;
  std::vector<TaskState> states_;
  std::vector<Worker> workers_;
  size_t first_ = 0;  // no task before it waits
  int ended_ = 0;
};

}  // namespace

void WorkerPoolOptions::Validate() const {
  if (workers < 0 || workers > 1024) throw UsageError("--workers must be between 0 and 1024");
  if (!(task_seconds > 0.0)) throw UsageError("--cell-seconds must be above 0");
}

void RunTasks(const std::vector<WorkerTask>& tasks,
              const WorkerPoolOptions& options,
              const std::function<void(const WorkerResult&)>& on_result,
              const Progress& progress) {
  options.Validate();
  if (tasks.empty()) return;
  for (size_t i = 0; i < tasks.size(); ++i) {
    PLUMB_CHECK(tasks[i].after < static_cast<int>(i), "task {} after {}", i, tasks[i].after);
  }
  Pool(tasks, options, on_result).Run(progress);
}

}  // namespace plumb
