// SPDX-License-Identifier: Apache-2.0
// A calibration as people read it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/calibration.h"

namespace plumb {

// Markdown tables, each with the name of its place in docs/calibration.md: "setting", "floors",
// "nuisances", "bends", "best scores", "series", "cameras", "controls".
using NamedTable = std::pair<std::string, std::string>;
std::vector<NamedTable> CalibrationTables(const CalibrationTable& table);

// The page with the tables between their marks, "<!-- table: NAME -->" and "<!-- /table -->", in
// place of what stands there. Throws UsageError naming a table that has no place in the page.
std::string WithTables(const std::string& page, const std::vector<NamedTable>& tables);

}  // namespace plumb
