// SPDX-License-Identifier: Apache-2.0
#include "core/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"

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
  try {
    ManifestFromDocument(ParseJsonDocument(DumpJson(json), "manifest.json"));
  } catch (const UsageError& error) {
    return error.what();
  }
  return "accepted";
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

}  // namespace
}  // namespace plumb
