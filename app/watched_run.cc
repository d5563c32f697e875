// SPDX-License-Identifier: Apache-2.0
#include "app/watched_run.h"

#include <chrono>

#include <fmt/format.h>

#include "app/signals.h"
#include "app/terminal.h"

namespace plumb {
namespace {

void PrintSummary(const RunSummary& summary, double seconds, const std::string& again) {
  PrintNote(fmt::format("{} of {} cells done ({} new, {} kept, {} failed) in {}",
                        summary.done + summary.kept,
                        summary.planned,
                        summary.done,
                        summary.kept,
                        summary.failed,
                        DurationText(seconds)));
  if (summary.stopped || summary.failed > 0) PrintNote("Go on with: " + again);
}

}  // namespace

RunSummary RunWatched(const RunFolder& folder,
                      const Plan& plan,
                      const WorkerPoolOptions& options,
                      const std::string& again) {
  const auto began = std::chrono::steady_clock::now();
  RunSummary summary;
  {
    ProgressLine line;
    Progress progress = line.AsProgress();
    bool said = false;
    progress.cancelled = [&] {
      if (StopRequested() && !said) {
        said = true;
        line.Clear();
        PrintNote("stopping after the cells in work; Ctrl-C again stops now");
      }
      return StopRequested();
    };
    summary = RunPlan(folder, plan, options, progress);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  PrintSummary(summary, took.count(), again);
  return summary;
}

}  // namespace plumb
