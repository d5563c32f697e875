// SPDX-License-Identifier: Apache-2.0
#include "generator/weights/config_fields.h"

#include <algorithm>

#include <fmt/format.h>

namespace plumb {

std::string RequireClassName(ObjectReader& reader, const std::vector<std::string>& expected) {
  reader.Require("_class_name");
  const std::string found = reader.Text("_class_name", "");
  if (std::find(expected.begin(), expected.end(), found) == expected.end()) {
    reader.Fail("_class_name", fmt::format("expected '{}', found '{}'", expected.front(), found));
  }
  reader.Text("_diffusers_version", "");
  reader.Text("_name_or_path", "");
  return found;
}

int64_t PositiveField(ObjectReader& reader,
                      const std::string& key,
                      int64_t fallback,
                      int64_t most) {
  const int64_t value = reader.Integer(key, fallback);
  if (value < 1 || value > most) {
    reader.Fail(key, fmt::format("expected a whole number of 1 to {}", most));
  }
  return value;
}

std::string ChoiceField(ObjectReader& reader,
                        const std::string& key,
                        const std::vector<std::string>& allowed) {
  const std::string value = reader.Text(key, allowed.front());
  if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
    reader.Fail(
        key, fmt::format("'{}' is not supported; there is: {}", value, fmt::join(allowed, ", ")));
  }
  return value;
}

}  // namespace plumb
