// SPDX-License-Identifier: Apache-2.0
// How long computations report where they are and learn that they should stop.
#pragma once

#include <functional>
#include <string>

#include "core/errors.h"

namespace plumb {

// Handed by value or const reference into every computation that may take more than two seconds.
// Both callbacks may be empty: then nothing is reported and nothing cancels.
struct Progress {
  // Called with what is being done, the steps finished and the steps in all (0 when unknown).
  std::function<void(const std::string& what, int done, int total)> report;
  // True once the user asked to stop.
  std::function<bool()> cancelled;

  void Report(const std::string& what, int done, int total) const {
    if (report) report(what, done, total);
  }
  bool Cancelled() const { return cancelled && cancelled(); }
  // Throws CancelledError once the user asked to stop; call it between steps.
  void ThrowIfCancelled() const {
    if (Cancelled()) throw CancelledError();
  }
};

}  // namespace plumb
