// SPDX-License-Identifier: Apache-2.0
#include "core/scenario_traits.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include <gmock/gmock.h>

#include "core/laws.h"

namespace plumb {
namespace {

using ::testing::ElementsAreArray;

Body Thing(const std::string& name, Role role, bool fixed) {
  Body body;
  body.name = name;
  body.role = role;
  body.fixed = fixed;
  return body;
}

TEST(ScenarioTraitsTest, EachScenarioHasOneRow) {
  std::set<std::string_view> seen;
  for (const ScenarioTraits& row : AllScenarioTraits()) {
    EXPECT_TRUE(seen.insert(row.scenario).second) << row.scenario;
    EXPECT_NE(row.traits, 0u) << row.scenario;
    EXPECT_EQ(TraitsOf(row.scenario), row.traits);
  }
  EXPECT_EQ(seen.size(), 50u);
  EXPECT_EQ(TraitsOf("no such scenario"), 0u);
}

// What needs something else has that too.
TEST(ScenarioTraitsTest, TraitsFitEachOther) {
  for (const ScenarioTraits& row : AllScenarioTraits()) {
    const auto has = [&](Traits traits) { return (row.traits & traits) == traits; };
    if (has(kMeets)) {
      EXPECT_TRUE(has(kMoves | kTwoObjects)) << row.scenario;
    }
    if (has(kFlies)) {
      EXPECT_TRUE(has(kMoves)) << row.scenario;
    }
    if (has(kBounces)) {
      EXPECT_TRUE(has(kMoves)) << row.scenario;
    }
    if (has(kTwoObjects)) {
      EXPECT_TRUE(has(kObjects)) << row.scenario;
    }
    if (has(kParallax)) {
      EXPECT_TRUE(has(kCameraMoves)) << row.scenario;
    }
  }
}

// The quick suite's plan hangs on these.
TEST(ScenarioTraitsTest, TheFirstSevenLawsShowWhereTheyEverDid) {
  const std::vector<std::string> scenarios = {
      "drop", "bounce", "collide", "incline_slide", "occluder_pass", "orbit_room"};
  const std::map<std::string, std::vector<std::string>> expected = {
      {"gravity", {"drop", "bounce"}},
      {"restitution", {"bounce", "collide"}},
      {"vanish", {"drop", "bounce", "collide", "incline_slide", "occluder_pass"}},
      {"teleport", {"drop", "bounce", "collide", "incline_slide", "occluder_pass"}},
      {"swap", {"collide", "occluder_pass"}},
      {"warp_px", {"orbit_room"}},
      {"drift_px", {"orbit_room"}}};
  for (const auto& [law, shows] : expected) {
    std::vector<std::string> found;
    for (const std::string& scenario : scenarios) {
      if (CanShow(FindLaw(law), scenario)) found.push_back(scenario);
    }
    EXPECT_THAT(found, ElementsAreArray(shows)) << law;
  }
}

TEST(ScenarioTraitsTest, ASceneOfTheCatalogueHasItsRow) {
  Scene scene;
  scene.scenario = "drop";
  EXPECT_EQ(TraitsOf(scene), TraitsOf("drop"));
  EXPECT_TRUE(CanShow(FindLaw("gravity"), scene));
}

TEST(ScenarioTraitsTest, AnotherSceneHasWhatItsBodiesAndCameraAllow) {
  Scene scene;
  scene.scenario = "by hand";
  scene.bodies = {Thing("floor", Role::kStructure, true)};
  EXPECT_EQ(TraitsOf(scene), kWalls);
  scene.bodies.push_back(Thing("stone", Role::kObject, true));
  EXPECT_EQ(TraitsOf(scene), kWalls | kObjects);
  EXPECT_FALSE(CanShow(FindLaw("gravity"), scene));
  scene.bodies.push_back(Thing("ball", Role::kObject, false));
  EXPECT_TRUE(CanShow(FindLaw("gravity"), scene));
  EXPECT_TRUE(CanShow(FindLaw("swap"), scene));
  EXPECT_FALSE(CanShow(FindLaw("momentum"), scene));
  scene.bodies.push_back(Thing("second ball", Role::kObject, false));
  EXPECT_TRUE(CanShow(FindLaw("momentum"), scene));
  EXPECT_FALSE(CanShow(FindLaw("warp_px"), scene));
  scene.camera.motion = CameraMotion::kYaw;
  EXPECT_TRUE(CanShow(FindLaw("warp_px"), scene));
  EXPECT_FALSE(CanShow(FindLaw("parallax_flat"), scene));
  scene.camera.motion = CameraMotion::kStatic;
  scene.camera.sway_m = 0.01;
  EXPECT_TRUE(CanShow(FindLaw("parallax_flat"), scene));
}

}  // namespace
}  // namespace plumb
