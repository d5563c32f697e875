// SPDX-License-Identifier: Apache-2.0
#include "core/progress.h"

#include <gtest/gtest.h>

#include "tests/core/message_of.h"

namespace plumb {
namespace {

TEST(ProgressTest, EmptyCallbacksReportNothingAndCancelNothing) {
  const Progress progress;
  EXPECT_NO_THROW(progress.Report("rendering", 1, 2));
  EXPECT_FALSE(progress.Cancelled());
  EXPECT_NO_THROW(progress.ThrowIfCancelled());
}

TEST(ProgressTest, ReportsReachTheCallbackAsTheyAre) {
  std::string heard;
  int done = -1, total = -1;
  Progress progress;
  progress.report = [&](const std::string& what, int now, int all) {
    heard = what;
    done = now;
    total = all;
  };
  progress.Report("tracks", 3, 0);
  EXPECT_EQ(heard, "tracks");
  EXPECT_EQ(done, 3);
  EXPECT_EQ(total, 0);  // unknown
}

// A loop as every stage writes it stops before the step that follows the wish.
TEST(ProgressTest, ALoopStopsAtTheNextStep) {
  int steps = 0;
  Progress progress;
  progress.cancelled = [&] { return steps == 4; };
  const auto loop = [&] {
    for (int i = 0; i < 100; ++i) {
      progress.ThrowIfCancelled();
      ++steps;
    }
  };
  EXPECT_THROW(loop(), CancelledError);
  EXPECT_EQ(steps, 4);
}

TEST(ProgressTest, CancellingEndsWithTheCodeOfAnInterrupt) {
  Progress progress;
  progress.cancelled = [] { return true; };
  try {
    progress.ThrowIfCancelled();
    FAIL() << "went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::kInterrupted);
  }
}

TEST(ProgressTest, CopiesShareTheWish) {
  bool wish = false;
  Progress progress;
  progress.cancelled = [&] { return wish; };
  const Progress copy = progress;
  wish = true;
  EXPECT_TRUE(copy.Cancelled());
}

}  // namespace
}  // namespace plumb
