// SPDX-License-Identifier: Apache-2.0
// The card of a data set: what it holds, how it was made, how it is read.
#pragma once

#include <string>

#include "app/dataset.h"

namespace plumb {

// README.md of the data set. `settings` is its dataset.json.
std::string DatasetCard(const DatasetOptions& options, const Json& settings, int clips);

}  // namespace plumb
