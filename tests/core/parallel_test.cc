// SPDX-License-Identifier: Apache-2.0
#include "core/parallel.h"

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gmock/gmock.h>

#include "core/check.h"

namespace plumb {
namespace {

TEST(ParallelTest, EveryPieceIsDoneOnce) {
  for (const int threads : {1, 2, 5}) {
    std::vector<int> done(100, 0);
    DoInParallel("work", 100, threads, [&](int i, const Progress&) { ++done[i]; });
    EXPECT_THAT(done, ::testing::Each(1)) << threads;
  }
  DoInParallel("nothing", 0, 2, [](int, const Progress&) { FAIL(); });
  EXPECT_THROW(DoInParallel("x", 1, 0, [](int, const Progress&) {}), CheckFailure);
}

TEST(ParallelTest, TheErrorOfTheSmallestIndexIsThrownAndNothingElseBegun) {
  std::atomic<int> begun = 0;
  const auto work = [&](int i, const Progress&) {
    ++begun;
    if (i == 3) throw std::runtime_error("three");
    if (i == 2) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      throw std::runtime_error("two");
    }
  };
  try {
    DoInParallel("work", 1000, 2, work);
    FAIL() << "nothing thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "two");
  }
  EXPECT_LT(begun, 1000);
}

TEST(ParallelTest, AFailureIsNoWishToStop) {
  // The first piece is still at work when the second fails, and asks whether it should stop.
  const auto work = [&](int i, const Progress& quiet) {
    if (i == 1) throw std::runtime_error("one");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    quiet.ThrowIfCancelled();
  };
  EXPECT_THROW(DoInParallel("work", 2, 2, work), std::runtime_error);
}

TEST(ParallelTest, AWishMadeBeforeBeginsNothing) {
  Progress progress;
  progress.cancelled = [] { return true; };
  EXPECT_THROW(DoInParallel(
                   "work", 1, 1, [](int, const Progress&) { FAIL(); }, progress),
               CancelledError);
}

TEST(ParallelTest, AWishToStopReachesTheWork) {
  std::atomic<bool> at_work = false;
  Progress progress;
  progress.cancelled = [&] { return at_work.load(); };
  std::atomic<int> begun = 0;
  const auto work = [&](int, const Progress& quiet) {
    ++begun;
    at_work = true;
    while (true) {
      quiet.ThrowIfCancelled();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  };
  EXPECT_THROW(DoInParallel("work", 10, 2, work, progress), CancelledError);
  EXPECT_LE(begun, 2);
}

TEST(ParallelTest, ProgressIsReportedFromTheCallingThread) {
  const auto caller = std::this_thread::get_id();
  int most = 0;
  Progress progress;
  progress.report = [&](const std::string& what, int done, int total) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    EXPECT_EQ(what, "work");
    EXPECT_EQ(total, 4);
    EXPECT_GE(done, most);
    most = done;
  };
  const auto work = [](int, const Progress&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
  };
  DoInParallel("work", 4, 2, work, progress);
  EXPECT_GE(most, 1);
}

}  // namespace
}  // namespace plumb
