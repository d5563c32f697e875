// SPDX-License-Identifier: Apache-2.0
// Suites by name or file.
#pragma once

#include <string>

#include "core/suite.h"

namespace plumb {

// "quick" (compiled in) or the path of a YAML or JSON file. Beyond SuiteFromDocument, scenarios,
// models and families are looked up: unknown ones throw UsageError with file, line and the nearest
// name. The shipped checkpoint (models/plumb-tiny, below the current folder) is added to the models
// of the quick suite where it can run.
Suite LoadSuite(const std::string& name_or_path);

}  // namespace plumb
