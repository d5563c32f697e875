// SPDX-License-Identifier: Apache-2.0
// What a misspelt name was probably meant to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plumb {

// The name in `names` with the smallest edit distance (insertions, deletions, substitutions and
// swaps of neighbours count one each), the first of equals, or "" when none is near: more than a
// third of the length of `name`, at least one.
std::string NearestName(std::string_view name, const std::vector<std::string>& names);

}  // namespace plumb
