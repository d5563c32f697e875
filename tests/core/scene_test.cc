// SPDX-License-Identifier: Apache-2.0
#include "core/scene.h"

#include <numbers>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"

namespace plumb {
namespace {

Scene OneBall() {
  Scene scene;
  scene.id = "drop-1";
  Body ball;
  ball.name = "red ball";
  ball.shape = {ShapeKind::kSphere, {0.4, 0.4, 0.4}};
  scene.bodies.push_back(ball);
  return scene;
}

// The message with which the scene is refused after `spoil` changed it.
template <typename Spoil>
std::string Refusal(Spoil spoil) {
  Scene scene = OneBall();
  spoil(scene);
  try {
    Validate(scene, "scene.json");
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(SceneTest, VolumesMatchTheTextbook) {
  EXPECT_NEAR(VolumeOf({ShapeKind::kSphere, {2, 2, 2}}), 4.0 / 3 * std::numbers::pi, 1e-12);
  EXPECT_NEAR(VolumeOf({ShapeKind::kBox, {1, 2, 3}}), 6, 1e-12);
  EXPECT_NEAR(VolumeOf({ShapeKind::kCylinder, {2, 2, 3}}), 3 * std::numbers::pi, 1e-12);
  EXPECT_NEAR(VolumeOf({ShapeKind::kCone, {2, 2, 3}}), std::numbers::pi, 1e-12);
  // A capsule as long as it is wide is a sphere.
  EXPECT_NEAR(VolumeOf({ShapeKind::kCapsule, {2, 2, 2}}), 4.0 / 3 * std::numbers::pi, 1e-12);
}

TEST(SceneTest, SizeOfACubeOrSphereIsItsWidth) {
  EXPECT_NEAR(SizeOf({ShapeKind::kSphere, {0.4, 0.4, 0.4}}), 0.4, 1e-12);
}

TEST(SceneTest, MistakesAreNamedWithBodyAndKey) {
  using testing::HasSubstr;
  EXPECT_EQ(Refusal([](Scene&) {}), "accepted");
  EXPECT_THAT(Refusal([](Scene& s) { s.bodies[0].mass_kg = 0; }), HasSubstr("'red ball': mass_kg"));
  EXPECT_THAT(Refusal([](Scene& s) { s.bodies[0].material.restitution = 1.1; }),
              HasSubstr("restitution is 1.1, expected 0 to 1"));
  EXPECT_THAT(Refusal([](Scene& s) { s.bodies[0].material.friction = -1; }), HasSubstr("friction"));
  EXPECT_THAT(Refusal([](Scene& s) { s.bodies[0].shape.size_m.x() = 0; }), HasSubstr("size_m"));
  EXPECT_THAT(Refusal([](Scene& s) { s.bodies[0].velocity_mps.x() = std::nan(""); }),
              HasSubstr("finite"));
  EXPECT_THAT(Refusal([](Scene& s) { s.bodies.push_back(s.bodies[0]); }), HasSubstr("two bodies"));
  EXPECT_THAT(Refusal([](Scene& s) { s.bodies.clear(); }), HasSubstr("0 bodies"));
  EXPECT_THAT(Refusal([](Scene& s) { s.duration_s = 1e9; }), HasSubstr("duration_s"));
}

TEST(SceneTest, ArcKeepsItsDistanceAndTurnsBySweep) {
  CameraPath path;
  path.motion = CameraMotion::kArc;
  path.sweep_rad = 1.0;
  const Rigid3 start = WorldFromCamera(path, 0);
  const Rigid3 end = WorldFromCamera(path, 1);
  const Eigen::Vector3d a = start.translation - path.target_m;
  const Eigen::Vector3d b = end.translation - path.target_m;
  EXPECT_NEAR(a.norm(), b.norm(), 1e-12);
  const double turned = std::acos(a.head<2>().normalized().dot(b.head<2>().normalized()));
  EXPECT_NEAR(turned, 1.0, 1e-9);
}

TEST(SceneTest, YawKeepsThePlaceAndDollyTheDirection) {
  CameraPath path;
  path.motion = CameraMotion::kYaw;
  path.sweep_rad = 0.5;
  EXPECT_LT((WorldFromCamera(path, 1).translation - path.eye_m).norm(), 1e-12);
  EXPECT_NEAR(WorldFromCamera(path, 0).rotation.angularDistance(WorldFromCamera(path, 1).rotation),
              0.5,
              0.05);
  path.motion = CameraMotion::kDolly;
  path.travel_m = {1, 0, 0};
  EXPECT_NEAR(WorldFromCamera(path, 0).rotation.angularDistance(WorldFromCamera(path, 1).rotation),
              0.0,
              1e-9);
}

TEST(SceneTest, BodiesAreFoundByName) {
  EXPECT_EQ(FindBody(OneBall(), "red ball"), 0);
  EXPECT_EQ(FindBody(OneBall(), "blue ball"), -1);
}

}  // namespace
}  // namespace plumb
