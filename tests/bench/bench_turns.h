// SPDX-License-Identifier: Apache-2.0
// Programs that take turns with a script (taking_turns.py): a line asks for a piece of work, the
// answer is the seconds of processor time it took.
#pragma once

#include <ctime>
#include <functional>
#include <iostream>
#include <string>

#include <fmt/format.h>

#include "generator/weights/internal_weights.h"

namespace plumb {

// Of the calling thread.
inline double ThreadSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Reads lines of standard input to their end. "write FILE" stores the last output as tensor
// "sample"; any other line is handed to `work`, which gives the next one.
inline void ServeTurns(const std::function<at::Tensor(const std::string& line)>& work) {
  at::Tensor output;
  for (std::string line; std::getline(std::cin, line);) {
    if (line.starts_with("write ")) {
      WriteSafetensors(line.substr(6), {{{"sample", FromTorch(output)}}, {}});
      fmt::print("written\n");
    } else {
      const double start = ThreadSeconds();
      output = work(line);
      fmt::print("{:.9f}\n", ThreadSeconds() - start);
    }
    std::fflush(stdout);
  }
}

// The type that "float32" or "bfloat16" names; kUndefined for anything else.
inline at::ScalarType TypeNamed(const std::string& name) {
  if (name == "float32") return at::kFloat;
  return name == "bfloat16" ? at::kBFloat16 : at::ScalarType::Undefined;
}

}  // namespace plumb
