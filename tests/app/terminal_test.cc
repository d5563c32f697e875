// SPDX-License-Identifier: Apache-2.0
#include "app/terminal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

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
  EXPECT_EQ(DurationText(59.6), "1 min 00 s") << "rounded before it is split";
  EXPECT_EQ(DurationText(3599.7), "1 h 00 min");
  EXPECT_EQ(DurationText(90000.0), "25 h 00 min");
}

TEST_F(TerminalTest, NothingIsShownInTheFirstTwoSeconds) {
  testing::internal::CaptureStderr();
  {
    ProgressLine line;
    for (int i = 0; i < 100; ++i) line.Show("work", i, 100);
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

// Standard output is a terminal of that many columns while this lives.
class TerminalOutput {
 public:
  explicit TerminalOutput(unsigned short columns) {
    const int owner = posix_openpt(O_RDWR | O_NOCTTY);
    grantpt(owner);
    unlockpt(owner);
    const int terminal = open(ptsname(owner), O_RDWR | O_NOCTTY);
    const winsize size = {40, columns, 0, 0};
    ioctl(terminal, TIOCSWINSZ, &size);
    std::fflush(stdout);
    saved_ = dup(STDOUT_FILENO);
    dup2(terminal, STDOUT_FILENO);
    close(terminal);
    owner_ = owner;
  }
  ~TerminalOutput() {
    dup2(saved_, STDOUT_FILENO);
    close(saved_);
    close(owner_);
  }
  TerminalOutput(const TerminalOutput&) = delete;
  TerminalOutput& operator=(const TerminalOutput&) = delete;

 private:
  int saved_ = -1;
  int owner_ = -1;
};

TEST_F(TerminalTest, TheWidthIsTheTerminals) {
  int widths[4] = {};
  int at = 0;
  for (const unsigned short columns : {40, 57, 211, 39}) {
    const TerminalOutput terminal(columns);
    widths[at++] = TerminalWidth();
  }
  EXPECT_EQ(widths[0], 40);
  EXPECT_EQ(widths[1], 57);
  EXPECT_EQ(widths[2], 211);
  EXPECT_EQ(widths[3], 100) << "too narrow to be believed";
}

TEST_F(TerminalTest, ColourNeedsATerminalThatKnowsIt) {
  const char* term = std::getenv("TERM");
  const std::string saved = term == nullptr ? "" : term;
  bool plain = true, smart = false, dumb = true, refused = true;
  {
    const TerminalOutput terminal(80);
    setenv("TERM", "xterm", 1);
    smart = WantsColour(ColourMode::kAuto, STDOUT_FILENO);
    setenv("TERM", "dumb", 1);
    dumb = WantsColour(ColourMode::kAuto, STDOUT_FILENO);
    setenv("TERM", "xterm", 1);
    setenv("NO_COLOR", "1", 1);
    refused = WantsColour(ColourMode::kAuto, STDOUT_FILENO);
    unsetenv("NO_COLOR");
  }
  const int file = open("/dev/null", O_WRONLY);
  plain = WantsColour(ColourMode::kAuto, file);
  close(file);
  setenv("TERM", saved.c_str(), 1);
  EXPECT_TRUE(smart);
  EXPECT_FALSE(dumb);
  EXPECT_FALSE(refused);
  EXPECT_FALSE(plain) << "a file gets no colours";
}

TEST_F(TerminalTest, AnEmptyNoColorAndAZeroForceColorSayNothingAndNo) {
  setenv("NO_COLOR", "", 1);
  setenv("FORCE_COLOR", "1", 1);
  EXPECT_TRUE(WantsColour(ColourMode::kAuto, 1)) << "NO_COLOR counts when it is not empty";
  setenv("FORCE_COLOR", "0", 1);
  EXPECT_FALSE(WantsColour(ColourMode::kAuto, 1));
}

TEST_F(TerminalTest, MessagesAreMarkedAndColouredOnlyWhereWanted) {
  const auto printed = [](ColourMode mode) {
    SetColourMode(mode);
    testing::internal::CaptureStderr();
    PrintNote("a note");
    PrintWarning("a warning");
    PrintError("an error");
    SetColourMode(ColourMode::kAuto);
    return testing::internal::GetCapturedStderr();
  };
  EXPECT_EQ(printed(ColourMode::kNever), "a note\nwarning: a warning\nerror: an error\n");
  EXPECT_EQ(printed(ColourMode::kAlways),
            "a note\n\x1b[33mwarning:\x1b[0m a warning\n\x1b[31merror:\x1b[0m an error\n");
}

}  // namespace
}  // namespace plumb
