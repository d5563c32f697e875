// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <gmock/gmock.h>

#include "core/check.h"
#include "scenes/catalogue/internal_look.h"

namespace plumb {
namespace {

constexpr int kDraws = 60;

// Distance of the strongest from the weakest channel: grey is 0.
double Chroma(const Eigen::Vector3d& srgb) { return srgb.maxCoeff() - srgb.minCoeff(); }

TEST(LookTest, ColoursOfOneSceneAreDistinctAndStrong) {
  Random random(1);
  for (int draw = 0; draw < kDraws; ++draw) {
    const std::vector<NamedColour> colours = PickColours(random, 7);
    std::set<std::string> names;
    for (size_t i = 0; i < colours.size(); ++i) {
      names.insert(colours[i].name);
      EXPECT_GT(Chroma(colours[i].srgb), 0.45) << colours[i].name;
      for (size_t k = 0; k < i; ++k) EXPECT_GT((colours[i].srgb - colours[k].srgb).norm(), 0.2);
    }
    EXPECT_EQ(names.size(), colours.size());
  }
  EXPECT_THROW(PickColours(random, 9), CheckFailure);
}

TEST(LookTest, EveryColourIsPickedFirstAtTimes) {
  Random random(2);
  std::set<std::string> first;
  for (int draw = 0; draw < 200; ++draw) first.insert(PickColours(random, 2).front().name);
  EXPECT_EQ(first.size(), 8u);
}

TEST(LookTest, FloorsAndWallsAreMutedAndTextured) {
  Random random(3);
  for (int draw = 0; draw < kDraws; ++draw) {
    for (const Material& material : {PickFloor(random), PickWall(random)}) {
      EXPECT_LT(Chroma(material.colour), 0.4) << material.name;
      EXPECT_NE(material.pattern, Pattern::kPlain);
      EXPECT_GT((material.colour - material.second_colour).norm(), 0.1) << material.name;
      // The pair's friction and restitution are then the object's own.
      EXPECT_EQ(material.friction, 1);
      EXPECT_EQ(material.restitution, 1);
    }
  }
}

TEST(LookTest, NoObjectLooksLikeItsSurroundings) {
  Random random(4);
  for (int draw = 0; draw < kDraws; ++draw) {
    const NamedColour colour = PickColours(random, 1).front();
    const Body object = MakeObject(random, {ShapeKind::kBox, {0.4, 0.4, 0.4}, colour});
    const Material floor = PickFloor(random);
    const Material wall = PickWall(random);
    for (const Material* other : {&floor, &wall}) {
      EXPECT_GT((object.material.colour - other->colour).norm(), 0.25)
          << object.name << " on " << other->name;
    }
  }
}

TEST(LookTest, AnObjectKeepsItsColourInItsPattern) {
  Random random(5);
  for (int draw = 0; draw < kDraws; ++draw) {
    const NamedColour colour = PickColours(random, 1).front();
    const Material material = PickObjectMaterial(random, {colour, 0.4});
    EXPECT_EQ(material.colour, colour.srgb);
    // The second colour leads with the same channel.
    int strongest = 0, second_strongest = 0;
    colour.srgb.maxCoeff(&strongest);
    material.second_colour.maxCoeff(&second_strongest);
    EXPECT_EQ(strongest, second_strongest) << colour.name;
  }
}

TEST(LookTest, MassGrowsWithVolume) {
  Random random(6);
  const NamedColour colour{"red", {0.8, 0.1, 0.1}};
  for (int draw = 0; draw < 20; ++draw) {
    const uint64_t seed = random.NextBits();
    Random first(seed), second(seed);
    const Body small = MakeObject(first, {ShapeKind::kSphere, {0.3, 0.3, 0.3}, colour});
    const Body large = MakeObject(second, {ShapeKind::kSphere, {0.6, 0.6, 0.6}, colour});
    EXPECT_EQ(small.material.name, large.material.name);
    EXPECT_NEAR(large.mass_kg / small.mass_kg, 8, 1e-9);
  }
}

TEST(LookTest, WordsComeWithTheirArticle) {
  EXPECT_EQ(WithArticle("red ball"), "a red ball");
  EXPECT_EQ(WithArticle("orange box"), "an orange box");
  Random random(7);
  Body body = MakeObject(random, {ShapeKind::kCone, {0.3, 0.3, 0.5}, {"orange", {0.9, 0.4, 0}}});
  body.material.name = "rubber";
  EXPECT_EQ(body.name, "orange cone");
  EXPECT_EQ(Describe(body, "orange"), "an orange rubber cone");
}

TEST(LookTest, AStageIsClosedTexturedAndLit) {
  Random random(8);
  for (int draw = 0; draw < 20; ++draw) {
    const Scene scene = MakeStage(random, {});
    ASSERT_EQ(scene.bodies.size(), 4u);
    for (const Body& body : scene.bodies) {
      EXPECT_TRUE(body.fixed);
      EXPECT_EQ(body.role, Role::kStructure);
    }
    EXPECT_EQ(scene.camera.motion, CameraMotion::kStatic);
    EXPECT_GT(scene.lighting.centre_m.z(), 3);
    EXPECT_THAT(DescribeStage(scene), ::testing::HasSubstr(" floor in front of a"));
  }
}

TEST(LookTest, TheSameSeedGivesTheSameStage) {
  Random first(9), second(9), other(10);
  const Scene a = MakeStage(first, {});
  const Scene b = MakeStage(second, {});
  EXPECT_EQ(a.camera.eye_m, b.camera.eye_m);
  EXPECT_EQ(a.bodies[0].material.colour, b.bodies[0].material.colour);
  EXPECT_NE(a.camera.eye_m, MakeStage(other, {}).camera.eye_m);
}

}  // namespace
}  // namespace plumb
