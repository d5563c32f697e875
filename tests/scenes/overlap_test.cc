// SPDX-License-Identifier: Apache-2.0
#include "scenes/overlap.h"

#include <cmath>
#include <numbers>

#include <gmock/gmock.h>

#include "scenes/catalogue.h"

namespace plumb {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

Body BodyAt(const std::string& name, ShapeKind kind, const Eigen::Vector3d& size_m, double z_m) {
  Body body;
  body.name = name;
  body.shape.kind = kind;
  body.shape.size_m = size_m;
  body.world_from_body.translation = {0, 0, z_m};
  return body;
}

// A ground whose top is at 0 and one body over it.
Scene OverGround(const Body& body) {
  Scene scene;
  scene.bodies = {BodyAt("ground", ShapeKind::kBox, {8, 8, 0.4}, -0.2), body};
  scene.bodies[0].fixed = true;
  return scene;
}

TEST(OverlapTest, EveryShapeReachesAsFarAsItsSize) {
  const Eigen::Vector3d size = {0.3, 0.3, 0.4};
  for (const ShapeKind kind : {ShapeKind::kSphere,
                               ShapeKind::kBox,
                               ShapeKind::kCylinder,
                               ShapeKind::kCone,
                               ShapeKind::kCapsule,
                               ShapeKind::kTorus,
                               ShapeKind::kHoop}) {
    Body body = BodyAt("it", kind, size, 0);
    if (kind == ShapeKind::kSphere) body.shape.size_m = {0.4, 0.4, 0.4};
    if (kind == ShapeKind::kTorus) body.shape.size_m = {0.9, 0.9, 0.4};
    body.shape.wall_m = 0.02;
    body.world_from_body.translation.z() = 0.2 - 0.02;
    const std::vector<Overlap> found = DeepOverlaps(OverGround(body));
    ASSERT_THAT(found, SizeIs(1)) << static_cast<int>(kind);
    EXPECT_NEAR(found[0].depth_m, 0.02, 1e-4) << static_cast<int>(kind);
    EXPECT_EQ(found[0].body_a, 0);
    EXPECT_EQ(found[0].body_b, 1);
    body.world_from_body.translation.z() = 0.2 - 0.004;
    EXPECT_THAT(DeepOverlaps(OverGround(body)), IsEmpty()) << static_cast<int>(kind);
  }
}

TEST(OverlapTest, TwoSpheresOverlapByWhatIsMissingBetweenTheirCentres) {
  Scene scene;
  scene.bodies = {BodyAt("a", ShapeKind::kSphere, {0.4, 0.4, 0.4}, 1),
                  BodyAt("b", ShapeKind::kSphere, {0.2, 0.2, 0.2}, 1.25)};
  const std::vector<Overlap> found = DeepOverlaps(scene);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_NEAR(found[0].depth_m, 0.05, 1e-6);
}

TEST(OverlapTest, ATurnedBoxReachesItsDiagonal) {
  Body box = BodyAt("box", ShapeKind::kBox, {0.2, 0.2, 0.2}, 0.12);
  EXPECT_THAT(DeepOverlaps(OverGround(box)), IsEmpty());
  box.world_from_body.rotation = Eigen::AngleAxisd(std::numbers::pi / 4, Eigen::Vector3d::UnitX());
  const std::vector<Overlap> found = DeepOverlaps(OverGround(box));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_NEAR(found[0].depth_m, 0.1 * std::sqrt(2.0) - 0.12, 1e-4);
}

TEST(OverlapTest, FixedBodiesAndJoinedOnesMayOverlap) {
  Scene scene = OverGround(BodyAt("box", ShapeKind::kBox, {0.2, 0.2, 0.2}, 0.05));
  EXPECT_THAT(DeepOverlaps(scene), SizeIs(1));
  scene.joints.resize(1);
  scene.joints[0].body_a = "box";
  scene.joints[0].body_b = "ground";
  EXPECT_THAT(DeepOverlaps(scene), IsEmpty());
  scene.joints.clear();
  scene.bodies[1].fixed = true;
  EXPECT_THAT(DeepOverlaps(scene), IsEmpty());
  scene.events.resize(1);
  scene.events[0].kind = SceneEventKind::kRelease;
  scene.events[0].body = "box";
  EXPECT_THAT(DeepOverlaps(scene), SizeIs(1)) << "it will move once it is released";
}

TEST(OverlapTest, ABallInsideOfAHoopTouchesNothing) {
  Scene scene;
  scene.bodies = {BodyAt("hoop", ShapeKind::kHoop, {0.6, 0.6, 0.2}, 1),
                  BodyAt("ball", ShapeKind::kSphere, {0.4, 0.4, 0.4}, 1)};
  scene.bodies[0].shape.wall_m = 0.03;
  EXPECT_THAT(DeepOverlaps(scene), IsEmpty());
  scene.bodies[1].shape.size_m = Eigen::Vector3d::Constant(0.58);
  EXPECT_THAT(DeepOverlaps(scene), SizeIs(1));
}

TEST(OverlapTest, TheHollowOfACompoundIsFree) {
  Body frame;
  frame.name = "frame";
  frame.shape.kind = ShapeKind::kCompound;
  for (const double side : {-0.3, 0.3}) {
    ShapePart part;
    part.shape.size_m = {0.1, 0.5, 0.5};
    part.body_from_part.translation = {side, 0, 0};
    frame.shape.parts.push_back(part);
  }
  frame.shape = WithExtents(frame.shape);
  Scene scene;
  scene.bodies = {frame, BodyAt("ball", ShapeKind::kSphere, {0.4, 0.4, 0.4}, 0)};
  EXPECT_THAT(DeepOverlaps(scene), IsEmpty());
  scene.bodies[1].world_from_body.translation.x() = 0.1;
  EXPECT_THAT(DeepOverlaps(scene), SizeIs(1));
}

TEST(OverlapTest, NoSceneOfTheCatalogueStartsWithADeepOverlap) {
  for (const ScenarioInfo& info : ListScenarios()) {
    for (uint64_t seed = 0; seed < 3; ++seed) {
      const Scene scene = MakeScene(info.id, 0, seed);
      for (const Overlap& overlap : DeepOverlaps(scene)) {
        ADD_FAILURE() << scene.id << ": " << scene.bodies[overlap.body_b].name << " is "
                      << overlap.depth_m << " m deep in " << scene.bodies[overlap.body_a].name;
      }
    }
  }
}

}  // namespace
}  // namespace plumb
