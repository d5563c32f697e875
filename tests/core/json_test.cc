// SPDX-License-Identifier: Apache-2.0
#include "core/json.h"

#include <bit>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/check.h"
#include "core/seed.h"
#include "tests/core/message_of.h"

namespace plumb {
namespace {

TEST(JsonTest, KeysKeepTheirOrderAndTheTextEndsWithALine) {
  EXPECT_EQ(DumpJson({{"zebra", 1}, {"ant", {1, 2}}}),
            "{\n  \"zebra\": 1,\n  \"ant\": [\n    1,\n    2\n  ]\n}\n");
  EXPECT_EQ(DumpJson(nullptr), "null\n");
  EXPECT_EQ(DumpJson(Json::object()), "{}\n");
}

// Every double comes back to the last bit: random patterns, of which the finite ones are kept.
TEST(JsonTest, NumbersComeBackToTheLastBit) {
  Random random(11);
  int compared = 0;
  for (int i = 0; i < 20000; ++i) {
    const auto value = std::bit_cast<double>(random.NextBits());
    if (!std::isfinite(value)) continue;
    ++compared;
    ASSERT_EQ(std::bit_cast<uint64_t>(Json::parse(DumpJson(value)).get<double>()),
              std::bit_cast<uint64_t>(value));
  }
  EXPECT_GT(compared, 19000);
  for (const double value : {0.1, 1.0 / 3.0, std::numeric_limits<double>::denorm_min()}) {
    EXPECT_EQ(Json::parse(DumpJson(value)).get<double>(), value);
  }
}

TEST(JsonTest, WholeNumbersKeepAllTheirDigits) {
  const uint64_t largest = std::numeric_limits<uint64_t>::max();
  const int64_t smallest = std::numeric_limits<int64_t>::min();
  EXPECT_EQ(DumpJson(largest), "18446744073709551615\n");
  EXPECT_EQ(Json::parse(DumpJson(smallest)).get<int64_t>(), smallest);
}

TEST(JsonTest, NumbersThatAreNotFiniteAreABrokenAssumptionAtAnyDepth) {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {std::nan(""), infinity, -infinity}) {
    for (const Json& json : {Json(bad), Json{1.0, bad}, Json{{"a", {{"b", {0, {bad}}}}}}}) {
      EXPECT_THAT(MessageOf<CheckFailure>([&] { DumpJson(json); }),
                  testing::HasSubstr("not finite"));
    }
  }
}

TEST(JsonTest, BrokenUtf8BecomesTheReplacementCharacter) {
  EXPECT_EQ(DumpJson("a\xff"
                     "b"),
            "\"a\xEF\xBF\xBD"
            "b\"\n");
  EXPECT_NO_THROW(Json::parse(DumpJson({{"name", "cut \xC3"}})));
}

}  // namespace
}  // namespace plumb
