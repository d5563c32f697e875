// SPDX-License-Identifier: Apache-2.0
// What this program was built from and what machine it runs on: the facts that stand beside every
// result.
#pragma once

#include <map>
#include <string>

namespace plumb {

// "plumb", "compiler", "build", "generator" ("yes" or "no") and one entry per library whose version
// the program can ask for. The same for every start of one binary.
std::map<std::string, std::string> BuildVersions();

// "system", "cpu", "cores" (that this process may use), "memory_gb", "instruction_set". A fact that
// the system does not tell is left out.
std::map<std::string, std::string> MachineFacts();

}  // namespace plumb
