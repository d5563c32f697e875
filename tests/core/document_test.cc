// SPDX-License-Identifier: Apache-2.0
#include "core/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/check.h"
#include "core/errors.h"

namespace plumb {
namespace {

using testing::HasSubstr;

// The message of the Error that `act` throws.
template <typename Act>
std::string ErrorOf(Act act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(DocumentTest, EveryValueKnowsItsLine) {
  const Document document =
      ParseJsonDocument("{\n  \"a\": 1,\n  \"b\": [\n    2,\n    {\"c/d\": 3}\n  ]\n}\n", "f.json");
  EXPECT_EQ(document.Place("/a"), "f.json:2");
  EXPECT_EQ(document.Place("/b/0"), "f.json:4");
  EXPECT_EQ(document.Place("/b/1/c~1d"), "f.json:5");
  EXPECT_EQ(document.Place("/b/1/missing"), "f.json:5");  // nearest known ancestor
  EXPECT_EQ(document.root["b"][1]["c/d"], 3);
}

TEST(DocumentTest, BadJsonIsRefusedWithItsLine) {
  EXPECT_THAT(ErrorOf([] { ParseJsonDocument("{\n\"a\": ,\n}", "f.json"); }),
              HasSubstr("f.json:2"));
  EXPECT_THAT(ErrorOf([] { ParseJsonDocument("{\"a\": 1,\n \"a\": 2}", "f"); }),
              HasSubstr("key 'a' stands twice"));
  EXPECT_THAT(ErrorOf([] { ParseJsonDocument(std::string(100000, '['), "f"); }),
              HasSubstr("more than 64 levels"));
  EXPECT_THROW(ParseJsonDocument("", "f"), InputError);
  EXPECT_THROW(ParseJsonDocument("{} x", "f"), InputError);
  EXPECT_THROW(ParseJsonDocument("[1e400]", "f"), InputError);
  EXPECT_THROW(ParseJsonDocument(std::string("{\"a\": \"\xff\"}"), "f"), InputError);
}

TEST(DocumentTest, UnknownKeysNameTheNearest) {
  const Document document = ParseJsonDocument("{\n\"frams\": 3}", "s.json");
  ObjectReader reader(document, "");
  reader.Integer("frames", 1);
  reader.Number("fps", 1);
  const std::string message = ErrorOf([&] { reader.Finish(); });
  EXPECT_THAT(message, HasSubstr("s.json:2"));
  EXPECT_THAT(message, HasSubstr("'frams'"));
  EXPECT_THAT(message, HasSubstr("did you mean 'frames'"));
}

TEST(DocumentTest, WrongTypesSayWhatWasExpected) {
  const Document document =
      ParseJsonDocument(R"({"t": 1, "n": "x", "i": 1.5, "f": 1, "l": [1, "x"], "o": 1})", "s");
  ObjectReader reader(document, "");
  EXPECT_THAT(ErrorOf([&] { reader.Text("t", ""); }), HasSubstr("expected a text"));
  EXPECT_THAT(ErrorOf([&] { reader.Number("n", 0); }), HasSubstr("expected a number"));
  EXPECT_THAT(ErrorOf([&] { reader.Integer("i", 0); }), HasSubstr("expected a whole number"));
  EXPECT_THAT(ErrorOf([&] { reader.Flag("f", false); }), HasSubstr("true or false"));
  EXPECT_THAT(ErrorOf([&] { reader.Integers("l", {}); }), HasSubstr("list of whole numbers"));
  EXPECT_THAT(ErrorOf([&] { reader.Object("o"); }), HasSubstr("mapping"));
  EXPECT_THAT(ErrorOf([&] { reader.Require("gone"); }), HasSubstr("is missing"));
}

TEST(DocumentTest, AbsentFieldsTakeTheFallback) {
  const Document document = ParseJsonDocument(R"({"objects": [{"a": 1}, {"a": 2}]})", "s");
  ObjectReader reader(document, "");
  EXPECT_EQ(reader.Text("x", "y"), "y");
  EXPECT_EQ(reader.Numbers("z", {1.0}), std::vector<double>{1.0});
  std::vector<ObjectReader> objects = reader.Objects("objects");
  ASSERT_EQ(objects.size(), 2u);
  EXPECT_EQ(objects[1].Integer("a", 0), 2);
  EXPECT_NO_THROW(reader.Finish());
}

TEST(DocumentTest, NearestNameNeedsToBeNear) {
  const std::vector<std::string> names = {"gravity", "restitution", "vanish"};
  EXPECT_EQ(NearestName("gravty", names), "gravity");
  EXPECT_EQ(NearestName("vanihs", names), "vanish");
  EXPECT_EQ(NearestName("colour", names), "");
}

TEST(DocumentTest, DumpRefusesNumbersThatAreNotFinite) {
  EXPECT_THROW(DumpJson({{"a", {1.0, std::numeric_limits<double>::quiet_NaN()}}}), CheckFailure);
  EXPECT_EQ(DumpJson({{"b", 1}, {"a", 0.1}}), "{\n  \"b\": 1,\n  \"a\": 0.1\n}\n");
}

}  // namespace
}  // namespace plumb
