// SPDX-License-Identifier: Apache-2.0
#include "core/json.h"

#include <cmath>

#include "core/check.h"

namespace plumb {
namespace {

void CheckFinite(const Json& json) {
  if (json.is_number_float()) {
    PLUMB_CHECK(std::isfinite(json.get<double>()),
                "a number that is not finite reached the output");
  } else if (json.is_structured()) {
    for (const Json& child : json) CheckFinite(child);
  }
}

}  // namespace

std::string DumpJson(const Json& json) {
  CheckFinite(json);
  // Invalid UTF-8 (file names may hold any bytes) becomes U+FFFD instead of an exception.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace plumb
