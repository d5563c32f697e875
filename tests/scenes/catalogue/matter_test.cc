// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <gmock/gmock.h>

#include "core/check.h"
#include "scenes/catalogue/internal_matter.h"

namespace plumb {
namespace {

const NamedColour kRed{"red", {0.80, 0.08, 0.08}};

TEST(MatterTest, MattersAreFoundByName) {
  EXPECT_EQ(MatterNamed("steel").density_kgpm3, 7850);
  EXPECT_GT(MatterNamed("steel").metal, 0.5);
  EXPECT_LT(MatterNamed("ice").friction, 0.1);
  EXPECT_THROW(MatterNamed("butter"), CheckFailure);
}

TEST(MatterTest, AThingWeighsWhatItsVolumeOfTheMatterWeighs) {
  Random random(1);
  const Body cube =
      MakeThing(random, {"cork", "cube", {ShapeKind::kBox, Eigen::Vector3d::Constant(0.2)}, kRed});
  EXPECT_EQ(cube.name, "red cube");
  EXPECT_NEAR(cube.mass_kg, 0.008 * 240, 1e-12);
  EXPECT_EQ(cube.material.pattern, Pattern::kCork);
  EXPECT_EQ(cube.material.friction, MatterNamed("cork").friction);
}

TEST(MatterTest, PickedThingsAreHollowAndOfEveryStuff) {
  Random random(2);
  std::set<std::string> picked;
  for (int draw = 0; draw < 60; ++draw) {
    const Body ball =
        MakeObject(random, {ShapeKind::kSphere, Eigen::Vector3d::Constant(0.3), kRed});
    picked.insert(ball.material.name);
    EXPECT_LT(ball.mass_kg / VolumeOf(ball.shape), 800) << ball.material.name;
    EXPECT_EQ(ball.material.restitution, 0.5);
  }
  std::set<std::string> all;
  for (const Matter& matter : HollowMatter()) all.insert(matter.name);
  EXPECT_EQ(picked, all);
}

TEST(MatterTest, BareWoodIsMutedAndGrips) {
  const Material wood = BareWood();
  EXPECT_EQ(wood.name, "wooden");
  EXPECT_EQ(wood.friction, 1);
  EXPECT_LT(wood.colour.maxCoeff() - wood.colour.minCoeff(), 0.4);
}

}  // namespace
}  // namespace plumb
