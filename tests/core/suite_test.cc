// SPDX-License-Identifier: Apache-2.0
#include "core/suite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "tests/core/message_of.h"

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
  return MessageOf<UsageError>([&] { Parse(text); });
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

TEST(SuiteTest, SceneFilesAreNamedAndKeptWithTheirScene) {
  Suite suite = Parse(R"({"schema": 1, "name": "x", "scenes": [{"file": "a.yaml"}]})");
  ASSERT_EQ(suite.scenes.size(), 1u);
  EXPECT_EQ(suite.scenes[0].file, "a.yaml");
  EXPECT_FALSE(suite.scenes[0].scene.has_value());
  EXPECT_EQ(ScenarioOf(suite.scenes[0]), "");
  Scene scene;
  scene.id = "mine";
  scene.scenario = "swing";
  scene.bodies.resize(1);
  scene.bodies[0].name = "ball";
  suite.scenes[0].scene = scene;
  const Suite again = Parse(DumpJson(ToJson(suite)));
  ASSERT_TRUE(again.scenes[0].scene.has_value());
  EXPECT_EQ(again.scenes[0].scene->bodies[0].name, "ball");
  EXPECT_EQ(ScenarioOf(again.scenes[0]), "swing");
  EXPECT_EQ(ToJson(again), ToJson(suite));
  EXPECT_THAT(Refusal(R"({"schema": 1, "name": "x", "scenes": [{"file": "a", "seeds": [1]}]})"),
              testing::HasSubstr("'seeds'"));
  EXPECT_THAT(Refusal(R"({"schema": 1, "name": "x", "scenes": [{"file": "a"}, {"file": "a"}]})"),
              testing::HasSubstr("'a' stands twice"));
}

TEST(SuiteTest, WhatIsLeftOutTakesTheDefaults) {
  const Suite suite =
      Parse(R"({"schema": 1, "name": "x", "scenes": [{"scenario": "drop", "seeds": [3]}]})");
  EXPECT_EQ(suite.version, 1);
  EXPECT_EQ(suite.seed, 0u);
  EXPECT_EQ(suite.protocol.width, 256);
  EXPECT_EQ(suite.protocol.frames, 48);
  EXPECT_EQ(suite.protocol.conditioning_frames, 5);
  EXPECT_TRUE(suite.protocol.truth_masks);
  EXPECT_EQ(suite.protocol.samples_per_scene, 1);
  EXPECT_TRUE(suite.models.empty());
  EXPECT_TRUE(suite.families.empty());
}

// Each limit of the protocol: the last value that is taken and the first that is not.
TEST(SuiteTest, TruthMasksAreWrittenWhereTheyAreLeftOut) {
  const Suite plain = Parse(kSuite);
  EXPECT_FALSE(ToJson(plain)["protocol"].contains("truth_masks"));
  Suite blind = plain;
  blind.protocol.truth_masks = false;
  EXPECT_FALSE(SuiteFromDocument({"suite", ToJson(blind), {}}).protocol.truth_masks);
}

TEST(SuiteTest, TheProtocolsLimitsAreWhereTheySay) {
  const auto refusal = [](const char* key, const Json& value) {
    Json json = Json::parse(kSuite);
    json["protocol"][key] = value;
    return Refusal(DumpJson(json));
  };
  const auto expect = [&](const char* key, const Json& inside, const Json& outside) {
    EXPECT_EQ(refusal(key, inside), "accepted") << key << inside;
    EXPECT_THAT(refusal(key, outside), testing::HasSubstr(std::string("key '") + key)) << outside;
  };
  for (const char* side : {"width", "height"}) {
    expect(side, 16, 15);
    expect(side, 4096, 4097);
  }
  expect("frames", 10000, 10001);
  expect("frames", 4, 0);
  expect("fps", 1, 0.99);
  expect("fps", 240, 240.01);
  expect("conditioning_frames", 0, -1);
  expect("conditioning_frames", 23, 24);  // of 24 frames one must be left to make
  expect("samples_per_scene", 1, 0);
  expect("samples_per_scene", 1000, 1001);
}

TEST(SuiteTest, WrongTypesAndMissingKeysAreNamed) {
  using testing::AllOf;
  using testing::HasSubstr;
  EXPECT_THAT(Refusal(Replaced("\"quick\"", "7")), AllOf(HasSubstr("s.json:3"), HasSubstr("text")));
  EXPECT_THAT(Refusal(Replaced("\"quick\"", "\"\"")), HasSubstr("must not be empty"));
  EXPECT_THAT(Refusal(Replaced("\"version\": 2", "\"version\": 0")), HasSubstr("0 is outside 1"));
  EXPECT_THAT(Refusal(Replaced("\"seed\": 7", "\"seed\": -7")), HasSubstr("must not be negative"));
  EXPECT_THAT(Refusal(Replaced("\"seed\": 7", "\"seed\": \"7\"")), HasSubstr("whole number"));
  EXPECT_THAT(Refusal(Replaced("\"scenario\": \"drop\", ", "")),
              HasSubstr("'scenario': is missing"));
  EXPECT_THAT(Refusal(Replaced(", \"seeds\": [5]", "")), HasSubstr("'seeds': is missing"));
  EXPECT_THAT(Refusal(Replaced("[0, 1]", "0")), HasSubstr("expected a list of whole numbers"));
  EXPECT_THAT(Refusal(Replaced("[\"oracle\", \"frozen\"]", "\"oracle\"")),
              HasSubstr("list of texts"));
  EXPECT_THAT(Refusal(Replaced("  \"schema\": 1,\n", "")), HasSubstr("'schema': is missing"));
  EXPECT_THAT(Refusal(Replaced("\"models\"", "\"modles\"")), HasSubstr("did you mean 'models'"));
}

TEST(SuiteTest, TheSeedMayHaveAllItsBits) {
  const Suite suite = Parse(Replaced("\"seed\": 7", "\"seed\": 18446744073709551615"));
  EXPECT_EQ(suite.seed, 18446744073709551615ULL);
  EXPECT_EQ(Parse(DumpJson(ToJson(suite))).seed, suite.seed);
}

TEST(SuiteTest, FamiliesStandOnce) {
  Json json = Json::parse(kSuite);
  json["families"] = {"geometry", "dynamics"};
  EXPECT_EQ(Parse(DumpJson(json)).families, (std::vector<std::string>{"geometry", "dynamics"}));
  json["families"] = {"geometry", "geometry"};
  EXPECT_THAT(Refusal(DumpJson(json)), testing::HasSubstr("'geometry' stands twice"));
}

}  // namespace
}  // namespace plumb
