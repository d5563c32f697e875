// SPDX-License-Identifier: Apache-2.0
// Ctrl-C once stops cleanly, twice stops now; SIGTERM stops cleanly.
#pragma once

#include "core/errors.h"
#include "core/progress.h"

namespace plumb {

// From here on SIGINT and SIGTERM are remembered instead of ending the program; a second SIGINT
// ends it at once with 130. SIGPIPE is ignored. Called once, by `main`.
void CatchSignals();
// True once one of them came: what Progress::cancelled asks.
bool StopRequested();
// kInterrupted after SIGINT, kTerminated after SIGTERM, kOk when neither came.
ExitCode StopCode();

}  // namespace plumb
