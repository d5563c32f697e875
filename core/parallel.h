// SPDX-License-Identifier: Apache-2.0
// Independent pieces of work on several threads.
#pragma once

#include <functional>
#include <string>

#include "core/progress.h"

namespace plumb {

// Calls work(i, quiet) once for every i below `count`, on `threads` threads that take the next
// index as they get free; the caller stores results by index, so their order does not depend on the
// threads. `quiet` only carries the wish to stop. `progress` is reported to from the calling thread
// alone ("<what>", done, count). After the first exception no further piece is begun; those begun
// are finished and then the one of the smallest index is thrown again, the same for any number of
// threads. A wish to stop ends in CancelledError.
void DoInParallel(const std::string& what,
                  int count,
                  int threads,
                  const std::function<void(int, const Progress&)>& work,
                  const Progress& progress = {});

}  // namespace plumb
