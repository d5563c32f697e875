// SPDX-License-Identifier: Apache-2.0
// Results as comma-separated values for spreadsheets and data frames.
#pragma once

#include <string>

#include "core/results.h"

namespace plumb {

// One line per cell and score, numbers in full precision, fields without a value empty; a cell
// without scores has one line. Text is cleaned and quoted (see ForCsv), lines end with a line feed.
std::string CsvTable(const Results& results);

}  // namespace plumb
