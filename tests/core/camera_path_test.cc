// SPDX-License-Identifier: Apache-2.0
#include "core/camera_path.h"

#include <cmath>

#include <gtest/gtest.h>

namespace plumb {
namespace {

CameraPath Keys() {
  CameraPath path;
  path.motion = CameraMotion::kKeys;
  path.keys = {{0.0, {0, -4, 1}, {0, 0, 1}}, {0.4, {1, -3, 1.5}, {0, 0, 1}}, {1.0, {3, -3, 1}, {}}};
  return path;
}

TEST(CameraPathTest, KeysAreMetAndTheEndsAreAtRest) {
  const CameraPath path = Keys();
  for (const CameraKey& key : path.keys) {
    const Rigid3 pose = WorldFromCamera(path, key.share);
    EXPECT_LT((pose.translation - key.eye_m).norm(), 1e-12);
    const Eigen::Vector3d forward = pose.rotation * Eigen::Vector3d::UnitZ();
    EXPECT_GT(forward.dot((key.target_m - key.eye_m).normalized()), 1 - 1e-9);
  }
  const auto moved = [&](double a, double b) {
    return (WorldFromCamera(path, b).translation - WorldFromCamera(path, a).translation).norm();
  };
  EXPECT_LT(moved(0, 0.001), 0.02 * moved(0.2, 0.201));
  EXPECT_LT(moved(0.999, 1), 0.02 * moved(0.7, 0.701));
}

TEST(CameraPathTest, KeysAreJoinedWithoutAKink) {
  const CameraPath path = Keys();
  constexpr double kStep = 1e-5;
  const auto eye = [&](double share) { return WorldFromCamera(path, share).translation; };
  const Eigen::Vector3d before = (eye(0.4) - eye(0.4 - kStep)) / kStep;
  const Eigen::Vector3d after = (eye(0.4 + kStep) - eye(0.4)) / kStep;
  EXPECT_LT((after - before).norm(), 1e-2 * before.norm());
}

TEST(CameraPathTest, AViewStraightDownTurnsOnTheSpotByTheSweep) {
  for (const CameraMotion motion : {CameraMotion::kArc, CameraMotion::kYaw}) {
    CameraPath path;
    path.motion = motion;
    path.eye_m = {0.5, -1, 4};
    path.target_m = {0.5, -1, 0};
    path.sweep_rad = 0.6;
    const Rigid3 start = WorldFromCamera(path, 0), end = WorldFromCamera(path, 1);
    EXPECT_EQ(start.translation, path.eye_m);
    EXPECT_EQ(end.translation, path.eye_m);
    const Eigen::Quaterniond turn(Eigen::AngleAxisd(0.6, Eigen::Vector3d::UnitZ()));
    EXPECT_LT(end.rotation.angularDistance(turn * start.rotation), 1e-9);
  }
}

TEST(CameraPathTest, KeysThatAllLookDownFlyOverTheScene) {
  CameraPath path;
  path.motion = CameraMotion::kKeys;
  path.keys = {{0, {0.1, -1, 4}, {0.1, -1, 0}}, {1, {0.7, 2, 3}, {0.7, 2, 0}}};
  for (const double share : {0.0, 0.3, 0.77, 1.0}) {
    const Rigid3 pose = WorldFromCamera(path, share);
    EXPECT_LT((pose.rotation * Eigen::Vector3d::UnitX() - Eigen::Vector3d::UnitX()).norm(), 1e-12);
  }
}

TEST(CameraPathTest, ThereAndBackReturnsToTheStart) {
  CameraPath path;
  path.motion = CameraMotion::kYaw;
  path.sweep_rad = 0.8;
  path.there_and_back = true;
  EXPECT_LT(WorldFromCamera(path, 0).rotation.angularDistance(WorldFromCamera(path, 1).rotation),
            1e-9);
  path.there_and_back = false;
  const Rigid3 end = WorldFromCamera(path, 1);
  path.there_and_back = true;
  EXPECT_LT(WorldFromCamera(path, 0.5).rotation.angularDistance(end.rotation), 1e-9);
}

TEST(CameraPathTest, SwayHasTheStatedSpreadAndIsAFunctionOfItsSeed) {
  CameraPath path;
  path.sway_m = 0.02;
  path.sway_s = 200;  // long enough for a spread
  double sum = 0;
  constexpr int kSamples = 4000;
  for (int i = 0; i < kSamples; ++i) {
    sum += (WorldFromCamera(path, 1.0 * i / kSamples).translation - path.eye_m).squaredNorm();
  }
  EXPECT_NEAR(std::sqrt(sum / kSamples / 3), 0.02, 0.002);
  CameraPath other = path;
  EXPECT_EQ(WorldFromCamera(path, 0.3).translation, WorldFromCamera(other, 0.3).translation);
  other.sway_seed = 1;
  EXPECT_NE(WorldFromCamera(path, 0.3).translation, WorldFromCamera(other, 0.3).translation);
}

}  // namespace
}  // namespace plumb
