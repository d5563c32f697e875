// SPDX-License-Identifier: Apache-2.0
#include "core/scene.h"

#include <cmath>
#include <limits>
#include <numbers>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/check.h"
#include "core/errors.h"
#include "core/seed.h"
#include "tests/core/message_of.h"

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
  return MessageOf<InputError>([&] { Validate(scene, "scene.json"); });
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

TEST(SceneTest, EveryNumberThatIsNotFiniteIsRefused) {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {std::nan(""), infinity}) {
    const auto refused = [&](auto set) {
      EXPECT_NE(Refusal([&](Scene& scene) { set(scene, scene.bodies[0]); }), "accepted") << bad;
    };
    refused([&](Scene&, Body& body) { body.mass_kg = bad; });
    refused([&](Scene&, Body& body) { body.shape.size_m.z() = bad; });
    refused([&](Scene&, Body& body) { body.world_from_body.translation.y() = bad; });
    refused([&](Scene&, Body& body) { body.angular_velocity_radps.x() = bad; });
    refused([&](Scene&, Body& body) { body.material.friction = bad; });
    refused([&](Scene&, Body& body) { body.material.rolling_friction_m = bad; });
    refused([&](Scene&, Body& body) { body.material.restitution = bad; });
    refused([&](Scene&, Body& body) { body.material.pattern_size_m = bad; });
    refused([&](Scene&, Body& body) { body.material.colour.x() = bad; });
    refused([&](Scene&, Body& body) { body.material.gloss = bad; });
    refused([&](Scene& scene, Body&) { scene.gravity_mps2.z() = bad; });
    refused([&](Scene& scene, Body&) { scene.duration_s = bad; });
    refused([&](Scene& scene, Body&) { scene.camera.eye_m.x() = bad; });
    refused([&](Scene& scene, Body&) { scene.camera.sweep_rad = bad; });
    refused([&](Scene& scene, Body&) { scene.camera.fov_rad = bad; });
  }
}

TEST(SceneTest, LimitsAreWhereTheySay) {
  EXPECT_EQ(Refusal([](Scene& s) { s.duration_s = 0.1; }), "accepted");
  EXPECT_EQ(Refusal([](Scene& s) { s.duration_s = 120; }), "accepted");
  EXPECT_NE(Refusal([](Scene& s) { s.duration_s = 0.099; }), "accepted");
  EXPECT_EQ(Refusal([](Scene& s) { s.bodies[0].material.restitution = 1; }), "accepted");
  EXPECT_EQ(Refusal([](Scene& s) { s.bodies[0].material.friction = 0; }), "accepted");
  const auto crowd = [](int count) {
    return Refusal([&](Scene& s) {
      s.bodies.resize(count, s.bodies[0]);
      for (int i = 0; i < count; ++i) s.bodies[i].name = std::to_string(i);
    });
  };
  EXPECT_EQ(crowd(1000), "accepted");
  EXPECT_EQ(crowd(1001), "scene.json: 1001 bodies, expected 1 to 1000");
}

TEST(SceneTest, AFixedBodyNeedsNoMass) {
  EXPECT_EQ(Refusal([](Scene& s) {
              s.bodies[0].fixed = true;
              s.bodies[0].mass_kg = 0;
            }),
            "accepted");
}

TEST(SceneTest, AGuidedBodyFollowsItsKeys) {
  Body door = OneBall().bodies[0];
  door.fixed = true;
  EXPECT_TRUE(IsStill(door));
  const Eigen::Quaterniond turned(Eigen::AngleAxisd(1.0, Eigen::Vector3d::UnitZ()));
  door.path = {{1.0, Rigid3(Eigen::Quaterniond::Identity(), {0, 0, 0})},
               {3.0, Rigid3(turned, {4, 0, 2})}};
  EXPECT_FALSE(IsStill(door));
  EXPECT_EQ(GuidedPose(door, 0).translation, Eigen::Vector3d(0, 0, 0));
  EXPECT_EQ(GuidedPose(door, 9).translation, Eigen::Vector3d(4, 0, 2));
  const Rigid3 half_way = GuidedPose(door, 2.0);
  EXPECT_LT((half_way.translation - Eigen::Vector3d(2, 0, 1)).norm(), 1e-12);
  EXPECT_NEAR(half_way.rotation.angularDistance(Eigen::Quaterniond::Identity()), 0.5, 1e-9);
}

TEST(SceneTest, PathsJointsAndEventsAreChecked) {
  using testing::HasSubstr;
  EXPECT_THAT(Refusal([](Scene& s) {
                s.bodies[0].path = {{0, {}}};
              }),
              HasSubstr("'red ball': only a fixed body follows a path"));
  EXPECT_THAT(Refusal([](Scene& s) {
                s.bodies[0].fixed = true;
                s.bodies[0].path = {{1, {}}, {1, {}}};
              }),
              HasSubstr("path 1 is not later"));
  const auto joined = [](const std::string& b, const Eigen::Vector3d& axis) {
    return Refusal([&](Scene& s) {
      s.joints = {{"rope", JointKind::kHinge, "red ball", b, {0, 0, 1}, axis}};
    });
  };
  EXPECT_EQ(joined("", {0, 1, 0}), "accepted");
  EXPECT_THAT(joined("hook", {0, 1, 0}), HasSubstr("joint 'rope': there is no body 'hook'"));
  EXPECT_THAT(joined("red ball", {0, 1, 0}), HasSubstr("to itself"));
  EXPECT_THAT(joined("", {0, 0, 0}), HasSubstr("axis not zero"));
  const auto with_event = [](const SceneEvent& event) {
    return Refusal([&](Scene& s) { s.events = {event}; });
  };
  EXPECT_EQ(with_event({1, SceneEventKind::kRemove, "red ball"}), "accepted");
  EXPECT_THAT(with_event({1, SceneEventKind::kRemove, "blue ball"}),
              HasSubstr("event 0: there is no 'blue ball'"));
  EXPECT_THAT(with_event({1, SceneEventKind::kBreak, "red ball"}), HasSubstr("no 'red ball'"));
  EXPECT_THAT(with_event({-1, SceneEventKind::kRemove, "red ball"}), HasSubstr("0 or more"));
  EXPECT_THAT(Refusal([](Scene& s) {
                s.events = {{2, SceneEventKind::kRemove, "red ball"},
                            {1, SceneEventKind::kRemove, "red ball"}};
              }),
              HasSubstr("event 1 is earlier"));
}

TEST(SceneTest, CameraKeysGoFromStartToEnd) {
  using testing::HasSubstr;
  const auto keyed = [](std::vector<double> shares) {
    return Refusal([&](Scene& s) {
      s.camera.motion = CameraMotion::kKeys;
      for (const double share : shares) s.camera.keys.push_back({share, {0, -3, 1}, {0, 0, 1}});
    });
  };
  EXPECT_EQ(keyed({0, 0.5, 1}), "accepted");
  EXPECT_THAT(keyed({0, 0.5}), HasSubstr("from share 0 to share 1"));
  EXPECT_THAT(keyed({}), HasSubstr("from share 0 to share 1"));
  EXPECT_THAT(keyed({0, 0.5, 0.5, 1}), HasSubstr("key 2 is not later"));
}

TEST(SceneTest, NamelessThingsAreRefused) {
  EXPECT_EQ(Refusal([](Scene& s) { s.id.clear(); }), "scene.json: id is empty");
  EXPECT_EQ(Refusal([](Scene& s) { s.bodies[0].name.clear(); }), "scene.json: a body has no name");
}

// A camera that cannot look is refused here, before a renderer breaks its own assumption on it.
TEST(SceneTest, ACameraThatIsAcceptedCanLook) {
  using testing::HasSubstr;
  EXPECT_THAT(Refusal([](Scene& s) { s.camera.target_m = s.camera.eye_m; }),
              HasSubstr("camera: eye_m and target_m"));
  const auto looks_down = [](Scene& s) {
    s.camera.target_m = s.camera.eye_m - Eigen::Vector3d(0, 0, 3);
  };
  EXPECT_EQ(Refusal(looks_down), "accepted");
  EXPECT_THAT(Refusal([](Scene& s) {
                s.camera.motion = CameraMotion::kKeys;
                s.camera.keys = {{0, {0, -2, 3}, {0, 0, 1}}, {1, {0, 0, 3}, {0, 0, 1}}};
              }),
              HasSubstr("key 1: either all keys look straight up or down or none"));
  EXPECT_THAT(Refusal([](Scene& s) { s.camera.fov_rad = 3.2; }),
              HasSubstr("fov_rad is 3.2, expected between 0 and π"));
  Random random(3);
  for (int i = 0; i < 500; ++i) {
    CameraPath path;
    path.motion = static_cast<CameraMotion>(random.Index(4));
    path.sweep_rad = random.Uniform(-7, 7);
    path.travel_m = {random.Normal(), random.Normal(), random.Normal()};
    // Down to a millionth off the vertical.
    const double slant = std::pow(10.0, random.Uniform(-8, 1));
    path.target_m = path.eye_m + Eigen::Vector3d(slant, 0, -1);
    const bool accepted = Refusal([&](Scene& s) { s.camera = path; }) == "accepted";
    if (!accepted) continue;
    for (const double share : {0.0, 0.3, 1.0}) {
      EXPECT_NO_THROW(WorldFromCamera(path, share)) << slant;
    }
  }
}

TEST(SceneTest, EveryPathBeginsAtItsEyeAndAStaticOneStays) {
  for (int motion = 0; motion < 4; ++motion) {
    CameraPath path;
    path.motion = static_cast<CameraMotion>(motion);
    path.sweep_rad = 0.8;
    path.travel_m = {0.3, 0.2, 0.1};
    EXPECT_LT((WorldFromCamera(path, 0).translation - path.eye_m).norm(), 1e-12);
    if (path.motion != CameraMotion::kStatic) continue;
    EXPECT_EQ(WorldFromCamera(path, 1).translation, path.eye_m);
  }
  CameraPath dolly;
  dolly.motion = CameraMotion::kDolly;
  dolly.travel_m = {2, 0, 1};
  EXPECT_LT((WorldFromCamera(dolly, 0.5).translation - dolly.eye_m - dolly.travel_m / 2).norm(),
            1e-12);
}

TEST(SceneTest, VolumeGrowsWithTheCubeAndSizeWithTheEdge) {
  for (int kind = 0; kind < 5; ++kind) {
    const Shape shape = {static_cast<ShapeKind>(kind), {0.4, 0.4, 0.9}};
    const Shape doubled = {shape.kind, 2 * shape.size_m};
    EXPECT_NEAR(VolumeOf(doubled), 8 * VolumeOf(shape), 1e-12);
    EXPECT_NEAR(SizeOf(doubled), 2 * SizeOf(shape), 1e-12);
    EXPECT_LE(VolumeOf(shape), shape.size_m.prod() + 1e-12);  // none exceeds its box
  }
}

}  // namespace
}  // namespace plumb
