// SPDX-License-Identifier: Apache-2.0
// The JSON type of the whole program: keys in order of insertion, so that what is written reads as
// it was meant.
#pragma once

#include <nlohmann/json.hpp>

namespace plumb {

using Json = nlohmann::ordered_json;

// Text with two-space indent and a final newline; numbers in shortest round-trip form. Throws
// CheckFailure when a number is not finite (nlohmann would write null, and null would be read as
// "not measured").
std::string DumpJson(const Json& json);

}  // namespace plumb
