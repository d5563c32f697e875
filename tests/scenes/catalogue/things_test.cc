// SPDX-License-Identifier: Apache-2.0
// Tables, mugs, toy cars, lamps and ducks: whole, upright, heavy where they should be.
#include <set>

#include <gmock/gmock.h>

#include "core/mass_properties.h"
#include "scenes/catalogue.h"
#include "scenes/catalogue/internal_lines_of_sight.h"
#include "scenes/catalogue/internal_observing.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/catalogue/internal_things.h"
#include "scenes/rendering/internal_mesh.h"
#include "scenes/simulate.h"

namespace plumb {
namespace {

Body Make(Familiar kind, double size_m = 0.5) {
  Random random(5);
  return MakeFamiliar(random, {kind, {"red", {0.8, 0.1, 0.1}}, size_m});
}

TEST(ThingsTest, AreSoundCompoundsWithTheMassOfTheirParts) {
  std::set<std::string> names;
  for (const Familiar kind : kFamiliarThings) {
    const Body thing = Make(kind);
    EXPECT_EQ(FaultOf(thing.shape), "") << thing.name;
    EXPECT_EQ(thing.name.rfind("red ", 0), 0u);
    EXPECT_TRUE(names.insert(thing.name).second);
    EXPECT_TRUE(HasClosedForm(thing.shape));
    double mass_kg = 0;
    for (const ShapePart& part : thing.shape.parts) {
      mass_kg += part.density * VolumeOf(part.shape);
      EXPECT_GE(part.density, 200);
      EXPECT_LE(part.look, static_cast<int>(thing.part_materials.size()));
    }
    EXPECT_NEAR(thing.mass_kg, mass_kg, 1e-9);
    // Eight times the mass at twice the size.
    EXPECT_NEAR(Make(kind, 1.0).mass_kg, 8 * mass_kg, 1e-6 * mass_kg);
  }
}

TEST(ThingsTest, ReachFromTheFloorToTheSameHeightAboveTheirMiddle) {
  for (const Familiar kind : kFamiliarThings) {
    Body thing = Make(kind);
    EXPECT_NEAR(ReachBelow(thing), thing.shape.size_m.z() / 2, 1e-3) << thing.name;
    thing.world_from_body.rotation =
        Eigen::Quaterniond(Eigen::AngleAxisd(3.14159265358979, Eigen::Vector3d::UnitX()));
    EXPECT_NEAR(ReachBelow(thing), thing.shape.size_m.z() / 2, 1e-3) << thing.name;
  }
}

TEST(ThingsTest, TheirCentresOfMassAreWhereTheMatterIs) {
  for (const Familiar kind : kFamiliarThings) {
    EXPECT_NEAR(MassPropertiesOf(Make(kind).shape).centre_m.y(), 0, 1e-12);
  }
  // A table is heavy above, a lamp with a steel foot below, a mug towards its handle.
  EXPECT_GT(MassPropertiesOf(Make(Familiar::kTable).shape).centre_m.z(), 0.05);
  EXPECT_LT(MassPropertiesOf(Make(Familiar::kLamp).shape).centre_m.z(), -0.05);
  EXPECT_GT(MassPropertiesOf(Make(Familiar::kMug).shape).centre_m.x(), 0.01);
}

TEST(ThingsTest, StandWhereTheyArePut) {
  for (const Familiar kind : kFamiliarThings) {
    Scene scene;
    scene.id = "things-1";
    scene.bodies.push_back(
        FixedBox("floor", {0, 0, -0.25}, {6, 6, 0.5}, Material{.friction = 1.0}));
    Body thing = Make(kind);
    StandOnFloor(thing, {0, 0}, 0.4);
    scene.bodies.push_back(thing);
    const Motion motion = Simulate(scene, {.duration_s = 1.5});
    EXPECT_LT(LargestDrift(motion, 1).moved_m, 0.003) << thing.name;
    EXPECT_LT(LargestDrift(motion, 1).turned_rad, 0.01) << thing.name;
  }
}

TEST(ThingsTest, StandAboutInRoomsAndCrowds) {
  std::set<std::string> nouns;
  for (const char* name : {"static_room", "loop_room", "corridor", "crowd_count", "look_away"}) {
    int found = 0;
    for (int seed = 0; seed < 6; ++seed) {
      for (const Body& body : MakeScene(name, 3, seed).bodies) {
        if (body.role != Role::kObject || body.shape.kind != ShapeKind::kCompound) continue;
        ++found;
        nouns.insert(body.name.substr(body.name.find(' ') + 1));
      }
    }
    EXPECT_GT(found, 3) << name;
  }
  EXPECT_EQ(nouns, (std::set<std::string>{"table", "mug", "toy car", "lamp", "duck"}));
}

}  // namespace
}  // namespace plumb
