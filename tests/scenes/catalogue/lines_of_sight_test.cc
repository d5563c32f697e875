// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <gmock/gmock.h>

#include "core/check.h"
#include "scenes/catalogue.h"
#include "scenes/catalogue/internal_lines_of_sight.h"
#include "scenes/render.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

std::optional<double> Entry(ShapeKind kind, const Eigen::Vector3d& size_m, const SightLine& line) {
  return EntryDistance(PlainBody("body", kind, size_m), Rigid3(), line);
}

TEST(LinesOfSightTest, ASphereIsMetAtItsNearSideOrNotAtAll) {
  const Eigen::Vector3d size = Eigen::Vector3d::Constant(2);
  EXPECT_NEAR(*Entry(ShapeKind::kSphere, size, {{-5, 0, 0}, {1, 0, 0}}), 4, 1e-12);
  // In units of the direction's length.
  EXPECT_NEAR(*Entry(ShapeKind::kSphere, size, {{-5, 0, 0}, {2, 0, 0}}), 2, 1e-12);
  EXPECT_NEAR(
      *Entry(ShapeKind::kSphere, size, {{-5, 0.6, 0}, {1, 0, 0}}), 5 - std::sqrt(0.64), 1e-12);
  EXPECT_FALSE(Entry(ShapeKind::kSphere, size, {{-5, 1.001, 0}, {1, 0, 0}}));
  EXPECT_FALSE(Entry(ShapeKind::kSphere, size, {{5, 0, 0}, {1, 0, 0}}));
}

TEST(LinesOfSightTest, ABoxIsMetAtTheFaceThatLooksHere) {
  const Eigen::Vector3d size(2, 4, 6);
  EXPECT_NEAR(*Entry(ShapeKind::kBox, size, {{-5, 1.9, 2.9}, {1, 0, 0}}), 4, 1e-12);
  EXPECT_NEAR(*Entry(ShapeKind::kBox, size, {{0, 0, 10}, {0, 0, -1}}), 7, 1e-12);
  EXPECT_FALSE(Entry(ShapeKind::kBox, size, {{-5, 2.1, 0}, {1, 0, 0}}));
}

TEST(LinesOfSightTest, ACylinderHasASideAndTwoCaps) {
  const Eigen::Vector3d size(2, 2, 4);
  EXPECT_NEAR(*Entry(ShapeKind::kCylinder, size, {{-5, 0.6, 1.9}, {1, 0, 0}}), 4.2, 1e-12);
  EXPECT_NEAR(*Entry(ShapeKind::kCylinder, size, {{0.9, 0, 5}, {0, 0, -1}}), 3, 1e-12);
  EXPECT_FALSE(Entry(ShapeKind::kCylinder, size, {{0.8, 0.7, 5}, {0, 0, -1}}));
  EXPECT_FALSE(Entry(ShapeKind::kCylinder, size, {{-5, 0, 2.1}, {1, 0, 0}}));
}

TEST(LinesOfSightTest, AConeNarrowsToItsTip) {
  // Radius 1 at z = −1, tip at z = 1: half the radius in the middle.
  const Eigen::Vector3d size(2, 2, 2);
  EXPECT_NEAR(*Entry(ShapeKind::kCone, size, {{-5, 0, 0}, {1, 0, 0}}), 4.5, 1e-12);
  EXPECT_NEAR(*Entry(ShapeKind::kCone, size, {{0.25, 0, 5}, {0, 0, -1}}), 4.5, 1e-12);
  EXPECT_NEAR(*Entry(ShapeKind::kCone, size, {{0.9, 0, -5}, {0, 0, 1}}), 4, 1e-12);
  EXPECT_NEAR(*Entry(ShapeKind::kCone, size, {{0, 0, 5}, {0, 0, -1}}), 4, 1e-9);
  EXPECT_FALSE(Entry(ShapeKind::kCone, size, {{-5, 0.55, 0}, {1, 0, 0}}));
  // The mirror cone above the tip is not there.
  EXPECT_FALSE(Entry(ShapeKind::kCone, size, {{-5, 0, 1.5}, {1, 0, 0}}));
}

TEST(LinesOfSightTest, AHoopIsOpenAlongItsAxis) {
  Body pipe = PlainBody("pipe", ShapeKind::kHoop, {2, 2, 4});
  pipe.shape.wall_m = 0.2;
  const auto entry = [&](const SightLine& line) { return EntryDistance(pipe, Rigid3(), line); };
  EXPECT_NEAR(*entry({{-5, 0, 0}, {1, 0, 0}}), 4, 1e-12);
  EXPECT_FALSE(entry({{0.7, 0, 5}, {0, 0, -1}}));
  EXPECT_NEAR(*entry({{0.9, 0, 5}, {0, 0, -1}}), 3, 1e-12);
  // In through the open end, against the inside: x = 0.8 after 1.6 along x, 1.6 below the start.
  EXPECT_NEAR(*entry({{-0.8, 0, 3}, {1, 0, -1}}), 1.6, 1e-12);
  EXPECT_FALSE(entry({{-0.5, 0, 2.5}, {0.2, 0, -1}}));
  EXPECT_TRUE(HasClosedForm(pipe.shape));
}

TEST(LinesOfSightTest, ACompoundIsMetAtItsNearestPart) {
  Body body = PlainBody("body", ShapeKind::kCompound, Eigen::Vector3d::Ones());
  ShapePart near, far;
  near.shape = {ShapeKind::kSphere, Eigen::Vector3d::Constant(1)};
  near.body_from_part.translation = {-2, 0, 0};
  far.shape = {ShapeKind::kBox, Eigen::Vector3d::Constant(1)};
  body.shape.parts = {far, near};
  EXPECT_NEAR(*EntryDistance(body, Rigid3(), {{-5, 0, 0}, {1, 0, 0}}), 2.5, 1e-12);
  EXPECT_NEAR(*EntryDistance(body, Rigid3(), {{5, 0, 0}, {-1, 0, 0}}), 4.5, 1e-12);
  EXPECT_TRUE(HasClosedForm(body.shape));
}

TEST(LinesOfSightTest, AShapeWithoutClosedFormIsRefused) {
  EXPECT_FALSE(HasClosedForm({ShapeKind::kTorus, {1, 1, 0.2}}));
  EXPECT_THROW(Entry(ShapeKind::kTorus, {1, 1, 0.2}, {{-5, 0, 0}, {1, 0, 0}}), CheckFailure);
}

TEST(LinesOfSightTest, ALoneBallCoversTheDiscThatItsTangentConeGives) {
  RenderOptions options = SmallOptions(1);
  options.width = options.height = 128;
  const Truth truth = MakeTruth(LoneSphere(), options);
  const SightView view = LookAt(truth, 0, 0);
  EXPECT_EQ(view.modal_px, view.amodal_px);
  EXPECT_EQ(view.presence(), Presence::kVisible);
  // tan of the half angle is r / √(d² − r²).
  const double radius_px = truth.cameras[0].intrinsics.fx_px * std::tan(std::asin(1.0 / 5.0));
  EXPECT_NEAR(view.amodal_px / (M_PI * radius_px * radius_px), 1, 0.02);
}

TEST(LinesOfSightTest, AWrongPresenceIsNoticed) {
  Truth truth = MakeTruth(MakeScene("occluder_pass", 1, 0), SmallOptions(8));
  const auto passed = [&] { return AllPassed(CheckPresence(truth)); };
  EXPECT_TRUE(passed());
  const int ball = 4;
  ASSERT_EQ(truth.scene.bodies[ball].role, Role::kObject);
  truth.views[3][ball].presence = Presence::kOccluded;
  EXPECT_FALSE(passed());
  truth.views[3][ball].presence = Presence::kVisible;
  truth.views[3][ball].visible_share = 0.5;
  EXPECT_FALSE(passed());
}

}  // namespace
}  // namespace plumb
