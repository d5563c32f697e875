// SPDX-License-Identifier: Apache-2.0
// Reflections, surroundings and film in scene files.
#include <gmock/gmock.h>

#include "core/errors.h"
#include "core/scene_json.h"

namespace plumb {
namespace {

Scene Shiny() {
  Scene scene;
  scene.id = "shiny-1";
  Body ball;
  ball.name = "ball";
  ball.shape = {ShapeKind::kSphere, {0.3, 0.3, 0.3}};
  ball.material.pattern = Pattern::kBrushed;
  ball.material.reflection = 0.6;
  ball.material.metal = 1;
  scene.bodies = {ball};
  scene.lighting.surroundings = Surroundings::kStudio;
  scene.lighting.film = 0.5;
  return scene;
}

TEST(SceneLookJsonTest, LooksComeBack) {
  const Json json = ToJson(Shiny());
  const Scene back = SceneFromDocument(ParseJsonDocument(DumpJson(json), "scene.json"));
  EXPECT_EQ(back.bodies[0].material.pattern, Pattern::kBrushed);
  EXPECT_EQ(back.bodies[0].material.reflection, 0.6);
  EXPECT_EQ(back.bodies[0].material.metal, 1);
  EXPECT_EQ(back.lighting.surroundings, Surroundings::kStudio);
  EXPECT_EQ(back.lighting.film, 0.5);
}

TEST(SceneLookJsonTest, DefaultsAreNotWrittenSoThatDigestsStay) {
  Scene scene = Shiny();
  scene.bodies[0].material = {};
  scene.lighting = {};
  const std::string text = DumpJson(ToJson(scene));
  for (const char* key : {"reflection", "metal", "surroundings", "film"}) {
    EXPECT_EQ(text.find(key), std::string::npos) << key;
  }
}

TEST(SceneLookJsonTest, SharesOutsideTheirRangeAreRefused) {
  Scene scene = Shiny();
  scene.bodies[0].material.reflection = 1.2;
  EXPECT_THROW(Validate(scene, "scene"), InputError);
  scene = Shiny();
  scene.bodies[0].material.metal = -0.1;
  EXPECT_THROW(Validate(scene, "scene"), InputError);
  scene = Shiny();
  scene.lighting.film = 2;
  EXPECT_THROW(Validate(scene, "scene"), InputError);
}

}  // namespace
}  // namespace plumb
