// SPDX-License-Identifier: Apache-2.0
// The README.md of a checkpoint.
#pragma once

#include <string>

#include "core/json.h"
#include "generator/native/configs.h"

namespace plumb {

// Markdown from a training record: what it is, how it was made, what it learned, where it ends.
std::string ModelCard(const Json& record, const CheckpointConfig& config);

}  // namespace plumb
