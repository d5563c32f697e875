// SPDX-License-Identifier: Apache-2.0
#include "metrics/published/named_values.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace plumb {
namespace {

TEST(NamedValuesTest, WhatIsNotFiniteIsUndefinedWithAReason) {
  NamedValues values;
  values.Add("nan", NAN);
  values.Add("inf", std::numeric_limits<double>::infinity());
  EXPECT_FALSE(values.HasNumber());
  EXPECT_FALSE(values.Find("nan")->value);
  EXPECT_FALSE(values.Find("inf")->reason.empty());
  values.Add("one", 1);
  EXPECT_TRUE(values.HasNumber());
  EXPECT_EQ(values.Find("two"), nullptr);
}

TEST(NamedValuesTest, AppendingKeepsTheOrder) {
  NamedValues first, second;
  first.Add("a", 1);
  second.AddUndefined("b", "why not");
  first.Append(second);
  ASSERT_EQ(first.values().size(), 2u);
  EXPECT_EQ(first.values()[1].name, "b");
  EXPECT_EQ(first.values()[1].reason, "why not");
}

}  // namespace
}  // namespace plumb
