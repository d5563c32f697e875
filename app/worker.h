// SPDX-License-Identifier: Apache-2.0
// The worker's side: requests come in as JSON lines on standard input, answers go out on
// descriptor 3. What libraries print to standard output goes nowhere; their last words on standard
// error become the reason of a crash.
#pragma once

#include <string>

#include "core/errors.h"
#include "core/json.h"

namespace plumb {

// The answer for the exception that is being handled (call it inside a catch block), which ended a
// task in `stage`. Codes are those of the program itself, but one: memory that ran out is a failure
// of the task that wanted it, not of the machine, for the next task may well need less.
Json FailureAnswer(const std::string& stage);

// Reads requests until the end of input, answers each. Never throws.
ExitCode ServeRequests();

}  // namespace plumb
