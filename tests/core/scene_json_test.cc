// SPDX-License-Identifier: Apache-2.0
#include "core/scene_json.h"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "core/seed.h"
#include "tests/core/message_of.h"

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
  return MessageOf<Error>([&] { Parse(json); });
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

Eigen::Vector3d RandomVector(Random& random, double reach) {
  return {
      random.Uniform(-reach, reach), random.Uniform(-reach, reach), random.Uniform(-reach, reach)};
}

Rigid3 RandomPose(Random& random) {
  Rigid3 pose;
  pose.rotation =
      Eigen::Quaterniond(random.Normal(), random.Normal(), random.Normal(), random.Normal())
          .normalized();
  pose.translation = RandomVector(random, 3);
  return pose;
}

Shape RandomShape(Random& random, ShapeKind kind) {
  Shape shape;
  shape.kind = kind;
  const double width_m = random.Uniform(0.1, 0.15);
  shape.size_m = {width_m, width_m, random.Uniform(0.05, 0.15)};
  if (kind == ShapeKind::kCapsule) shape.size_m.z() += 0.1;
  if (kind == ShapeKind::kTorus) shape.size_m.z() = 0.3 * width_m;
  if (kind == ShapeKind::kHoop) shape.wall_m = random.Uniform(0.001, 0.04);
  if (kind == ShapeKind::kConvex) {
    for (int i = 0; i < 9; ++i) shape.points_m.push_back(RandomVector(random, 0.2));
  }
  if (kind == ShapeKind::kCompound) {
    for (int i = 0; i < 3; ++i) {
      const auto part = static_cast<ShapeKind>(random.Index(8));
      shape.parts.push_back({RandomShape(random, part), RandomPose(random), random.Uniform(1, 2)});
    }
  }
  return WithExtents(shape);
}

Body RandomBody(Random& random, int index) {
  Body body;
  body.name = "body " + std::to_string(index);
  body.role = static_cast<Role>(random.Index(3));
  body.shape = RandomShape(random, static_cast<ShapeKind>(random.Index(9)));
  for (ShapePart& part : body.shape.parts) part.look = random.Index(2);
  if (!body.shape.parts.empty()) body.part_materials.resize(1);
  body.material.name = "mat\u00e9riau";
  body.material.pattern = static_cast<Pattern>(random.Index(8));
  body.material.colour = RandomVector(random, 1).cwiseAbs();
  body.material.second_colour = RandomVector(random, 1).cwiseAbs();
  body.material.pattern_size_m = random.Uniform(0.01, 2);
  body.material.gloss = random.Uniform();
  body.material.friction = random.Uniform(0, 3);
  body.material.rolling_friction_m = random.Uniform(0, 0.1);
  body.material.restitution = random.Uniform();
  body.fixed = random.Index(2) == 1;
  body.mass_kg = random.Uniform(0.01, 50);
  body.world_from_body = RandomPose(random);
  for (int i = 0; body.fixed && i < 3; ++i) body.path.push_back({0.5 * i, RandomPose(random)});
  body.velocity_mps = RandomVector(random, 5);
  body.angular_velocity_radps = RandomVector(random, 9);
  return body;
}

Scene RandomScene(uint64_t seed) {
  Random random(DeriveSeed(1, "scene", std::to_string(seed)));
  Scene scene;
  scene.id = "any-" + std::to_string(seed);
  scene.scenario = "any";
  scene.seed = random.NextBits();
  scene.caption = "A \"caption\" with\nlines.";
  scene.duration_s = random.Uniform(0.1, 120);
  scene.gravity_mps2 = RandomVector(random, 10);
  const int bodies = 1 + random.Index(6);
  for (int i = 0; i < bodies; ++i) scene.bodies.push_back(RandomBody(random, i));
  scene.paraphrases = {"One.", "Two."};
  scene.outcome = "It falls.";
  for (int i = 1; i < bodies; ++i) {
    scene.joints.push_back({"joint " + std::to_string(i),
                            static_cast<JointKind>(random.Index(4)),
                            "body 0",
                            "body " + std::to_string(i),
                            RandomVector(random, 2),
                            RandomVector(random, 1),
                            random.Index(2) == 1});
    scene.events.push_back({0.25 * i,
                            static_cast<SceneEventKind>(random.Index(3)),
                            "body " + std::to_string(i),
                            RandomVector(random, 1),
                            RandomVector(random, 1)});
    scene.events.push_back({0.25 * i, SceneEventKind::kBreak, scene.joints.back().name});
  }
  scene.lighting.centre_m = RandomVector(random, 5);
  scene.lighting.side_m = random.Uniform(0.1, 3);
  scene.lighting.area_share = random.Uniform();
  scene.lighting.background = RandomVector(random, 1).cwiseAbs();
  scene.camera.motion = static_cast<CameraMotion>(random.Index(5));
  if (scene.camera.motion == CameraMotion::kKeys) {
    scene.camera.keys = {{0, {0, -4, 1}, {0, 0, 1}}, {0.3, {1, -3, 1}, {0, 0, 2}}, {1, {2, -3, 1}}};
  }
  scene.camera.there_and_back = random.Index(2) == 1;
  scene.camera.sway_m = random.Uniform(0, 0.02);
  scene.camera.sway_rad = random.Uniform(0, 0.02);
  scene.camera.sway_seed = random.NextBits();
  scene.camera.sway_s = random.Uniform(1, 9);
  scene.camera.eye_m = RandomVector(random, 4);
  scene.camera.target_m = scene.camera.eye_m + Eigen::Vector3d(1, 0.5, random.Normal());
  scene.camera.sweep_rad = random.Uniform(-3, 3);
  scene.camera.travel_m = RandomVector(random, 1);
  scene.camera.fov_rad = random.Uniform(0.1, 3);
  return scene;
}

// Written, parsed and read again, every field of every scene is the same to the last bit.
TEST(SceneJsonTest, EveryRandomSceneComesBackToTheLastBit) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    const Json json = ToJson(RandomScene(seed));
    const Scene back = Parse(json);
    ASSERT_EQ(DumpJson(ToJson(back)), DumpJson(json)) << seed;
    ASSERT_EQ(back.seed, RandomScene(seed).seed);
  }
}

// No field is forgotten by the reader: each one that is changed in the text changes the scene.
TEST(SceneJsonTest, EveryNumberOfTheTextIsRead) {
  const Json whole = ToJson(Example());
  const Json flat = whole.flatten();
  int changed = 0;
  for (const auto& [pointer, value] : flat.items()) {
    if (!value.is_number_float() || pointer.find("rotation") != std::string::npos) continue;
    Json json = whole;
    json[Json::json_pointer(pointer)] = value.get<double>() + 0.125;
    EXPECT_EQ(ToJson(Parse(json)), json) << pointer;
    ++changed;
  }
  EXPECT_GT(changed, 40);
}

TEST(SceneJsonTest, UnknownNamesListOrSuggestTheKnown) {
  using testing::HasSubstr;
  const auto refusal = [](const char* pointer, const char* name) {
    Json json = ToJson(Example());
    json[Json::json_pointer(pointer)] = name;
    return Refusal(json);
  };
  EXPECT_THAT(refusal("/bodies/0/material/pattern", "chequer"), HasSubstr("'checker'"));
  EXPECT_THAT(refusal("/bodies/0/role", "actor"),
              HasSubstr("unknown 'actor'; expected one of: object, occluder, structure"));
  EXPECT_THAT(refusal("/camera/motion", "statc"), HasSubstr("did you mean 'static'?"));
  EXPECT_THAT(refusal("/bodies/1/shape", ""), HasSubstr("unknown ''"));
}

TEST(SceneJsonTest, MistakesAreFoundAtTheirLine) {
  const std::string text = DumpJson(ToJson(Example()));
  const size_t at = text.find("\"mass_kg\": 1.0");
  ASSERT_NE(at, std::string::npos);
  const auto line =
      1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  std::string wrong = text;
  wrong.replace(at, 14, "\"mass_kg\": true");
  EXPECT_THAT(MessageOf<UsageError>([&] { SceneFromDocument(ParseJsonDocument(wrong, "s.json")); }),
              testing::HasSubstr("s.json:" + std::to_string(line) + ": key 'mass_kg'"));
}

TEST(SceneJsonTest, AListOfAnotherLengthOrABadSeedIsRefused) {
  using testing::HasSubstr;
  const auto refusal = [](const char* pointer, const Json& value) {
    Json json = ToJson(Example());
    json[Json::json_pointer(pointer)] = value;
    return Refusal(json);
  };
  EXPECT_THAT(refusal("/bodies/0/rotation_xyzw", {0, 0, 1}), HasSubstr("four numbers x, y, z, w"));
  EXPECT_THAT(refusal("/bodies/0/size_m", {1, 1, 1, 1}), HasSubstr("three numbers"));
  EXPECT_THAT(refusal("/bodies/0/size_m", 1), HasSubstr("list of numbers"));
  EXPECT_THAT(refusal("/seed", -1), HasSubstr("must not be negative"));
  EXPECT_THAT(refusal("/schema", 2), HasSubstr("reads schema 1"));
  EXPECT_THAT(refusal("/bodies", Json::array()), HasSubstr("0 bodies, expected 1 to 1000"));
  EXPECT_THAT(refusal("/camera/target_m", ToJson(Example())["camera"]["eye_m"]),
              HasSubstr("must be apart"));
}

}  // namespace
}  // namespace plumb
