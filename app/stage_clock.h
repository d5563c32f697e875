// SPDX-License-Identifier: Apache-2.0
// Which stage a piece of work is in, and how long each took.
#pragma once

#include <functional>
#include <map>
#include <string>

namespace plumb {

// Tells the parent which stage ("truth", "generate", "decode", "score") the work has come to, and
// keeps the wall seconds of each.
class StageClock {
 public:
  explicit StageClock(std::function<void(const std::string&)> announce = {});
  // Ends the stage before and begins the next; "" only ends.
  void Begin(const std::string& stage);
  const std::string& stage() const { return stage_; }
  const std::map<std::string, double>& seconds() const { return seconds_; }

 private:
  std::function<void(const std::string&)> announce_;
  std::string stage_;
  double began_s_ = 0.0;
  std::map<std::string, double> seconds_;
};

}  // namespace plumb
