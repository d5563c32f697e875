// SPDX-License-Identifier: Apache-2.0
#include "core/camera_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "tests/core/message_of.h"

namespace plumb {
namespace {

using testing::HasSubstr;

Json CameraJson(double x_m) {
  return {{"size", {64, 48}},
          {"focal_px", {70, 71}},
          {"centre_px", {32, 24}},
          {"camera_from_world_xyzw", {0, 0, 0, 1}},
          {"camera_from_world_m", {x_m, 0, 2}}};
}

std::vector<Camera> Read(const Json& json) {
  return CameraPathFromDocument(ParseJsonDocument(DumpJson(json), "path.json"));
}

std::string Refusal(const Json& json) {
  return MessageOf<UsageError>([&] { Read(json); });
}

TEST(CameraJsonTest, APathIsReadInOrder) {
  const std::vector<Camera> path =
      Read({{"schema", 1}, {"cameras", {CameraJson(0.5), CameraJson(1.5)}}});
  ASSERT_EQ(path.size(), 2U);
  EXPECT_EQ(path[0].camera_from_world.translation.x(), 0.5);
  EXPECT_EQ(path[1].camera_from_world.translation.x(), 1.5);
  const Intrinsics& k = path[1].intrinsics;
  EXPECT_EQ(std::pair(k.width, k.height), std::pair(64, 48));
  EXPECT_EQ(std::tuple(k.fx_px, k.fy_px, k.cx_px, k.cy_px), std::tuple(70, 71, 32, 24));
}

TEST(CameraJsonTest, WhatIsNoPathIsRefused) {
  EXPECT_THAT(Refusal({{"schema", 1}, {"cameras", Json::array()}}),
              HasSubstr("key 'cameras': expected a camera for every frame"));
  EXPECT_THAT(Refusal({{"schema", 1}}), HasSubstr("expected a camera for every frame"));
  EXPECT_THAT(Refusal({{"cameras", {CameraJson(0)}}}), HasSubstr("key 'schema': is missing"));
  EXPECT_THAT(Refusal({{"schema", 2}, {"cameras", {CameraJson(0)}}}), HasSubstr("reads schema 1"));
  EXPECT_THAT(Refusal({{"schema", 1}, {"cameras", {CameraJson(0)}}, {"fps", 1}}),
              HasSubstr("'fps'"));
}

TEST(CameraJsonTest, ACameraNeedsAllItsNumbers) {
  const auto refusal = [](const char* key, const Json& value) {
    Json camera = CameraJson(0);
    camera[key] = value;
    return Refusal({{"schema", 1}, {"cameras", {CameraJson(0), camera}}});
  };
  EXPECT_THAT(refusal("size", {256}), HasSubstr("key 'size': expected 2 numbers"));
  EXPECT_THAT(refusal("focal_px", nullptr), HasSubstr("'focal_px': expected 2 numbers"));
  EXPECT_THAT(refusal("camera_from_world_xyzw", {1, 1, 1, 1}), HasSubstr("length 1"));
}

}  // namespace
}  // namespace plumb
