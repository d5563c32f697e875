// SPDX-License-Identifier: Apache-2.0
#include "app/verbs.h"
#include "app/worker.h"

namespace plumb {

void AddWorkerVerb(CLI::App& root, Command& command) {
  CLI::App* verb = root.add_subcommand("worker", "does one piece of work after the other");
  verb->group("");  // not for people: `run` and `score` start it
  verb->callback([&command] { command.run = ServeRequests; });
}

}  // namespace plumb
