// SPDX-License-Identifier: Apache-2.0
#include "core/check.h"

#include <type_traits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "tests/core/message_of.h"

namespace plumb {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

// The program's own mistakes must never look like something the user can mend.
static_assert(!std::is_base_of_v<Error, CheckFailure>);
static_assert(!std::is_base_of_v<CheckFailure, Error>);

TEST(CheckTest, AFailureShowsPlaceConditionAndValues) {
  const int frames = 3;
  const std::string message =
      MessageOf<CheckFailure>([&] { PLUMB_CHECK(frames > 5, "{} of {}", frames, 5); });
  EXPECT_THAT(message, HasSubstr("check_test.cc:"));
  EXPECT_THAT(message, EndsWith("frames > 5 does not hold: 3 of 5"));
}

TEST(CheckTest, ValuesMayBeLeftOut) {
  EXPECT_THAT(MessageOf<CheckFailure>([] { PLUMB_CHECK(1 > 2); }), EndsWith("1 > 2 does not hold"));
}

TEST(CheckTest, TextOfAValueIsNeverAFormat) {
  const std::string hostile = "{} {0} %s";
  EXPECT_THAT(MessageOf<CheckFailure>([&] { PLUMB_CHECK(hostile.empty(), "{}", hostile); }),
              EndsWith(": {} {0} %s"));
}

TEST(CheckTest, TheConditionRunsOnceAndTheValuesOnlyWhenItFails) {
  int conditions = 0;
  int values = 0;
  const auto condition = [&](bool holds) {
    ++conditions;
    return holds;
  };
  PLUMB_CHECK(condition(true), "{}", ++values);
  EXPECT_EQ(conditions, 1);
  EXPECT_EQ(values, 0);
  EXPECT_THROW(PLUMB_CHECK(condition(false), "{}", ++values), CheckFailure);
  EXPECT_EQ(conditions, 2);
  EXPECT_EQ(values, 1);
}

TEST(CheckTest, IsOneStatementUnderAnIf) {
  bool reached_else = false;
  if (reached_else)
    PLUMB_CHECK(false);
  else
    reached_else = true;
  EXPECT_TRUE(reached_else);
}

}  // namespace
}  // namespace plumb
