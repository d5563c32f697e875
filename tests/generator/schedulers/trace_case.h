// SPDX-License-Identifier: Apache-2.0
// Parity cases of schedulers: read, replayed with their own options or with others, and compared.
#pragma once

#include <algorithm>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "generator/parity/internal_trace.h"
#include "generator/weights/config_file.h"
#include "tests/paths.h"

namespace plumb {

struct TraceCase {
  ParityCase parity;
  Json config;  // scheduler_config.json
};

inline TraceCase ReadTraceCase(const std::filesystem::path& folder) {
  return {ReadParityCase(folder),
          ReadJsonFile(folder / "checkpoint/scheduler/scheduler_config.json", "").root};
}

inline std::filesystem::path CommittedCases() {
  return SourceFolder() / "tests/generator/parity/cases";
}

// A committed case; the name is without "trace-".
inline TraceCase CommittedTrace(const std::string& name) {
  return ReadTraceCase(CommittedCases() / ("trace-" + name));
}

// The folders of scheduler cases: those of the checkout, and the shared ones where there are any.
inline std::vector<std::filesystem::path> TraceFolders() {
  std::vector<std::filesystem::path> folders;
  for (const auto& root : {CommittedCases(), DataFolder().parent_path() / "parity"}) {
    if (!std::filesystem::exists(root)) continue;
    for (const auto& entry : std::filesystem::directory_iterator(root)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with("trace-") || name.starts_with("sched-")) folders.push_back(entry.path());
    }
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

inline SchedulerOptions OptionsOf(const TraceCase& trace) {
  return SchedulerOptionsFrom(
      {.file = trace.parity.folder.filename().string(), .root = trace.config, .lines = {}});
}

inline NamedTensors Replay(const TraceCase& trace) {
  return TraceScheduler(trace.parity, OptionsOf(trace), TraceRun(trace.parity));
}

// The largest error over what is allowed, of all tensors: 1 passes just so. Infinity when a table
// differs, or a shape, or when a value is not finite.
inline double WorstError(const TraceCase& trace, const NamedTensors& actual) {
  double worst = 0.0;
  for (const ParityTensor& tensor : CompareParity(trace.parity, actual).tensors) {
    if (tensor.passed && tensor.max_abs_error == 0.0) continue;
    const bool is_comparable = tensor.max_abs_error && tensor.tolerance > 0;
    worst = std::max(worst,
                     is_comparable ? *tensor.max_abs_error / tensor.tolerance
                                   : std::numeric_limits<double>::infinity());
  }
  return worst;
}

}  // namespace plumb
