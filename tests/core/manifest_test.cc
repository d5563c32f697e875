// SPDX-License-Identifier: Apache-2.0
#include "core/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "tests/core/message_of.h"

namespace plumb {
namespace {

Manifest Example() {
  ManifestEntry entry;
  entry.cell_id = "drop-1/0";
  entry.prompt = "A red ball above a wooden floor.";
  entry.conditioning = {"drop-1/cond_000.png", "drop-1/cond_001.png"};
  entry.known_frames = {0, 1};
  entry.cameras = {{Intrinsics::FromVerticalFov(256, 256, 0.7),
                    Inverse(WorldFromCameraLookingAt({0, -4, 1}, {0, 0, 0}))}};
  entry.width = 256;
  entry.height = 256;
  entry.fps = 24;
  entry.frames = 48;
  entry.seed = 3;
  entry.output = "drop-1/0.mp4";
  return {1, "quick v1", "abc", {entry}};
}

std::string Refusal(const Json& json) {
  return MessageOf<UsageError>(
      [&] { ManifestFromDocument(ParseJsonDocument(DumpJson(json), "manifest.json")); });
}

// The refusal of the example with one key of its cell set to `value`.
std::string RefusalWith(const std::string& key, const Json& value) {
  Json json = ToJson(Example());
  json["cells"][0][key] = value;
  return Refusal(json);
}

TEST(ManifestTest, ComesBackFromItsOwnJson) {
  const Json json = ToJson(Example());
  const Manifest back = ManifestFromDocument(ParseJsonDocument(DumpJson(json), "m.json"));
  EXPECT_EQ(ToJson(back), json);
}

TEST(ManifestTest, PathsNeverLeaveTheFolder) {
  for (const char* path : {"/etc/passwd", "../x.mp4", "a/../../x.mp4"}) {
    Json json = ToJson(Example());
    json["cells"][0]["output"] = path;
    EXPECT_THAT(Refusal(json), testing::HasSubstr("relative path")) << path;
    json = ToJson(Example());
    json["cells"][0]["conditioning"][0] = path;
    EXPECT_THAT(Refusal(json), testing::HasSubstr("relative path")) << path;
  }
}

TEST(ManifestTest, MistakesAreNamed) {
  Json json = ToJson(Example());
  json["cells"].push_back(json["cells"][0]);
  EXPECT_THAT(Refusal(json), testing::HasSubstr("'drop-1/0' stands twice"));
  json = ToJson(Example());
  json["cells"][0]["status"] = "perhaps";
  EXPECT_THAT(Refusal(json), testing::HasSubstr("expected done, failed, refused"));
  json = ToJson(Example());
  json["cells"][0]["known_frames"] = {0};
  EXPECT_THAT(Refusal(json), testing::HasSubstr("one frame index per conditioning file"));
  json = ToJson(Example());
  json["cells"][0]["promt"] = "x";
  EXPECT_THAT(Refusal(json), testing::HasSubstr("did you mean 'prompt'"));
  json = ToJson(Example());
  json["cells"][0]["cameras"][0]["camera_from_world_xyzw"] = {1, 1, 1, 1};
  EXPECT_THAT(Refusal(json), testing::HasSubstr("quaternion"));
}

TEST(ManifestTest, NumbersOutOfRangeAreRefusedWithKeyAndRange) {
  using testing::HasSubstr;
  EXPECT_THAT(RefusalWith("width", -1), HasSubstr("key 'width': -1 is outside 0 to 65536"));
  EXPECT_THAT(RefusalWith("height", 4294967552), HasSubstr("key 'height'"));  // 256 in 32 bits
  EXPECT_THAT(RefusalWith("frames", 1000001), HasSubstr("key 'frames'"));
  EXPECT_THAT(RefusalWith("frames", 48.0), HasSubstr("expected a whole number"));
  EXPECT_THAT(RefusalWith("fps", -24), HasSubstr("key 'fps': must not be negative"));
  EXPECT_THAT(RefusalWith("seed", -1), HasSubstr("key 'seed': must not be negative"));
  EXPECT_THAT(RefusalWith("known_frames", {0, -1}), HasSubstr("-1 is no frame index"));
  EXPECT_THAT(RefusalWith("known_frames", {0, 4294967296}), HasSubstr("is no frame index"));
}

// Seeds are derived and use all 64 bits.
TEST(ManifestTest, EverySeedComesBack) {
  for (const uint64_t seed : {uint64_t{0}, uint64_t{1} << 63, ~uint64_t{0}}) {
    Manifest manifest = Example();
    manifest.entries[0].seed = seed;
    const Manifest back =
        ManifestFromDocument(ParseJsonDocument(DumpJson(ToJson(manifest)), "m.json"));
    EXPECT_EQ(back.entries[0].seed, seed);
  }
}

TEST(ManifestTest, EveryStatusOfTheListIsReadAndNoOther) {
  for (const char* status : {"", "done", "failed", "refused"}) {
    EXPECT_EQ(RefusalWith("status", status), "accepted") << status;
  }
  EXPECT_THAT(RefusalWith("status", "Done"), testing::HasSubstr("'Done', expected done, failed"));
}

TEST(ManifestTest, ACameraNeedsAllItsNumbers) {
  using testing::HasSubstr;
  const auto refusal = [](const char* key, const Json& value) {
    Json json = ToJson(Example());
    json["cells"][0]["cameras"][0][key] = value;
    return Refusal(json);
  };
  EXPECT_THAT(refusal("size", {256}), HasSubstr("key 'size': expected 2 numbers"));
  EXPECT_THAT(refusal("size", {0, 256}), HasSubstr("key 'size': expected 1 to 65536"));
  EXPECT_THAT(refusal("size", {256, 1e9}), HasSubstr("key 'size': expected 1 to 65536"));
  EXPECT_THAT(refusal("focal_px", {1, 2, 3}), HasSubstr("'focal_px': expected 2 numbers"));
  EXPECT_THAT(refusal("centre_px", nullptr), HasSubstr("'centre_px': expected 2 numbers"));
  EXPECT_THAT(refusal("camera_from_world_m", {1, 2}), HasSubstr("expected 3 numbers"));
  EXPECT_THAT(refusal("camera_from_world_xyzw", {0, 0, 0, 0}), HasSubstr("length 1"));
  EXPECT_THAT(refusal("focalpx", {1, 2}), HasSubstr("did you mean 'focal_px'?"));
}

TEST(ManifestTest, MistakesAreFoundAtTheirLine) {
  const std::string text =
      "{\n\"schema\": 1,\n\"cells\": [\n{\"cell_id\": \"a/0\"},\n"
      "{\"cell_id\": \"b/0\",\n\"output\": \"../b.mp4\"}]}";
  EXPECT_THAT(
      MessageOf<UsageError>([&] { ManifestFromDocument(ParseJsonDocument(text, "m.json")); }),
      testing::HasSubstr("m.json:6: key 'output': '../b.mp4' must be a relative path"));
}

TEST(ManifestTest, WhatIsNoManifestIsRefused) {
  using testing::HasSubstr;
  EXPECT_THAT(Refusal({{"cells", Json::array()}}), HasSubstr("key 'schema': is missing"));
  EXPECT_THAT(Refusal({{"schema", 2}, {"cells", Json::array()}}), HasSubstr("reads schema 1"));
  EXPECT_THAT(Refusal({{"schema", 1}, {"cells", 3}}), HasSubstr("expected a list"));
  EXPECT_THAT(Refusal({{"schema", 1}, {"cells", {{{"prompt", "x"}}}}}),
              HasSubstr("key 'cell_id': is missing"));
  EXPECT_THAT(Refusal({{"schema", 1}, {"cell", Json::array()}}), HasSubstr("mean 'cells'?"));
  EXPECT_EQ(Refusal({{"schema", 1}}), "accepted");  // nothing asked for yet
}

TEST(ManifestTest, DotsInsideNamesAreNoWayOut) {
  for (const char* path : {"a..b/..c.mp4", "./a.mp4", "a/.hidden"}) {
    EXPECT_EQ(RefusalWith("output", path), "accepted") << path;
  }
  for (const char* path : {"..", "a/..", "a/b/../../..", "//x"}) {
    EXPECT_THAT(RefusalWith("output", path), testing::HasSubstr("relative path")) << path;
  }
}

}  // namespace
}  // namespace plumb
