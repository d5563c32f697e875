// SPDX-License-Identifier: Apache-2.0
// Closed forms; the comparison with the definitions in NumPy stands in
// tests/app/metric_case_test.cc.
#include "metrics/published/camera_path.h"

#include <cmath>
#include <numbers>

#include <gmock/gmock.h>

#include "tests/metrics/published/value_of.h"

namespace plumb {
namespace {

using testing::HasSubstr;

constexpr double kDegree = std::numbers::pi / 180.0;

// Ten poses that turn about the vertical by `step_deg` each and go sideways by `step` each.
Trajectory Path(double step_deg, double step) {
  Trajectory path;
  for (int i = 0; i < 10; ++i) {
    const Eigen::Quaterniond turn(
        Eigen::AngleAxisd(i * step_deg * kDegree, Eigen::Vector3d::UnitY()));
    path.push_back({i / 10.0, Rigid3(turn, {i * step, 0.0, 0.0})});
  }
  return path;
}

Trajectory InAnotherWorld(Trajectory path, double scale) {
  const Rigid3 other_from_world(
      Eigen::Quaterniond(Eigen::AngleAxisd(1.2, Eigen::Vector3d(2, -1, 2) / 3)), {3, -2, 1});
  for (StampedPose& pose : path) {
    pose.world_from_body.translation *= scale;
    pose.world_from_body = other_from_world * pose.world_from_body;
  }
  return path;
}

TEST(CameraPathTest, TheSamePathInAnotherWorldAndScaleIsPerfect) {
  const NamedValues values = CameraPathError(Path(3, 0.1), InAnotherWorld(Path(3, 0.1), 7.0), {});
  for (const char* name : {"worldscore/camera_control",
                           "memobench/camera_controllability",
                           "wrbench/camera_accuracy"}) {
    EXPECT_NEAR(ValueOf(values, name), 1.0, 1e-7) << name;
  }
  EXPECT_NEAR(ValueOf(values, "worldscore/rotation_deg"), 0.0, 1e-9);
  EXPECT_NEAR(ValueOf(values, "worldscore/translation"), 0.0, 1e-9);
  EXPECT_NEAR(ValueOf(values, "memobench/total_gt_rotation_deg"), 27.0, 1e-9);
}

TEST(CameraPathTest, HalfTheTurnIsHalfTheErrorOfNone) {
  // Errors of 0, 1, … 9 degrees.
  const NamedValues values = CameraPathError(Path(2, 0.1), Path(1, 0.1), {});
  EXPECT_NEAR(ValueOf(values, "worldscore/rotation_deg"), 4.5, 1e-9);
  EXPECT_NEAR(ValueOf(values, "worldscore/camera_control"), std::sqrt(1 - 4.5 / 15), 1e-9);
  const double rmse = std::sqrt(28.5);
  EXPECT_NEAR(ValueOf(values, "memobench/ate_rot_deg"), rmse, 1e-9);
  EXPECT_NEAR(ValueOf(values, "memobench/camera_controllability"), 1 - rmse / 18, 1e-9);
  EXPECT_NEAR(ValueOf(values, "memobench/mean_rot_error_deg"), 1.0, 1e-9);
  EXPECT_NEAR(ValueOf(values, "wrbench/pose_reward"), std::exp(-0.1), 1e-9);
}

TEST(CameraPathTest, TheScaleOfLeastDistanceForgivesOneWildPose) {
  Trajectory found = Path(0, 0.5);
  found[9].world_from_body.translation.y() = 3.0;  // 4.5 along the way, 3 off it
  const NamedValues values = CameraPathError(Path(0, 0.1), found, {});
  // Nine poses want a fifth; the tenth is off by 0.6 then, and no other factor does better.
  EXPECT_NEAR(ValueOf(values, "worldscore/translation"), 0.06, 1e-9);
  EXPECT_GT(ValueOf(values, "wrbench/trans_error"), 0.3);
}

TEST(CameraPathTest, APathThatGoesBackwardsIsMirroredByWorldScoreAlone) {
  const NamedValues values = CameraPathError(Path(0, 0.1), Path(0, -0.1), {});
  EXPECT_NEAR(ValueOf(values, "worldscore/camera_control"), 1.0, 1e-9);
  EXPECT_NEAR(ValueOf(values, "wrbench/trans_error"), 1.0, 1e-6);
}

TEST(CameraPathTest, D1WantsTheKindOfPathThatWasAskedFor) {
  const auto accuracy = [](const Trajectory& found, const Trajectory& asked, CameraKind kind) {
    return ValueOf(CameraPathError(asked, found, {.kind = kind}), "wrbench/camera_accuracy");
  };
  EXPECT_GT(accuracy(Path(2.5, 0), Path(3, 0), CameraKind::kYaw), 0.9);
  EXPECT_EQ(accuracy(Path(-3, 0), Path(3, 0), CameraKind::kYaw), 0.0);
  EXPECT_EQ(accuracy(Path(0.1, 0), Path(3, 0), CameraKind::kYaw), 0.0);  // hardly any
  EXPECT_GT(accuracy(Path(0, 0.3), Path(0, 0.1), CameraKind::kPan), 0.9);
  EXPECT_EQ(accuracy(Path(0, -0.3), Path(0, 0.1), CameraKind::kPan), 0.0);
  EXPECT_EQ(accuracy(Path(0.2, 0.005), Path(0, 0), CameraKind::kStatic), 1.0);
  EXPECT_EQ(accuracy(Path(0.3, 0), Path(0, 0), CameraKind::kStatic), 0.0);
  EXPECT_EQ(accuracy(Path(0, 0.01), Path(0, 0), CameraKind::kStatic), 0.0);
}

TEST(CameraPathTest, WithoutTwoPosesThereIsNoPath) {
  Trajectory late = Path(1, 1);
  for (StampedPose& pose : late) pose.time_s += 100;
  const NamedValues values = CameraPathError(Path(1, 1), late, {});
  EXPECT_EQ(ValueOf(values, "associated_pairs"), 0.0);
  for (const NamedValue& value : values.values()) {
    if (value.name == "associated_pairs") continue;
    EXPECT_THAT(ReasonOf(values, value.name), HasSubstr("0 poses are within 0.01 s"));
  }
  EXPECT_EQ(values.values().size(), 12u);
}

}  // namespace
}  // namespace plumb
