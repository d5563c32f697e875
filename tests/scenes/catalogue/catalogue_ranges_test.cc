// SPDX-License-Identifier: Apache-2.0
// The stated ranges of the scenarios' parameters, over many seeds.
#include <cmath>
#include <set>

#include <gmock/gmock.h>

#include "scenes/catalogue.h"
#include "scenes/rendering/internal_mesh.h"
#include "scenes/simulate.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Le;

constexpr int kSeeds = 50;

std::vector<Scene> ScenesOf(std::string_view scenario) {
  std::vector<Scene> scenes;
  for (int seed = 0; seed < kSeeds; ++seed) scenes.push_back(MakeScene(scenario, 23, seed));
  return scenes;
}

std::vector<Body> ObjectsOf(const Scene& scene) {
  std::vector<Body> objects;
  for (const Body& body : scene.bodies) {
    if (body.role == Role::kObject) objects.push_back(body);
  }
  return objects;
}

auto Between(double low, double high) { return AllOf(Ge(low), Le(high)); }

double HeightAboveFloor(const Body& body) {
  return body.world_from_body.translation.z() - ReachBelow(body);
}

TEST(CatalogueRangesTest, DropsHangHighEnoughAndHardlyBounce) {
  int balls = 0;
  for (const Scene& scene : ScenesOf("drop")) {
    const std::vector<Body> objects = ObjectsOf(scene);
    ASSERT_EQ(objects.size(), 1u);
    const Body& object = objects[0];
    EXPECT_THAT(HeightAboveFloor(object), Between(1.35, 1.6)) << scene.id;
    EXPECT_THAT(object.material.restitution, Between(0.05, 0.3));
    EXPECT_THAT(object.world_from_body.translation.x(), Between(-0.5, 0.5));
    EXPECT_EQ(object.velocity_mps.norm(), 0);
    EXPECT_EQ(object.angular_velocity_radps.norm(), 0);
    balls += object.shape.kind == ShapeKind::kSphere;
  }
  EXPECT_THAT(balls, Between(8, 32));
}

TEST(CatalogueRangesTest, BouncesAreLivelyAndDriftToBothSides) {
  int to_the_right = 0;
  for (const Scene& scene : ScenesOf("bounce")) {
    const std::vector<Body> objects = ObjectsOf(scene);
    ASSERT_EQ(objects.size(), 1u);
    const Body& ball = objects[0];
    EXPECT_EQ(ball.shape.kind, ShapeKind::kSphere);
    EXPECT_THAT(ball.shape.size_m.x(), Between(0.36, 0.46));
    EXPECT_THAT(ball.material.restitution, Between(0.62, 0.86));
    EXPECT_THAT(HeightAboveFloor(ball), Between(1.0, 1.35));
    EXPECT_THAT(std::abs(ball.velocity_mps.x()), Between(0.1, 0.4));
    to_the_right += ball.velocity_mps.x() > 0;
    // It starts on the side from which it drifts inwards.
    EXPECT_LE(ball.world_from_body.translation.x() * ball.velocity_mps.x(), 0.05);
  }
  EXPECT_THAT(to_the_right, Between(10, 40));
}

TEST(CatalogueRangesTest, CollisionsAreBetweenEqualBallsOnTheFloor) {
  for (const Scene& scene : ScenesOf("collide")) {
    const std::vector<Body> objects = ObjectsOf(scene);
    ASSERT_EQ(objects.size(), 2u);
    const Body& mover = objects[0];
    const Body& target = objects[1];
    EXPECT_EQ(mover.shape.size_m, target.shape.size_m);
    EXPECT_THAT(mover.shape.size_m.x(), Between(0.36, 0.44));
    EXPECT_THAT(mover.velocity_mps.norm(), Between(0.95, 1.3));
    EXPECT_EQ(target.velocity_mps.norm(), 0);
    // Towards the target, rolling without slipping.
    const Eigen::Vector3d gap =
        target.world_from_body.translation - mover.world_from_body.translation;
    EXPECT_GT(gap.dot(mover.velocity_mps), 0);
    EXPECT_NEAR(mover.angular_velocity_radps.y() * mover.shape.size_m.x() / 2,
                mover.velocity_mps.x(),
                1e-12);
    EXPECT_THAT(mover.material.restitution * target.material.restitution, Between(0.6, 0.9));
    for (const Body& ball : objects) {
      EXPECT_NEAR(HeightAboveFloor(ball), 0, 2e-6);
      EXPECT_EQ(ball.material.friction, 0.05);
    }
  }
}

TEST(CatalogueRangesTest, RampsAreSteepEnoughForTheirFriction) {
  for (const Scene& scene : ScenesOf("incline_slide")) {
    const std::vector<Body> objects = ObjectsOf(scene);
    ASSERT_EQ(objects.size(), 1u);
    const Body& block = objects[0];
    const double slope_rad =
        std::acos((block.world_from_body.rotation * Eigen::Vector3d::UnitZ()).z());
    EXPECT_THAT(slope_rad, Between(0.36, 0.5)) << scene.id;
    EXPECT_GT(block.material.friction, 0.1);
    EXPECT_LT(block.material.friction, std::tan(slope_rad));
    const Body& ramp = scene.bodies[FindBody(scene, "ramp")];
    EXPECT_LT(ramp.world_from_body.rotation.angularDistance(block.world_from_body.rotation), 1e-9);
    // The block lies on the slab: half of both thicknesses apart.
    const Eigen::Vector3d x_in_ramp =
        Inverse(ramp.world_from_body) * block.world_from_body.translation;
    EXPECT_NEAR(x_in_ramp.z(), (ramp.shape.size_m.z() + block.shape.size_m.z()) / 2, 2e-6);
    for (const char* post : {"front post", "rear post"}) EXPECT_GE(FindBody(scene, post), 0);
  }
}

TEST(CatalogueRangesTest, ScreensAreWideEnoughToHideTheBall) {
  for (const Scene& scene : ScenesOf("occluder_pass")) {
    const std::vector<Body> objects = ObjectsOf(scene);
    ASSERT_EQ(objects.size(), 2u);
    const Body& ball = objects[0];
    const Body& screen = scene.bodies[FindBody(scene, "screen")];
    EXPECT_EQ(screen.role, Role::kOccluder);
    EXPECT_TRUE(screen.fixed);
    EXPECT_GT(screen.shape.size_m.x(), 1.5 * ball.shape.size_m.x()) << scene.id;
    EXPECT_GT(screen.shape.size_m.z(), ball.shape.size_m.z());
    // Between camera and ball, never in the ball's way.
    const double screen_y_m = screen.world_from_body.translation.y();
    EXPECT_GT(screen_y_m, scene.camera.eye_m.y());
    EXPECT_LT(screen_y_m + screen.shape.size_m.y() / 2, -ball.shape.size_m.x() / 2);
    EXPECT_THAT(ball.velocity_mps.norm(), Between(1.25, 1.35));
    EXPECT_LT(ball.velocity_mps.x() * ball.world_from_body.translation.x(), 0);
    EXPECT_GT(objects[1].world_from_body.translation.y(), 1.1);
  }
}

TEST(CatalogueRangesTest, TheCameraOfARoomTurnsToBothSidesByAStatedAngle) {
  int to_the_right = 0;
  for (const Scene& scene : ScenesOf("orbit_room")) {
    EXPECT_THAT(std::abs(scene.camera.sweep_rad), Between(0.45, 0.75)) << scene.id;
    EXPECT_THAT(scene.camera.eye_m.head<2>().norm(), Between(2.9, 3.1));
    EXPECT_THAT(scene.camera.fov_rad, Between(0.88, 0.98));
    to_the_right += scene.camera.sweep_rad > 0;
    EXPECT_THAT(scene.caption,
                HasSubstr(scene.camera.sweep_rad > 0 ? "arc to the right" : "arc to the left"));
    int pictures = 0;
    for (const Body& body : scene.bodies) {
      EXPECT_TRUE(body.fixed);
      pictures += body.material.name == "picture";
      // Everything is textured, for anybody who looks for tracks.
      EXPECT_NE(body.material.pattern, Pattern::kPlain) << body.name;
    }
    EXPECT_EQ(pictures, 12);
  }
  EXPECT_THAT(to_the_right, Between(10, 40));
}

class CatalogueRangesTestOfScenario : public ::testing::TestWithParam<std::string> {};

TEST_P(CatalogueRangesTestOfScenario, EverySceneIsValidLitFromAboveAndNamedOnce) {
  for (const Scene& scene : ScenesOf(GetParam())) {
    EXPECT_NO_THROW(Validate(scene, scene.id));
    EXPECT_EQ(scene.scenario, GetParam());
    EXPECT_EQ(scene.id, SceneId(GetParam(), scene.seed));
    EXPECT_EQ(scene.duration_s, 2.0);
    EXPECT_EQ(scene.gravity_mps2, Eigen::Vector3d(0, 0, -9.81));
    EXPECT_GT(scene.lighting.centre_m.z(), 2.5);
    // The sun outshines the sky more than a lamp its room.
    const bool sun = scene.lighting.surroundings == Surroundings::kSky;
    EXPECT_THAT(scene.lighting.area_share, Between(0.5, sun ? 0.82 : 0.8));
    std::set<std::string> names;
    for (const Body& body : scene.bodies) names.insert(body.name);
    EXPECT_EQ(names.size(), scene.bodies.size());
  }
}

TEST_P(CatalogueRangesTestOfScenario, NothingIsPushedApartAtTheStart) {
  // Without gravity and speed a body moves only when it overlaps another.
  for (Scene& scene : std::vector<Scene>(ScenesOf(GetParam()))) {
    if (scene.seed % 5 != 0) continue;
    scene.gravity_mps2.setZero();
    for (Body& body : scene.bodies) {
      body.velocity_mps.setZero();
      body.angular_velocity_radps.setZero();
    }
    const Motion motion = Simulate(scene, {.duration_s = 0.2});
    for (size_t b = 0; b < scene.bodies.size(); ++b) {
      const Eigen::Vector3d moved = motion.states.back()[b].world_from_body.translation -
                                    scene.bodies[b].world_from_body.translation;
      EXPECT_LT(moved.norm(), 1e-4) << scene.id << " " << scene.bodies[b].name;
    }
  }
}

TEST_P(CatalogueRangesTestOfScenario, MassesFollowVolumesAndDensitiesOfRealThings) {
  for (const Scene& scene : ScenesOf(GetParam())) {
    for (const Body& object : ObjectsOf(scene)) {
      EXPECT_THAT(object.mass_kg / VolumeOf(object.shape), Between(299, 701)) << scene.id;
      EXPECT_THAT(SizeOf(object.shape), Between(0.25, 0.9)) << scene.id << " " << object.name;
    }
  }
}

TEST_P(CatalogueRangesTestOfScenario, ObjectsStandInsideTheWalls) {
  for (const Scene& scene : ScenesOf(GetParam())) {
    const double back_m =
        scene.bodies[FindBody(scene, "back wall")].world_from_body.translation.y();
    for (const Body& object : ObjectsOf(scene)) {
      const Eigen::Vector3d& x = object.world_from_body.translation;
      EXPECT_LT(x.y() + object.shape.size_m.norm() / 2, back_m) << scene.id << " " << object.name;
      EXPECT_LT(std::abs(x.x()), 2.9);
      EXPECT_GE(HeightAboveFloor(object), -2e-6);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    All,
    CatalogueRangesTestOfScenario,
    ::testing::Values("drop", "bounce", "collide", "incline_slide", "occluder_pass", "orbit_room"),
    [](const auto& info) { return info.param; });

}  // namespace
}  // namespace plumb
