// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "scenes/catalogue/internal_placing.h"
#include "scenes/rendering/internal_mesh.h"
#include "scenes/simulate.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

TEST(PlacingTest, WhatStandsOnTheFloorStaysThere) {
  for (const ShapeKind kind :
       {ShapeKind::kBox, ShapeKind::kCylinder, ShapeKind::kCone, ShapeKind::kSphere}) {
    Scene scene = BallAboveFloor(0, 0);
    Body& body = scene.bodies[1];
    const double height_m = kind == ShapeKind::kSphere ? 0.5 : 0.6;
    body.shape = {kind, {0.5, 0.5, height_m}};
    StandOnFloor(body, {0.3, -0.2}, 0.7);
    EXPECT_NEAR(body.world_from_body.translation.z() - ReachBelow(body), -kSeat_m, 1e-12);
    const BodyState end = Simulate(scene, {.duration_s = 1}).states.back()[1];
    EXPECT_LT((end.world_from_body.translation - body.world_from_body.translation).norm(), 2e-3)
        << static_cast<int>(kind);
  }
}

TEST(PlacingTest, TheHeadingTurnsAboutTheVertical) {
  Body body = PlainBody("box", ShapeKind::kBox, {1, 2, 3});
  StandOnFloor(body, {1, 2}, 0.5);
  EXPECT_LT((body.world_from_body.rotation * Eigen::Vector3d::UnitX() -
             Eigen::Vector3d(std::cos(0.5), std::sin(0.5), 0))
                .norm(),
            1e-12);
  EXPECT_EQ(body.world_from_body.translation.head<2>(), Eigen::Vector2d(1, 2));
}

TEST(PlacingTest, WhatHangsHasItsLowestPointAtTheHeight) {
  for (const double tilt_rad : {0.0, 0.3, 1.2}) {
    Body body = PlainBody("box", ShapeKind::kBox, {0.4, 0.5, 0.6});
    body.world_from_body.rotation = Eigen::AngleAxisd(tilt_rad, Eigen::Vector3d::UnitX());
    HangAt(body, 1.25, 0.4);
    double lowest_m = 1e9;
    for (const Eigen::Vector3f& vertex : MakeMesh(body.shape).vertices) {
      lowest_m = std::min(lowest_m, (body.world_from_body * vertex.cast<double>()).z());
    }
    EXPECT_NEAR(lowest_m, 1.25, 1e-6) << tilt_rad;
    EXPECT_EQ(body.world_from_body.translation.x(), 0.4);
  }
}

TEST(PlacingTest, ARollingBallTouchesTheFloorWithoutSlip) {
  for (const double speed_mps : {-1.5, 0.8}) {
    Body ball = PlainBody("ball", ShapeKind::kSphere, {0.4, 0.4, 0.4});
    Roll(ball, speed_mps);
    const Eigen::Vector3d at_floor =
        ball.velocity_mps + ball.angular_velocity_radps.cross(Eigen::Vector3d(0, 0, -0.2));
    EXPECT_LT(at_floor.norm(), 1e-12);
    EXPECT_EQ(ball.velocity_mps.x(), speed_mps);
  }
}

}  // namespace
}  // namespace plumb
