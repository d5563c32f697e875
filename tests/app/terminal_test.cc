// SPDX-License-Identifier: Apache-2.0
#include "app/terminal.h"

#include <stdlib.h>

#include <gtest/gtest.h>

namespace plumb {
namespace {

class TerminalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    unsetenv("NO_COLOR");
    unsetenv("FORCE_COLOR");
  }
  void TearDown() override { SetUp(); }
};

TEST_F(TerminalTest, TheFlagBeatsTheEnvironment) {
  setenv("NO_COLOR", "1", 1);
  EXPECT_TRUE(WantsColour(ColourMode::kAlways, 1));
  EXPECT_FALSE(WantsColour(ColourMode::kAuto, 1));
  unsetenv("NO_COLOR");
  setenv("FORCE_COLOR", "1", 1);
  EXPECT_TRUE(WantsColour(ColourMode::kAuto, 1));
  EXPECT_FALSE(WantsColour(ColourMode::kNever, 1));
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(WantsColour(ColourMode::kAuto, 1));
}

TEST_F(TerminalTest, TextsFromOutsideCannotSteerATerminal) {
  EXPECT_EQ(Printable("a\x1b[31mb"), "a?[31mb");
  EXPECT_EQ(Printable("a\rb\tc\x7f"), "a?b c?");
  EXPECT_EQ(Printable("\xC2\x9B"), "?");
  EXPECT_EQ(Printable("two\nlines, \xC3\xA4"), "two\nlines, \xC3\xA4");
}

TEST_F(TerminalTest, Durations) {
  EXPECT_EQ(DurationText(0.2), "0 s");
  EXPECT_EQ(DurationText(59.4), "59 s");
  EXPECT_EQ(DurationText(200.0), "3 min 20 s");
  EXPECT_EQ(DurationText(3900.0), "1 h 05 min");
  EXPECT_EQ(DurationText(-1.0), "0 s");
}

TEST_F(TerminalTest, NothingIsShownInTheFirstTwoSeconds) {
  testing::internal::CaptureStderr();
  {
    ProgressLine line;
    for (int i = 0; i < 100; ++i) line.Show("work", i, 100);
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace plumb
