// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <gmock/gmock.h>

#include "scenes/rendering/internal_surface.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

Camera CameraAt(const Eigen::Vector3d& eye, const Eigen::Vector3d& target) {
  Camera camera;
  camera.intrinsics = Intrinsics::FromVerticalFov(200, 100, 0.8);
  camera.camera_from_world = Inverse(WorldFromCameraLookingAt(eye, target));
  return camera;
}

TEST(SurfaceTest, RaysGoThroughTheirPixels) {
  const Camera camera = CameraAt({1, -4, 2}, {0.3, 0, 0.5});
  const RayCamera rays(camera);
  EXPECT_LT((rays.eye() - Eigen::Vector3d(1, -4, 2)).norm(), 1e-12);
  for (const Eigen::Vector2d& point :
       {Eigen::Vector2d(0, 0), Eigen::Vector2d(100, 50), Eigen::Vector2d(37.5, 88.25)}) {
    // A step of 3 along the direction has depth 3 and falls on the same picture point.
    const Eigen::Vector3d x = rays.eye() + 3 * rays.DirectionThrough(point);
    const Projection place = Project(camera, x);
    EXPECT_NEAR(place.depth_m, 3, 1e-12);
    EXPECT_LT((place.point_px - point).norm(), 1e-9);
    EXPECT_LT((x - Unproject(camera, point, 3)).norm(), 1e-9);
  }
}

TEST(SurfaceTest, OnePixelStepsAreTheDifferenceOfDirections) {
  const RayCamera rays(CameraAt({1, -4, 2}, {0.3, 0, 0.5}));
  const Eigen::Vector3d here = rays.DirectionThrough({20, 30});
  EXPECT_LT((rays.DirectionThrough({21, 30}) - here - rays.right()).norm(), 1e-12);
  EXPECT_LT((rays.DirectionThrough({20, 31}) - here - rays.down()).norm(), 1e-12);
}

TEST(SurfaceTest, AHitIsRefinedToTheShape) {
  Scene scene = LoneSphere();
  Surfaces surfaces(scene);
  Rigid3 pose;
  pose.translation = {0.2, 0.1, -0.3};
  pose.rotation = Eigen::AngleAxisd(0.7, Eigen::Vector3d::UnitX());
  surfaces.Place({pose});
  const RayCamera rays(CameraAt({0, -5, 0}, {0, 0, 0}));
  const Eigen::Vector3d direction = rays.DirectionThrough({103.5, 47.5});
  const SurfaceSample sample = surfaces.Resolve(rays, direction, {0, 0, 4.07f});
  const Eigen::Vector3d x = rays.eye() + sample.depth_m * direction;
  EXPECT_NEAR((x - pose.translation).norm(), 1.0, 1e-12);
  EXPECT_LT((sample.normal.cast<double>() - (x - pose.translation)).norm(), 1e-6);
  EXPECT_LT((sample.x_in_world.cast<double>() - x).norm(), 1e-5);
}

TEST(SurfaceTest, NothingHitIsNothing) {
  Surfaces surfaces(LoneSphere());
  surfaces.Place({Rigid3()});
  const RayCamera rays(CameraAt({0, -5, 0}, {0, 0, 0}));
  const SurfaceSample sample = surfaces.Resolve(rays, {0, 1, 0}, RayHit());
  EXPECT_EQ(sample.body, -1);
  EXPECT_TRUE(std::isinf(sample.depth_m));
}

TEST(SurfaceTest, ATextureShiftMovesThePatternAndNothingElse) {
  Scene scene = LoneSphere();
  scene.bodies[0].shape = {ShapeKind::kBox, {4, 1, 4}};
  scene.bodies[0].material.pattern = Pattern::kChecker;
  scene.bodies[0].material.pattern_size_m = 0.5;
  scene.bodies[0].material.second_colour = {0, 0, 0};
  Surfaces surfaces(scene);
  surfaces.Place({Rigid3()});
  const RayCamera rays(CameraAt({0, -5, 0}, {0, 0, 0}));
  const Eigen::Vector3d direction = rays.DirectionThrough({104, 46});
  const RayHit hit{0, 2, 4.5f};
  const SurfaceSample before = surfaces.Resolve(rays, direction, hit);
  surfaces.ShiftTexture(0, {0.5f, 0, 0});
  const SurfaceSample shifted = surfaces.Resolve(rays, direction, hit);
  surfaces.ShiftTexture(0, {1.0f, 0, 0});
  const SurfaceSample round = surfaces.Resolve(rays, direction, hit);
  EXPECT_EQ(before.depth_m, shifted.depth_m);
  EXPECT_EQ(before.normal, shifted.normal);
  // One cell turns dark into bright, two cells bring the checker back (its grain aside).
  EXPECT_GT(std::abs(before.albedo.x() - shifted.albedo.x()), 0.4);
  EXPECT_LT(std::abs(before.albedo.x() - round.albedo.x()), 0.4);
}

TEST(SurfaceTest, ATextureThatLeansSlidesByWhatItsPlaceSays) {
  Scene scene = LoneSphere();
  scene.bodies[0].shape = {ShapeKind::kBox, {4, 1, 4}};
  scene.bodies[0].material.pattern = Pattern::kChecker;
  scene.bodies[0].material.pattern_size_m = 0.5;
  scene.bodies[0].material.second_colour = {0, 0, 0};
  Surfaces leaning(scene);
  leaning.Place({Rigid3()});
  Eigen::Matrix3d lean = Eigen::Matrix3d::Zero();
  lean(0, 2) = 0.4;
  leaning.LeanTexture(0, lean);
  Surfaces sliding(scene);
  sliding.Place({Rigid3()});
  const RayCamera rays(CameraAt({0, -5, 0}, {0, 0, 0}));
  const RayHit hit{0, 2, 4.5f};
  int unlike_before = 0;
  int unlike_slid = 0;
  for (int y = 8; y < 120; y += 9) {
    const Eigen::Vector3d direction = rays.DirectionThrough({70.5, y + 0.5});
    sliding.ShiftTexture(0, Eigen::Vector3f::Zero());
    const SurfaceSample before = sliding.Resolve(rays, direction, hit);
    sliding.ShiftTexture(0, {0.4f * before.x_in_world.z(), 0, 0});
    const SurfaceSample slid = sliding.Resolve(rays, direction, hit);
    const SurfaceSample leant = leaning.Resolve(rays, direction, hit);
    // On a cell's edge a pixel that leans covers a little more of one side.
    unlike_slid += (leant.albedo - slid.albedo).norm() > 0.05;
    EXPECT_EQ(leant.x_in_world, before.x_in_world);
    unlike_before += (leant.albedo - before.albedo).norm() > 0.2;
  }
  EXPECT_LE(unlike_slid, 1);
  EXPECT_GT(unlike_before, 4);
}

TEST(SurfaceTest, AMaterialCanBeChanged) {
  Surfaces surfaces(LoneSphere());
  surfaces.Place({Rigid3()});
  Material material;
  material.colour = {0, 1, 0};
  material.gloss = 0.9;
  surfaces.SetMaterial(0, material);
  const RayCamera rays(CameraAt({0, -5, 0}, {0, 0, 0}));
  const SurfaceSample sample =
      surfaces.Resolve(rays, rays.DirectionThrough({100, 50}), {0, 0, 4.0f});
  EXPECT_EQ(sample.albedo, Eigen::Vector3f(0, 1, 0));
  EXPECT_FLOAT_EQ(surfaces.finish(0).gloss, 0.9f);
}

}  // namespace
}  // namespace plumb
