// SPDX-License-Identifier: Apache-2.0
// Closed forms; the comparison with evo stands in tests/app/metric_case_test.cc.
#include "metrics/published/trajectory_error.h"

#include <cmath>
#include <numbers>

#include <gmock/gmock.h>

#include "core/check.h"
#include "tests/metrics/published/value_of.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;

// A bent path of poses that turn about z, one a tenth of a second.
Trajectory Path(int count, double start_s = 0.0) {
  Trajectory path;
  for (int i = 0; i < count; ++i) {
    const Eigen::Quaterniond turn(Eigen::AngleAxisd(0.1 * i, Eigen::Vector3d::UnitZ()));
    path.push_back({start_s + 0.1 * i, Rigid3(turn, {0.3 * i, std::sin(0.5 * i), 0.02 * i * i})});
  }
  return path;
}

Trajectory Changed(Trajectory path, double scale, const Rigid3& by) {
  for (StampedPose& pose : path) {
    pose.world_from_body.translation *= scale;
    pose.world_from_body = by * pose.world_from_body;
  }
  return path;
}

TEST(TrajectoryErrorTest, AShiftIsItsLengthUntilItIsAlignedAway) {
  const auto values =
      TrajectoryError(Path(20), Changed(Path(20), 1, Rigid3({1, 0, 0, 0}, {3, 4, 0})), {});
  EXPECT_EQ(ValueOf(values, "associated_pairs"), 20);
  for (const char* statistic : {"rmse", "mean", "median", "max", "min"}) {
    EXPECT_NEAR(ValueOf(values, std::string("ape_trans/none/") + statistic), 5, 1e-12);
  }
  EXPECT_NEAR(ValueOf(values, "ape_trans/none/std"), 0, 1e-7);
  EXPECT_NEAR(ValueOf(values, "ape_trans/none/sse"), 500, 1e-9);
  EXPECT_EQ(ValueOf(values, "ape_trans/none/n"), 20);
  for (const char* alignment : {"se3", "sim3", "origin"}) {
    EXPECT_NEAR(ValueOf(values, std::string("ape_trans/") + alignment + "/max"), 0, 1e-9);
  }
  EXPECT_NEAR(ValueOf(values, "rpe_trans/d1/none/max"), 0, 1e-12);
}

TEST(TrajectoryErrorTest, ATurnIsItsAngleAndScaleOnlyLeavesIt) {
  const double degrees = 30;
  const Eigen::Quaterniond turn(
      Eigen::AngleAxisd(degrees * std::numbers::pi / 180, Eigen::Vector3d(1, 2, 2) / 3));
  const auto values =
      TrajectoryError(Path(20), Changed(Path(20), 2.5, Rigid3(turn, {0, 0, 1})), {});
  EXPECT_NEAR(ValueOf(values, "ape_rot_deg/none/min"), degrees, 1e-9);
  EXPECT_NEAR(ValueOf(values, "ape_rot_deg/none/max"), degrees, 1e-9);
  EXPECT_NEAR(ValueOf(values, "ape_rot_deg/scale_only/mean"), degrees, 1e-9);
  EXPECT_NEAR(ValueOf(values, "ape_rot_deg/sim3/max"), 0, 1e-6);
  EXPECT_NEAR(ValueOf(values, "ape_trans/sim3/max"), 0, 1e-9);
  EXPECT_GT(ValueOf(values, "ape_trans/se3/max"), 1);
  // A step of the scaled path is too long by 1.5 of its length.
  EXPECT_NEAR(ValueOf(values, "rpe_trans/d1/sim3/max"), 0, 1e-9);
  EXPECT_NEAR(ValueOf(values, "rpe_rot_deg/d1/max"), 0, 1e-6);
  EXPECT_GT(ValueOf(values, "rpe_trans/d1/none/min"), 0.4);
}

TEST(TrajectoryErrorTest, PairsOfADeltaOverlapOnlyWhenAskedTo) {
  TrajectorySettings settings;
  settings.deltas = {{6, false}, {6, true}};
  const auto values = TrajectoryError(Path(20), Path(20), settings);
  EXPECT_EQ(ValueOf(values, "rpe_trans/d6/none/n"), 3);
  EXPECT_EQ(ValueOf(values, "rpe_trans/d6_all/none/n"), 14);
  EXPECT_EQ(values.Find("rpe_trans/d1/none/n"), nullptr);
}

TEST(TrajectoryErrorTest, WithoutOverlapOnlyTheCountIsDefined) {
  const auto values = TrajectoryError(Path(20), Path(20, 50), {});
  EXPECT_EQ(ValueOf(values, "associated_pairs"), 0);
  for (const NamedValue& value : values.values()) {
    if (value.name == "associated_pairs") continue;
    EXPECT_FALSE(value.value) << value.name;
    EXPECT_THAT(value.reason, HasSubstr("no two poses are within 0.01 s")) << value.name;
  }
  // The same names as with overlap.
  EXPECT_EQ(values.values().size(), TrajectoryError(Path(20), Path(20), {}).values().size());
}

TEST(TrajectoryErrorTest, AStraightPathFixesNoRotation) {
  Trajectory line;
  for (int i = 0; i < 20; ++i) line.push_back({0.1 * i, Rigid3({1, 0, 0, 0}, {0.5 * i, 0, 0})});
  const auto values = TrajectoryError(line, line, {});
  EXPECT_EQ(ValueOf(values, "ape_trans/none/max"), 0);
  EXPECT_EQ(ValueOf(values, "ape_trans/origin/max"), 0);
  for (const char* name : {"ape_trans/se3/rmse",
                           "ape_rot_deg/sim3/rmse",
                           "ape_trans/scale_only/n",
                           "rpe_trans/d1/sim3/mean"}) {
    EXPECT_THAT(ReasonOf(values, name), HasSubstr("lie on a line")) << name;
  }
}

TEST(TrajectoryErrorTest, ADeltaLongerThanThePathIsUndefined) {
  const auto values = TrajectoryError(Path(6), Path(6), {});
  EXPECT_EQ(ValueOf(values, "rpe_trans/d1/none/n"), 5);
  EXPECT_THAT(ReasonOf(values, "rpe_trans/d10/none/rmse"),
              HasSubstr("no two of the 6 associated poses are 10 apart"));
  EXPECT_THAT(ReasonOf(values, "rpe_rot_deg/d10_all/n"), HasSubstr("10 apart"));
}

TEST(TrajectoryErrorTest, AnImpossibleDeltaIsAMistakeOfTheCaller) {
  TrajectorySettings settings;
  settings.deltas = {{0, false}};
  EXPECT_THROW(TrajectoryError(Path(3), Path(3), settings), CheckFailure);
}

}  // namespace
}  // namespace plumb
