// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <set>

#include <gmock/gmock.h>

#include "scenes/catalogue.h"
#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_setting.h"

namespace plumb {
namespace {

Scene Stage() {
  Random random(3);
  return MakeStage(random, {});
}

Scene Dressed(Setting setting, uint64_t seed = 1) {
  Scene scene = Stage();
  Random random(seed);
  Dress(random, setting, scene);
  return scene;
}

TEST(SettingTest, EveryScenarioIsOnFilmWithASkyOrAStudioAround) {
  std::set<Surroundings> seen;
  for (const ScenarioInfo& info : ListScenarios()) {
    const Lighting lighting = MakeScene(info.id, 1, 1).lighting;
    EXPECT_GT(lighting.film, 0) << info.id;
    EXPECT_NE(lighting.surroundings, Surroundings::kEven) << info.id;
    seen.insert(lighting.surroundings);
  }
  EXPECT_EQ(seen.size(), 2u);
}

TEST(SettingTest, MostOfTheLightComesFromTheLampSoThatShadowsShow) {
  for (const ScenarioInfo& info : ListScenarios()) {
    const double share = MakeScene(info.id, 1, 2).lighting.area_share;
    EXPECT_GE(share, info.id == "corridor" ? 0.55 : 0.66) << info.id;
  }
}

TEST(SettingTest, AStudiosLampIsLargerThanARooms) {
  const Lighting room = Dressed(Setting::kRoom).lighting;
  EXPECT_EQ(room.side_m, Stage().lighting.side_m);
  EXPECT_GT(Dressed(Setting::kStudio).lighting.side_m, room.side_m + 0.2);
}

// Where the horizon is seen in a square picture: 0 in its middle, 1 at its upper edge.
double HorizonOf(const CameraPath& camera) {
  const Eigen::Vector3d away = camera.eye_m - camera.target_m;
  return std::tan(std::asin(away.normalized().z())) / std::tan(camera.fov_rad / 2);
}

TEST(SettingTest, OutdoorsTheHorizonIsInThePictureAndTheWallEndsBelowIt) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Scene scene = Dressed(Setting::kOutdoors, seed);
    const CameraPath before = Stage().camera;
    EXPECT_LT(HorizonOf(scene.camera), 0.7);
    EXPECT_NEAR((scene.camera.eye_m - scene.camera.target_m).norm(),
                (before.eye_m - before.target_m).norm(),
                1e-9);
    const Body& wall = scene.bodies[FindBody(scene, "back wall")];
    EXPECT_LT(wall.shape.size_m.z(), scene.camera.eye_m.z());
  }
}

TEST(SettingTest, ACameraThatLooksFromAboveStaysThere) {
  Scene above = Stage();
  above.camera.eye_m = above.camera.target_m + Eigen::Vector3d(0, -2, 2.5);
  const Eigen::Vector3d eye_m = above.camera.eye_m;
  Random random(1);
  Dress(random, Setting::kOutdoors, above);
  EXPECT_EQ(above.camera.eye_m, eye_m);

  Scene steep = Stage();
  steep.camera.eye_m = steep.camera.target_m + Eigen::Vector3d(0, -4, 1.7);
  EXPECT_GT(HorizonOf(steep.camera), 1.0);
  Dress(random, Setting::kOutdoors, steep);
  EXPECT_LT(HorizonOf(steep.camera), 0.7);
}

TEST(SettingTest, OnlyTheWallsOfATerraceAreOtherBodies) {
  for (const Setting setting : {Setting::kRoom, Setting::kStudio, Setting::kOutdoors}) {
    const Scene before = Stage();
    const Scene after = Dressed(setting);
    ASSERT_EQ(after.bodies.size(), before.bodies.size());
    for (size_t i = 0; i < after.bodies.size(); ++i) {
      const Body& body = after.bodies[i];
      EXPECT_EQ(body.material.colour, before.bodies[i].material.colour);
      const bool is_wall = body.name.ends_with("wall");
      EXPECT_EQ(body.shape.size_m != before.bodies[i].shape.size_m,
                is_wall && setting == Setting::kOutdoors)
          << body.name;
      // Walls still stand on the floor.
      if (!is_wall) continue;
      EXPECT_NEAR(body.world_from_body.translation.z(), body.shape.size_m.z() / 2, 1e-12);
    }
  }
}

TEST(SettingTest, TheSunStandsHighOnTheCamerasSideAndVaries) {
  std::set<double> sides;
  for (uint64_t seed = 0; seed < 30; ++seed) {
    const Scene scene = Dressed(Setting::kOutdoors, seed);
    const Eigen::Vector3d to_sun = (scene.lighting.centre_m - scene.camera.target_m).normalized();
    EXPECT_GT(to_sun.z(), 0.6);
    EXPECT_LT(to_sun.z(), 0.9);
    EXPECT_LT(to_sun.y(), -0.1);
    sides.insert(to_sun.x());
  }
  EXPECT_EQ(sides.size(), 30u);
  EXPECT_LT(*sides.begin(), -0.2);
  EXPECT_GT(*sides.rbegin(), 0.2);
}

}  // namespace
}  // namespace plumb
