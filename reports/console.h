// SPDX-License-Identifier: Apache-2.0
// Results as text for a terminal.
#pragma once

#include <string>

#include "core/comparison.h"
#include "core/results.h"

namespace plumb {

struct ConsoleOptions {
  int width = 100;      // columns of the terminal
  bool colour = false;  // ANSI colours allowed (a terminal, and no NO_COLOR)
  bool details = true;  // below the headlines, one table per family with all its scores
  int list_limit =
      8;  // lines of each list of failed, missing or left-out cells; the rest is counted
};

// Models × headline scores: mean, half of its 95 % interval, measured/planned, and both bounds
// where the coverage is not full; then every family's other scores; then what failed, is missing,
// could not be measured or was left out.
std::string ConsoleTable(const Results& results, const ConsoleOptions& options = {});

// One line per score with verdict, difference and interval; the reason below it; warnings, new
// failures, repairs.
std::string ConsoleComparison(const Comparison& comparison, const ConsoleOptions& options = {});

}  // namespace plumb
