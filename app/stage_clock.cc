// SPDX-License-Identifier: Apache-2.0
#include "app/stage_clock.h"

#include <chrono>

namespace plumb {
namespace {

double NowSeconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

}  // namespace

StageClock::StageClock(std::function<void(const std::string&)> announce)
    : announce_(std::move(announce)) {}

void StageClock::Begin(const std::string& stage) {
  const double now_s = NowSeconds();
  if (!stage_.empty()) seconds_[stage_] += now_s - began_s_;
  stage_ = stage;
  began_s_ = now_s;
  if (announce_ && !stage.empty()) announce_(stage);
}

}  // namespace plumb
