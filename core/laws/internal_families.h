// SPDX-License-Identifier: Apache-2.0
// The table of laws, one file for each family. Internal to core.
#pragma once

#include <vector>

#include "core/laws.h"

namespace plumb {

inline constexpr double kNoLimit = 1e6;

std::vector<Law> DynamicsLaws();
std::vector<Law> PermanenceLaws();
std::vector<Law> GeometryLaws();

}  // namespace plumb
