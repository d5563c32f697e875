// SPDX-License-Identifier: Apache-2.0
// The worker's side: requests come in as JSON lines on standard input, answers go out on
// descriptor 3. What libraries print to standard output goes nowhere; their last words on standard
// error become the reason of a crash.
#pragma once

#include "core/errors.h"

namespace plumb {

// Reads requests until the end of input, answers each. Never throws.
ExitCode ServeRequests();

}  // namespace plumb
