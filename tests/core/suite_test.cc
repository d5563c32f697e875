// SPDX-License-Identifier: Apache-2.0
#include "core/suite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"

namespace plumb {
namespace {

constexpr char kSuite[] = R"({
  "schema": 1,
  "name": "quick",
  "version": 2,
  "seed": 7,
  "protocol": {"width": 128, "height": 96, "frames": 24, "fps": 12, "conditioning_frames": 3},
  "scenes": [{"scenario": "drop", "seeds": [0, 1]}, {"scenario": "bounce", "seeds": [5]}],
  "models": ["oracle", "frozen"]
})";

Suite Parse(const std::string& text) {
  return SuiteFromDocument(ParseJsonDocument(text, "s.json"));
}

std::string Replaced(std::string from, std::string to) {
  std::string text = kSuite;
  return text.replace(text.find(from), from.size(), to);
}

std::string Refusal(const std::string& text) {
  try {
    Parse(text);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(SuiteTest, ComesBackFromItsOwnJson) {
  const Suite suite = Parse(kSuite);
  EXPECT_EQ(suite.protocol.height, 96);
  EXPECT_EQ(suite.scenes[1].seeds, std::vector<uint64_t>{5});
  EXPECT_EQ(ToJson(Parse(DumpJson(ToJson(suite)))), ToJson(suite));
}

TEST(SuiteTest, MistakesAreNamedWithFileLineAndKey) {
  using testing::AllOf;
  using testing::HasSubstr;
  EXPECT_THAT(Refusal(Replaced("\"frames\"", "\"frmaes\"")),
              AllOf(HasSubstr("s.json:6"), HasSubstr("did you mean 'frames'")));
  EXPECT_THAT(Refusal(Replaced("\"fps\": 12", "\"fps\": 0")), HasSubstr("'fps'"));
  EXPECT_THAT(Refusal(Replaced("[0, 1]", "[1, 1]")), HasSubstr("1 stands twice"));
  EXPECT_THAT(Refusal(Replaced("[0, 1]", "[]")), HasSubstr("at least one seed"));
  EXPECT_THAT(Refusal(Replaced("[0, 1]", "[-1]")), HasSubstr("negative"));
  EXPECT_THAT(Refusal(Replaced("\"frozen\"", "\"oracle\"")), HasSubstr("'oracle' stands twice"));
  EXPECT_THAT(Refusal(Replaced("\"bounce\"", "\"drop\"")), HasSubstr("'drop' stands twice"));
  EXPECT_THAT(Refusal(Replaced("\"conditioning_frames\": 3", "\"conditioning_frames\": 24")),
              HasSubstr("fewer than frames"));
  EXPECT_THAT(Refusal(Replaced("\"schema\": 1", "\"schema\": 9")), HasSubstr("schema 1"));
  EXPECT_THAT(Refusal(R"({"schema": 1, "name": "x"})"), HasSubstr("at least one scenario"));
}

}  // namespace
}  // namespace plumb
