// SPDX-License-Identifier: Apache-2.0
#include "core/scene_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"

namespace plumb {
namespace {

Scene Example() {
  Scene scene;
  scene.id = "drop-1";
  scene.scenario = "drop";
  scene.seed = 1;
  scene.caption = "A red ball above a wooden floor.";
  Body ball;
  ball.name = "red ball";
  ball.shape = {ShapeKind::kSphere, {0.4, 0.4, 0.4}};
  ball.material.pattern = Pattern::kMarble;
  ball.world_from_body = {Eigen::Quaterniond(Eigen::AngleAxisd(0.3, Eigen::Vector3d::UnitX())),
                          {0.1, 0.2, 1.0 / 3.0}};
  Body floor;
  floor.name = "floor";
  floor.role = Role::kStructure;
  floor.fixed = true;
  scene.bodies = {ball, floor};
  scene.camera.motion = CameraMotion::kArc;
  scene.camera.sweep_rad = 0.7;
  return scene;
}

Scene Parse(const Json& json) {
  return SceneFromDocument(ParseJsonDocument(DumpJson(json), "scene.json"));
}

std::string Refusal(const Json& json) {
  try {
    Parse(json);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(SceneJsonTest, ComesBackToTheLastBit) {
  const Json json = ToJson(Example());
  const Scene back = Parse(json);
  EXPECT_EQ(ToJson(back), json);
  EXPECT_EQ(back.bodies[0].world_from_body.rotation.coeffs(),
            Example().bodies[0].world_from_body.rotation.coeffs());
}

TEST(SceneJsonTest, AHandWrittenSceneNeedsLittle) {
  const Scene scene = Parse({{"schema", 1}, {"id", "mine"}, {"bodies", {{{"name", "box"}}}}});
  EXPECT_EQ(scene.bodies[0].shape.kind, ShapeKind::kBox);
  EXPECT_DOUBLE_EQ(scene.gravity_mps2.z(), -9.81);
}

TEST(SceneJsonTest, MistakesAreNamed) {
  Json json = ToJson(Example());
  json["bodies"][0]["shape"] = "spere";
  EXPECT_THAT(Refusal(json), testing::HasSubstr("did you mean 'sphere'"));
  json = ToJson(Example());
  json["bodies"][0]["material"]["frction"] = 1;
  EXPECT_THAT(Refusal(json), testing::HasSubstr("did you mean 'friction'"));
  json = ToJson(Example());
  json["bodies"][0]["mass_kg"] = 0;
  EXPECT_THAT(Refusal(json), testing::HasSubstr("mass_kg is 0"));
  json = ToJson(Example());
  json["bodies"][0]["rotation_xyzw"] = {1, 1, 0, 0};
  EXPECT_THAT(Refusal(json), testing::HasSubstr("length of 1"));
  json = ToJson(Example());
  json["gravity_mps2"] = {1, 2};
  EXPECT_THAT(Refusal(json), testing::HasSubstr("three numbers"));
}

}  // namespace
}  // namespace plumb
