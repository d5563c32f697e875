// SPDX-License-Identifier: Apache-2.0
// command:<argv> — an outside program as a model. It is started once, reads one JSON request a line
// on standard input and answers each with one JSON line on standard output; docs/command_models.md
// describes both.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/model.h"

namespace plumb {

struct CommandModelOptions {
  std::string command_line;  // "python3 model.py --steps 20"; quotes and backslashes as in a shell,
                             // nothing else
  double timeout_s = 3420.0;  // for one answer; the program is ended when it takes longer. A little
                              // less than the hour that a cell has

  // Throws UsageError naming the field and what it may be.
  void Validate() const;
};

// The words of a command line: split at blanks; '…' and "…" hold blanks, a backslash takes the next
// character as it is (except inside '…'). Throws UsageError on an open quote or when no word is
// left.
std::vector<std::string> SplitCommandLine(const std::string& command_line);

// Starts the program. Generate writes conditioning frames into a scratch folder of its own, sends
// the request and reads the video that the answer names. Throws UsageError when the program can't
// be started; Generate throws InputError when it ends, stays silent longer than the timeout,
// answers something else than the protocol says, or says "failed" or "refused" (its reason becomes
// the text). Where the program itself is at fault its last lines on standard error follow the text.
std::unique_ptr<Model> StartCommandModel(const CommandModelOptions& options);

}  // namespace plumb
