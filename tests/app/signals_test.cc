// SPDX-License-Identifier: Apache-2.0
#include "app/signals.h"

#include <csignal>
#include <cstdlib>

#include <gtest/gtest.h>

namespace plumb {
namespace {

using ::testing::ExitedWithCode;

// Each case ends a process of its own with the code that a verb would end with.
[[noreturn]] void EndAfter(std::initializer_list<int> signals) {
  CatchSignals();
  for (const int signal : signals) std::raise(signal);
  std::_Exit(StopRequested() ? static_cast<int>(StopCode()) : 77);
}

TEST(SignalsTest, NothingIsRequestedBeforeASignal) {
  EXPECT_EXIT(EndAfter({}), ExitedWithCode(77), "");
  EXPECT_EQ(StopCode(), ExitCode::kOk);
  EXPECT_FALSE(StopRequested());
}

TEST(SignalsTest, TheFirstInterruptionAsksForACleanStop) {
  EXPECT_EXIT(EndAfter({SIGINT}), ExitedWithCode(130), "");
  EXPECT_EXIT(EndAfter({SIGTERM}), ExitedWithCode(143), "");
  EXPECT_EXIT(EndAfter({SIGTERM, SIGTERM}), ExitedWithCode(143), "") << "asked twice, still clean";
}

TEST(SignalsTest, TheSecondInterruptionEndsAtOnce) {
  const auto twice = [] {
    CatchSignals();
    std::raise(SIGINT);
    std::raise(SIGINT);
    std::_Exit(99);  // never reached
  };
  EXPECT_EXIT(twice(), ExitedWithCode(130), "");
}

TEST(SignalsTest, AClosedPipeIsAnErrorOfTheWriteAndNoDeath) {
  EXPECT_EXIT(EndAfter({SIGPIPE}), ExitedWithCode(77), "");
}

}  // namespace
}  // namespace plumb
