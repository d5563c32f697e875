// SPDX-License-Identifier: Apache-2.0
// A plan done under the user's eyes.
#pragma once

#include <string>

#include "app/run_suite.h"

namespace plumb {

// RunPlan with a progress line, a clean stop at Ctrl-C, and one line of what was done. When cells
// are left, a second line tells how to go on: `again` is the command for that.
RunSummary RunWatched(const RunFolder& folder,
                      const Plan& plan,
                      const WorkerPoolOptions& options,
                      const std::string& again);

}  // namespace plumb
