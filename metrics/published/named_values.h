// SPDX-License-Identifier: Apache-2.0
// What a metric of the literature makes of plain data: numbers under the names its users know, each
// with a reason where there is none.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace plumb {

struct NamedValue {
  std::string name;             // "ape_trans/se3/rmse"
  std::optional<double> value;  // always finite
  std::string reason;           // why there is no value; empty when there is one
};

class NamedValues {
 public:
  // A number that is not finite becomes undefined.
  void Add(std::string name, double value);
  void AddUndefined(std::string name, std::string reason);
  void Append(NamedValue value);
  void Append(const NamedValues& more);

  const std::vector<NamedValue>& values() const { return values_; }
  const NamedValue* Find(const std::string& name) const;
  // Whether there is one number at least.
  bool HasNumber() const;

 private:
  std::vector<NamedValue> values_;
};

}  // namespace plumb
