// SPDX-License-Identifier: Apache-2.0
#include "core/document.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "tests/core/message_of.h"

namespace plumb {
namespace {

using testing::HasSubstr;

// The message with which `act` is refused.
template <typename Act>
std::string ErrorOf(Act act) {
  return MessageOf<Error>(act);
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

TEST(DocumentTest, SixtyFourLevelsAreReadAndNoMore) {
  const auto nested = [](int levels) {
    return std::string(levels, '[') + std::string(levels, ']');
  };
  EXPECT_NO_THROW(ParseJsonDocument(nested(64), "f"));
  EXPECT_THAT(ErrorOf([&] { ParseJsonDocument(nested(65), "f"); }),
              HasSubstr("f:1: more than 64 levels"));
}

TEST(DocumentTest, MoreThan64MegabytesAreRefusedUnread) {
  EXPECT_THAT(ErrorOf([] { ParseJsonDocument(std::string((64 << 20) + 1, ' '), "big.json"); }),
              HasSubstr("big.json: more than 64 MB"));
}

TEST(DocumentTest, ADuplicateIsOnlyOneInTheSameObject) {
  EXPECT_NO_THROW(ParseJsonDocument(R"({"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]})", "f"));
  EXPECT_THAT(ErrorOf([] { ParseJsonDocument("{\"b\": [{\n\"a\": 1,\n\"a\": 2}]}", "f"); }),
              HasSubstr("f:3: key 'a' stands twice"));
}

TEST(DocumentTest, LinesAreCountedWhateverEndsThem) {
  const Document document = ParseJsonDocument("{\r\n\r\n\"a\":\r\n[1,\r\n2]}", "f");
  EXPECT_EQ(document.Place("/a"), "f:3");
  EXPECT_EQ(document.Place("/a/1"), "f:5");
  EXPECT_EQ(document.Place(""), "f");
  EXPECT_EQ(document.Place("/nowhere/at/all"), "f");
}

// For any key, the place of its value is found again through the escaped pointer.
TEST(DocumentTest, OddKeysKeepTheirPlaces) {
  for (const std::string key : {"a/b", "~", "~1", "/", "", " ", "0"}) {
    const Json json = {{"outer", {{key, 1}}}};
    const Document document = ParseJsonDocument(DumpJson(json), "f");
    const std::string pointer = "/outer/" + EscapePointer(key);
    EXPECT_EQ(document.Place(pointer), "f:3") << key;
    EXPECT_EQ(document.root.at(Json::json_pointer(pointer)), 1) << key;
  }
}

TEST(DocumentTest, UnknownKeysFarFromAllListWhatIsKnown) {
  const Document document = ParseJsonDocument(R"({"quality": 3})", "s.json");
  ObjectReader reader(document, "");
  reader.Number("fps", 1);
  reader.Text("name", "");
  EXPECT_EQ(ErrorOf([&] { reader.Finish(); }),
            "s.json:1: key 'quality': unknown; expected one of: fps, name");
}

TEST(DocumentTest, NestedMistakesAreNamedAtTheirOwnLine) {
  const Document document = ParseJsonDocument(
      "{\n \"scenes\": [\n  {\"seeds\": [1]},\n  {\n   \"seeds\": [\"x\"],\n   \"sceds\": 1\n  }\n "
      "]\n}",
      "suite.json");
  ObjectReader reader(document, "");
  std::vector<ObjectReader> scenes = reader.Objects("scenes");
  ASSERT_EQ(scenes.size(), 2u);
  EXPECT_THAT(ErrorOf([&] { scenes[1].Integers("seeds", {}); }),
              HasSubstr("suite.json:5: key 'seeds': expected a list of whole numbers"));
  EXPECT_THAT(ErrorOf([&] { scenes[1].Finish(); }),
              HasSubstr("suite.json:6: key 'sceds': unknown; did you mean 'seeds'?"));
  // A missing key is placed at the object that lacks it.
  EXPECT_THAT(ErrorOf([&] { scenes[1].Require("scenario"); }),
              HasSubstr("suite.json:4: key 'scenario': is missing"));
}

TEST(DocumentTest, WhatMustBeAMappingSaysSo) {
  const Document list = ParseJsonDocument("[1]", "f");
  EXPECT_THAT(ErrorOf([&] { ObjectReader(list, ""); }), HasSubstr("f: the file must be a mapping"));
  const Document inner = ParseJsonDocument("{\"a\":\n[{\"b\": 1}, 2]}", "f");
  ObjectReader reader(inner, "");
  EXPECT_THAT(ErrorOf([&] { reader.Objects("a"); }), HasSubstr("f:2: /a/1 must be a mapping"));
  EXPECT_THAT(ErrorOf([&] { reader.Object("gone"); }), HasSubstr("'gone': is missing"));
  const Document scalar = ParseJsonDocument(R"({"a": 3})", "f");
  ObjectReader of_scalar(scalar, "");
  EXPECT_THAT(ErrorOf([&] { of_scalar.Objects("a"); }), HasSubstr("expected a list"));
}

TEST(DocumentTest, NullReadsAsAbsent) {
  const Document document = ParseJsonDocument(R"({"a": null, "b": null})", "f");
  ObjectReader reader(document, "");
  EXPECT_FALSE(reader.Has("a"));
  EXPECT_EQ(reader.Integer("a", 7), 7);
  EXPECT_TRUE(reader.Objects("b").empty());
  EXPECT_THAT(ErrorOf([&] { reader.Require("a"); }), HasSubstr("is missing"));
  EXPECT_NO_THROW(reader.Finish());
}

TEST(DocumentTest, ValuesOfEveryTypeAreHandedOn) {
  const Document document = ParseJsonDocument(
      R"({"t": "x", "n": 3, "r": 0.5, "i": -4, "f": true, "ns": [1, 2.5], "is": [1, -2], "ts": ["a"]})",
      "f");
  ObjectReader reader(document, "");
  EXPECT_EQ(reader.Text("t", ""), "x");
  EXPECT_EQ(reader.Number("n", 0), 3.0);  // a whole number is a number
  EXPECT_EQ(reader.Number("r", 0), 0.5);
  EXPECT_EQ(reader.Integer("i", 0), -4);
  EXPECT_TRUE(reader.Flag("f", false));
  EXPECT_EQ(reader.Numbers("ns", {}), (std::vector<double>{1, 2.5}));
  EXPECT_EQ(reader.Integers("is", {}), (std::vector<int64_t>{1, -2}));
  EXPECT_EQ(reader.Texts("ts", {}), std::vector<std::string>{"a"});
  EXPECT_NO_THROW(reader.Finish());
}

TEST(DocumentTest, ListsOfAnotherTypeSayWhatWasExpected) {
  const Document document = ParseJsonDocument(R"({"a": 1, "b": [1, "x"], "c": ["x", 1]})", "f");
  ObjectReader reader(document, "");
  EXPECT_THAT(ErrorOf([&] { reader.Numbers("a", {}); }), HasSubstr("expected a list of numbers"));
  EXPECT_THAT(ErrorOf([&] { reader.Numbers("b", {}); }), HasSubstr("expected a list of numbers"));
  EXPECT_THAT(ErrorOf([&] { reader.Integers("a", {}); }), HasSubstr("list of whole numbers"));
  EXPECT_THAT(ErrorOf([&] { reader.Texts("a", {}); }), HasSubstr("expected a list of texts"));
  EXPECT_THAT(ErrorOf([&] { reader.Texts("c", {}); }), HasSubstr("expected a list of texts"));
}

// 2⁶³ and above would come out negative if it were read as a signed number.
TEST(DocumentTest, WholeNumbersBeyondTheirTypeAreRefused) {
  const Document document = ParseJsonDocument(
      R"({"largest": 9223372036854775807, "beyond": 9223372036854775808, "seed":
          18446744073709551615, "negative": -1, "half": 0.5, "more": [18446744073709551615]})",
      "f");
  ObjectReader reader(document, "");
  EXPECT_EQ(reader.Integer("largest", 0), std::numeric_limits<int64_t>::max());
  EXPECT_THAT(ErrorOf([&] { reader.Integer("beyond", 0); }), HasSubstr("expected a whole number"));
  EXPECT_THAT(ErrorOf([&] { reader.Integers("more", {}); }), HasSubstr("whole numbers"));
  EXPECT_EQ(reader.Seed("seed", 0), std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(reader.Seed("absent", 5), 5u);
  EXPECT_THAT(ErrorOf([&] { reader.Seed("negative", 0); }), HasSubstr("must not be negative"));
  EXPECT_THAT(ErrorOf([&] { reader.Seed("half", 0); }), HasSubstr("expected a whole number"));
}

}  // namespace
}  // namespace plumb
