// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <gmock/gmock.h>
#include <immintrin.h>

#include "core/seed.h"
#include "scenes/rendering/internal_ray_scene.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

// A still wall at y = 2 and a ball of 1 m that moves.
Scene WallAndBall() {
  Scene scene;
  scene.id = "wall-and-ball";
  Body wall = PlainBody("wall", ShapeKind::kBox, {6, 0.2, 6});
  wall.fixed = true;
  wall.world_from_body.translation = {0, 2.1, 0};
  scene.bodies = {wall, PlainBody("ball", ShapeKind::kSphere, {1, 1, 1})};
  return scene;
}

std::vector<Rigid3> BallAt(const Eigen::Vector3d& x) {
  Rigid3 pose;
  pose.translation = x;
  return {Rigid3(), pose};
}

// A fan of rays from y = -5 towards +y, on a grid.
std::vector<Ray> Fan() {
  std::vector<Ray> rays;
  for (int z = -10; z <= 10; ++z) {
    for (int x = -10; x <= 10; ++x) {
      rays.push_back({{0.13f * x, -5, 0.13f * z}, {0, 1, 0}});
    }
  }
  return rays;
}

TEST(RaySceneTest, FindsTheNearestBodyOfBothSets) {
  RayScene rays(WallAndBall(), {1, 0});
  rays.Place(BallAt({0, 0, 0}), {1, 1});
  const std::vector<Ray> fan = Fan();
  std::vector<RayHit> hits(fan.size());
  rays.Nearest(BodySet::kStill, fan, hits);
  for (const RayHit& hit : hits) {
    EXPECT_EQ(hit.body, 0);
    EXPECT_EQ(hit.part, 2);  // the wall's face towards -y
    EXPECT_NEAR(hit.distance, 7, 1e-5);
  }
  rays.Nearest(BodySet::kMoving, fan, hits);
  for (size_t i = 0; i < fan.size(); ++i) {
    const double off = std::hypot(fan[i].origin.x(), fan[i].origin.z());
    if (std::abs(off - 0.5) < 1e-3) continue;
    EXPECT_EQ(hits[i].body, off < 0.5 ? 1 : 0);
    if (off < 0.5) {
      EXPECT_NEAR(hits[i].distance, 5 - std::sqrt(0.25 - off * off), 1e-5);
    }
  }
}

TEST(RaySceneTest, ABodyBehindWhatIsKnownChangesNothing) {
  RayScene rays(WallAndBall(), {1, 0});
  rays.Place(BallAt({0, 4, 0}), {1, 1});
  std::vector<Ray> ray = {{{0, -5, 0}, {0, 1, 0}}};
  std::vector<RayHit> hit(1);
  rays.Nearest(BodySet::kStill, ray, hit);
  rays.Nearest(BodySet::kMoving, ray, hit);
  EXPECT_EQ(hit[0].body, 0);
}

TEST(RaySceneTest, MovedAndAbsentBodiesAreWhereTheyAre) {
  RayScene rays(WallAndBall(), {1, 0});
  const std::vector<Ray> ray = {{{1.5f, -5, 0}, {0, 1, 0}}};
  rays.Place(BallAt({1.5, 0, 0}), {1, 1});
  EXPECT_EQ(rays.Blocked(BodySet::kMoving, ray)[0], 1);
  rays.Place(BallAt({-1.5, 0, 0}), {1, 1});
  EXPECT_EQ(rays.Blocked(BodySet::kMoving, ray)[0], 0);
  rays.Place(BallAt({1.5, 0, 0}), {1, 0});
  EXPECT_EQ(rays.Blocked(BodySet::kMoving, ray)[0], 0);
  rays.Place(BallAt({1.5, 0, 0}), {1, 1});
  EXPECT_EQ(rays.Blocked(BodySet::kMoving, ray)[0], 1);
}

TEST(RaySceneTest, RaysEndAtTheirFarDistance) {
  RayScene rays(WallAndBall(), {1, 0});
  rays.Place(BallAt({0, 0, 0}), {1, 1});
  Ray ray{{2, -5, 0}, {0, 1, 0}, 0.0f, 6.9f};
  EXPECT_EQ(rays.Blocked(BodySet::kStill, std::vector<Ray>{ray})[0], 0);
  ray.far = 7.1f;
  EXPECT_EQ(rays.Blocked(BodySet::kStill, std::vector<Ray>{ray})[0], 1);
}

TEST(RaySceneTest, ABodyAloneIsAskedInItsOwnFrame) {
  RayScene rays(WallAndBall(), {1, 0});
  rays.Place(BallAt({9, 9, 9}), {1, 1});
  const std::vector<Ray> ray = {{{0, -5, 0.49f}, {0, 1, 0}}, {{0, -5, 0.51f}, {0, 1, 0}}};
  EXPECT_THAT(rays.MeetsBody(1, ray), ::testing::ElementsAre(1, 0));
  EXPECT_THAT(rays.MeetsBody(0, ray), ::testing::ElementsAre(1, 1));
}

TEST(RaySceneTest, AnyNumberOfRaysGivesTheSameAnswers) {
  // Packets of eight are filled up: one ray at a time must give what all together give.
  RayScene rays(WallAndBall(), {1, 0});
  rays.Place(BallAt({0.2, 0, 0.1}), {1, 1});
  const std::vector<Ray> fan = Fan();
  const std::vector<uint8_t> together = rays.Blocked(BodySet::kMoving, fan);
  for (size_t i = 0; i < fan.size(); ++i) {
    EXPECT_EQ(rays.Blocked(BodySet::kMoving, std::span(&fan[i], 1))[0], together[i]);
  }
  EXPECT_TRUE(rays.Blocked(BodySet::kMoving, {}).empty());
}

TEST(RaySceneTest, AMovingBoxMeetsRaysAsATurnedBox) {
  Scene scene = WallAndBall();
  scene.bodies[1] = PlainBody("box", ShapeKind::kBox, {1, 1, 1});
  RayScene rays(scene, {1, 0});
  Rigid3 pose;
  pose.rotation = Eigen::AngleAxisd(std::acos(-1.0) / 4, Eigen::Vector3d::UnitY());
  rays.Place({Rigid3(), pose}, {1, 1});
  // Turned by 45 degrees about y the box reaches sqrt(2)/2 sideways at its middle and nothing at
  // its old corner.
  const std::vector<Ray> ray = {{{0.69f, -5, 0}, {0, 1, 0}}, {{0.49f, -5, 0.49f}, {0, 1, 0}}};
  EXPECT_THAT(rays.Blocked(BodySet::kMoving, ray), ::testing::ElementsAre(1, 0));
}

TEST(RaySceneTest, TheFloatModeIsSetAndRestored) {
  const unsigned int before = _mm_getcsr();
  _mm_setcsr(before & ~0x8040u);
  {
    const FloatModeGuard guard;
    EXPECT_EQ(_mm_getcsr() & 0x8040u, 0x8040u);
  }
  EXPECT_EQ(_mm_getcsr() & 0x8040u, 0u);
  _mm_setcsr(before);
}

}  // namespace
}  // namespace plumb
