// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <gmock/gmock.h>

#include "scenes/catalogue.h"
#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_setting.h"

namespace plumb {
namespace {

const std::set<std::string_view> kFirst = {
    "drop", "bounce", "collide", "incline_slide", "occluder_pass", "orbit_room"};

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

TEST(SettingTest, TheFirstScenariosStayAsTheyWereAndAllOthersAreOnFilm) {
  for (const ScenarioInfo& info : ListScenarios()) {
    const Lighting lighting = MakeScene(info.id, 1, 1).lighting;
    EXPECT_EQ(lighting.film == 0, kFirst.contains(info.id)) << info.id;
    if (kFirst.contains(info.id)) EXPECT_EQ(lighting.surroundings, Surroundings::kEven) << info.id;
  }
}

TEST(SettingTest, TheCatalogueHasSkiesStudiosAndRooms) {
  std::set<Surroundings> seen;
  for (const ScenarioInfo& info : ListScenarios()) {
    seen.insert(MakeScene(info.id, 1, 1).lighting.surroundings);
  }
  EXPECT_EQ(seen.size(), 3u);
}

TEST(SettingTest, PlainChangesNothing) {
  const Scene before = Stage();
  const Scene after = Dressed(Setting::kPlain);
  EXPECT_EQ(after.lighting.centre_m, before.lighting.centre_m);
  EXPECT_EQ(after.lighting.area_share, before.lighting.area_share);
  EXPECT_EQ(after.lighting.film, 0);
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
