// SPDX-License-Identifier: Apache-2.0
#include "metrics/published/named_values.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace plumb {

void NamedValues::Add(std::string name, double value) {
  if (!std::isfinite(value)) {
    AddUndefined(std::move(name), "the definition gives no finite number");
    return;
  }
  values_.push_back({std::move(name), value, ""});
}

void NamedValues::AddUndefined(std::string name, std::string reason) {
  values_.push_back({std::move(name), std::nullopt, std::move(reason)});
}

void NamedValues::Append(NamedValue value) { values_.push_back(std::move(value)); }

void NamedValues::Append(const NamedValues& more) {
  values_.insert(values_.end(), more.values_.begin(), more.values_.end());
}

const NamedValue* NamedValues::Find(const std::string& name) const {
  const auto found = std::find_if(
      values_.begin(), values_.end(), [&](const NamedValue& value) { return value.name == name; });
  return found == values_.end() ? nullptr : &*found;
}

bool NamedValues::HasNumber() const {
  return std::any_of(
      values_.begin(), values_.end(), [](const NamedValue& value) { return value.value; });
}

}  // namespace plumb
