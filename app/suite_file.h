// SPDX-License-Identifier: Apache-2.0
// Suites by name or file.
#pragma once

#include <string>
#include <vector>

#include "core/suite.h"

namespace plumb {

// "quick" (compiled in) or the path of a YAML or JSON file. Beyond SuiteFromDocument, scenarios,
// models and families are looked up: unknown ones throw UsageError with file, line and the nearest
// name. The shipped checkpoint (models/plumb-tiny, below the current folder) is added to the models
// of the quick suite where it can run.
// Scene files are read relative to the suite's folder; one with mistakes throws InputError.
Suite LoadSuite(const std::string& name_or_path);

// A suite of scene files alone, as long as the longest of them at the protocol's rate, under the
// first file's name. Throws InputError for a file with mistakes, UsageError when two scenes have
// one id.
Suite SuiteOfSceneFiles(const std::vector<std::string>& paths);

}  // namespace plumb
