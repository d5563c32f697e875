// SPDX-License-Identifier: Apache-2.0
#include "generator/weights/config_file.h"

#include <limits>

#include <gmock/gmock.h>

#include "tests/test_folder.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

int64_t ReadLayers(const Document& document) {
  ObjectReader reader(document, "");
  reader.Require("layers");
  return reader.Integer("layers", 0);
}

TEST(ConfigFileTest, AMistakeIsTheFilesAndNamesItsLineOnce) {
  const TestFolder folder;
  const std::string path = (folder / "config.json").string();
  WriteText(path, "{\n  \"layers\": \"two\"\n}\n");
  try {
    ReadConfigFile(path, "", ReadLayers);
    FAIL() << "nothing was thrown";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr(path + ":2: key 'layers'"));
    EXPECT_EQ(std::string(error.what()).find(path, 1), std::string::npos);
  }
}

TEST(ConfigFileTest, AFileThatIsMissingOrNoJsonIsNamed) {
  const TestFolder folder;
  EXPECT_THAT(
      [&] { ReadConfigFile(folder / "config.json", "the test needs it", ReadLayers); },
      ThrowsMessage<InputError>(HasSubstr("config.json: cannot be opened; the test needs")));
  WriteText(folder / "config.json", "{\n,");
  EXPECT_THAT([&] { ReadConfigFile(folder / "config.json", "", ReadLayers); },
              ThrowsMessage<InputError>(HasSubstr("config.json:2: no valid JSON")));
}

TEST(ConfigFileTest, WhatIsRightComesThrough) {
  const TestFolder folder;
  WriteText(folder / "config.json", "{\"layers\": 3}");
  EXPECT_EQ(ReadConfigFile(folder / "config.json", "", ReadLayers), 3);
}

TEST(ConfigFileTest, TextsAreReadAsFilesAre) {
  EXPECT_EQ(ReadConfigText("{\"layers\": 3}", "here", ReadLayers), 3);
  EXPECT_THAT([] { ReadConfigText("{\n\"layers\": []}", "here", ReadLayers); },
              ThrowsMessage<InputError>(HasSubstr("here:2: key 'layers'")));
  EXPECT_THAT([] { ReadConfigText("[]", "here", ReadLayers); },
              ThrowsMessage<InputError>(HasSubstr("here: ")));
}

TEST(ConfigFileTest, PythonsInfinitiesAreTheLargestNumbers) {
  const TestFolder folder;
  const std::string text =
      "{\"low\": -Infinity, \"both\": [Infinity,-Infinity], \"text\": \"Infinity, -Infinity\"}";
  WriteText(folder / "config.json", text);
  const Json json = ReadJsonFile(folder / "config.json", "").root;
  constexpr double kLargest = std::numeric_limits<double>::max();
  EXPECT_EQ(json["low"], -kLargest);
  EXPECT_EQ(json["both"], Json::array({kLargest, -kLargest}));
  EXPECT_EQ(json["text"], "Infinity, -Infinity");
  const auto root = [](const Document& document) { return document.root; };
  EXPECT_EQ(ReadConfigText(text, "here", root), json) << "texts too";
}

TEST(ConfigFileTest, AMessageWithoutAPlaceGetsOne) {
  EXPECT_THAT([] { ThrowAsInputError("a.json", UsageError("is odd")); },
              ThrowsMessage<InputError>(HasSubstr("a.json: is odd")));
}

}  // namespace
}  // namespace plumb
