// SPDX-License-Identifier: Apache-2.0
// The program `plumb` as a user starts it.
#pragma once

#include <cstdlib>
#include <string>
#include <sys/wait.h>

#include <gtest/gtest.h>

#include "tests/paths.h"
#include "tests/test_folder.h"

namespace plumb {

struct ProgramOutput {
  int code = 0;
  std::string out;
  std::string err;
};

// Every verb that a user may call.
inline constexpr const char* kVerbs[] = {
    "run",      "resume", "status",    "plan",    "validate", "list",       "scenes",
    "generate", "score",  "calibrate", "compare", "assert",   "report",     "export",
    "import",   "train",  "measure",   "parity",  "doctor",   "completion", "version"};

inline std::string PlumbProgram() { return (BinaryFolder() / "plumb").string(); }

// Runs a shell command; `arguments` are the shell's words.
inline ProgramOutput RunShell(const std::string& command) {
  const TestFolder folder;
  const std::string whole = "( " + command + " ) >" + (folder / "out").string() + " 2>" +
                            (folder / "err").string() + " </dev/null";
  const int status = std::system(whole.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          FileText(folder / "out"),
          FileText(folder / "err")};
}

inline ProgramOutput RunPlumb(const std::string& arguments) {
  return RunShell("NO_COLOR=1 " + PlumbProgram() + " " + arguments);
}

}  // namespace plumb
