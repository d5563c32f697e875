// SPDX-License-Identifier: Apache-2.0
#include "core/errors.h"

#include <set>

#include <gtest/gtest.h>

#include "tests/core/message_of.h"

namespace plumb {
namespace {

// Scripts and cluster policies act on these numbers: a change here breaks them.
TEST(ErrorsTest, ExitCodesArePinned) {
  EXPECT_EQ(static_cast<int>(ExitCode::kOk), 0);
  EXPECT_EQ(static_cast<int>(ExitCode::kGateFailed), 1);
  EXPECT_EQ(static_cast<int>(ExitCode::kUsage), 2);
  EXPECT_EQ(static_cast<int>(ExitCode::kIncomplete), 3);
  EXPECT_EQ(static_cast<int>(ExitCode::kInputRejected), 4);
  EXPECT_EQ(static_cast<int>(ExitCode::kEnvironment), 5);
  EXPECT_EQ(static_cast<int>(ExitCode::kInternal), 6);
  EXPECT_EQ(static_cast<int>(ExitCode::kInterrupted), 128 + 2);  // SIGINT
  EXPECT_EQ(static_cast<int>(ExitCode::kTerminated), 128 + 15);  // SIGTERM
}

TEST(ErrorsTest, EveryFailureCarriesItsOwnCode) {
  const UsageError usage("u");
  const InputError input("clip.mp4", "i");
  const EnvironmentError environment("e");
  const CancelledError cancelled;
  EXPECT_EQ(usage.exit_code(), ExitCode::kUsage);
  EXPECT_EQ(input.exit_code(), ExitCode::kInputRejected);
  EXPECT_EQ(environment.exit_code(), ExitCode::kEnvironment);
  EXPECT_EQ(cancelled.exit_code(), ExitCode::kInterrupted);
}

TEST(ErrorsTest, AnInputErrorBeginsWithItsPlace) {
  EXPECT_STREQ(InputError("suite.yaml:12", "is empty").what(), "suite.yaml:12: is empty");
  EXPECT_STREQ(UsageError("unknown verb").what(), "unknown verb");
}

TEST(ErrorsTest, AllAreCaughtAsOneTypeThatKeepsTheCode) {
  try {
    throw InputError("a", "b");
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::kInputRejected);
  }
  EXPECT_EQ(MessageOf<std::runtime_error>([] { throw CancelledError(); }), "interrupted");
}

}  // namespace
}  // namespace plumb
