// SPDX-License-Identifier: Apache-2.0
// Bodies of another form, size and colour.
#include <gmock/gmock.h>

#include "core/errors.h"
#include "scenes/sabotage/internal_forms.h"
#include "scenes/sabotage/internal_restart.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

Body BodyOf(ShapeKind kind, const Eigen::Vector3d& size_m) { return PlainBody("it", kind, size_m); }

Body Compound() {
  Body body = BodyOf(ShapeKind::kCompound, {1, 1, 1});
  ShapePart part;
  part.shape = {ShapeKind::kBox, {0.2, 0.2, 0.4}};
  part.body_from_part.translation = {0.3, 0, 0};
  body.shape.parts = {part};
  body.shape = WithExtents(body.shape);
  return body;
}

TEST(FormsTest, ALongerBodyKeepsItsVolume) {
  for (const Body& body : {BodyOf(ShapeKind::kSphere, {0.4, 0.4, 0.4}),
                           BodyOf(ShapeKind::kBox, {0.2, 0.3, 0.4}),
                           BodyOf(ShapeKind::kCylinder, {0.3, 0.3, 0.5}),
                           BodyOf(ShapeKind::kCone, {0.3, 0.3, 0.5})}) {
    for (const double share : {0.1, 0.5, 1.0}) {
      const Shape longer = Lengthened(body, share);
      EXPECT_EQ(FaultOf(longer), "");
      EXPECT_NEAR(VolumeOf(longer) / VolumeOf(body.shape), 1, 1e-6);
      EXPECT_NEAR(longer.size_m.z(), (1 + share) * body.shape.size_m.z(), 1e-9);
      EXPECT_LT(longer.size_m.x(), body.shape.size_m.x());
    }
  }
}

TEST(FormsTest, ASphereBecomesACapsuleAndCompoundsRefuse) {
  EXPECT_EQ(Lengthened(BodyOf(ShapeKind::kSphere, {0.4, 0.4, 0.4}), 0.2).kind, ShapeKind::kCapsule);
  EXPECT_THROW(Lengthened(Compound(), 0.2), UsageError);
}

TEST(FormsTest, ATorusGrowsWideAndKeepsARoundTube) {
  const Body ring = BodyOf(ShapeKind::kTorus, {0.5, 0.5, 0.1});
  const Shape wider = Lengthened(ring, 0.5);
  EXPECT_EQ(FaultOf(wider), "");
  EXPECT_NEAR(wider.size_m.x(), 0.75, 1e-12);
  EXPECT_EQ(wider.size_m.x(), wider.size_m.y());
}

TEST(FormsTest, ScalingMultipliesVolumesByTheCube) {
  for (const Body& body : {BodyOf(ShapeKind::kSphere, {0.4, 0.4, 0.4}),
                           BodyOf(ShapeKind::kCapsule, {0.2, 0.2, 0.6}),
                           Compound()}) {
    EXPECT_NEAR(VolumeOf(Scaled(body.shape, 1.5)) / VolumeOf(body.shape), 3.375, 1e-9);
    EXPECT_NEAR(SizeOf(Scaled(body.shape, 1.5)) / SizeOf(body.shape), 1.5, 1e-9);
  }
  EXPECT_NEAR(Scaled(Compound().shape, 2).parts[0].body_from_part.translation.x(), 0.6, 1e-12);
}

TEST(FormsTest, WhatRestsStaysOnItsFeet) {
  Body box = BodyOf(ShapeKind::kBox, {0.2, 0.2, 0.2});
  box.world_from_body.translation.z() = 0.1;
  Body resting = box;
  Reshape(Scaled(box.shape, 2), true, resting);
  EXPECT_NEAR(resting.world_from_body.translation.z(), 0.2, 1e-9);
  Body flying = box;
  Reshape(Scaled(box.shape, 2), false, flying);
  EXPECT_EQ(flying.world_from_body.translation.z(), 0.1);
}

TEST(FormsTest, ColoursGoRoundTheWheel) {
  Material red;
  red.colour = {0.8, 0.2, 0.2};
  Material turned = red;
  TurnColours(turned, 0);
  EXPECT_LT((turned.colour - red.colour).norm(), 1e-12);
  // Half the wheel makes red cyan; a third of the wheel makes it green.
  TurnColours(turned, 1);
  EXPECT_LT((turned.colour - Eigen::Vector3d(0.2, 0.8, 0.8)).norm(), 1e-12);
  Material green = red;
  TurnHues(green, 2.0 / 3);
  EXPECT_LT((green.colour - Eigen::Vector3d(0.2, 0.8, 0.2)).norm(), 1e-12);
}

TEST(FormsTest, OnlyTurningColoursGivesGreyOne) {
  Material grey;
  grey.colour = {0.5, 0.5, 0.5};
  Material hue = grey;
  TurnHues(hue, 0.7);
  EXPECT_LT((hue.colour - grey.colour).norm(), 1e-12);
  TurnColours(grey, 0.7);
  EXPECT_GT(grey.colour.maxCoeff() - grey.colour.minCoeff(), 0.1);
}

TEST(FormsTest, AllMaterialsOfABodyTurn) {
  Body body = Compound();
  body.material.colour = {0.8, 0.2, 0.2};
  Material part;
  part.colour = {0.2, 0.2, 0.8};
  body.part_materials = {part};
  TurnColours(body, 1);
  EXPECT_LT((body.material.colour - Eigen::Vector3d(0.2, 0.8, 0.8)).norm(), 1e-12);
  EXPECT_LT((body.part_materials[0].colour - Eigen::Vector3d(0.8, 0.8, 0.2)).norm(), 1e-12);
}

}  // namespace
}  // namespace plumb
