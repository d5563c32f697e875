// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/rigidity/true_camera.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/seed.h"
#include "core/statistics.h"
#include "metrics/published/trajectory_error.h"
#include "tests/metrics/published/value_of.h"

namespace plumb {
namespace {

// A bent way of 24 poses at 24 frames a second; straight without `bend_m`.
Trajectory Way(double bend_m, double turn_rad = 0.5, double way_m = 2.0) {
  Trajectory path;
  for (int i = 0; i < 24; ++i) {
    const double share = i / 23.0;
    const Eigen::Quaterniond turn(
        Eigen::AngleAxisd(turn_rad * share, Eigen::Vector3d(0.1, 1.0, 0.2).normalized()));
    path.push_back({i / 24.0, Rigid3(turn, {way_m * share, bend_m * std::sin(3.0 * share), 0.0})});
  }
  return path;
}

Trajectory InAnotherWorld(Trajectory path, double scale) {
  const Rigid3 other_from_world(
      Eigen::Quaterniond(Eigen::AngleAxisd(0.8, Eigen::Vector3d(1, 2, -2) / 3)), {5, 1, -2});
  for (StampedPose& pose : path) {
    pose.world_from_body.translation *= scale;
    pose.world_from_body = other_from_world * pose.world_from_body;
  }
  return path;
}

Trajectory Noisy(Trajectory path, double spread_m) {
  Random random(4);
  for (size_t i = 1; i < path.size(); ++i) {
    for (int axis = 0; axis < 3; ++axis) {
      path[i].world_from_body.translation[axis] += random.Normal(0.0, spread_m);
    }
  }
  return path;
}

double RootMeanSquare(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value * value;
  return std::sqrt(sum / values.size());
}

TEST(TrueCameraTest, AnotherWorldAndScaleIsNoError) {
  for (const double bend_m : {0.5, 0.0}) {  // a straight way too
    const CameraErrors errors = CompareCameras({InAnotherWorld(Way(bend_m), 7.0)}, Way(bend_m));
    ASSERT_EQ(errors.rotation_deg.size(), 24u);
    ASSERT_EQ(errors.step_m.size(), 23u);
    EXPECT_LT(Quantile(errors.rotation_deg, 1.0), 1e-6);
    EXPECT_LT(Quantile(errors.translation, 1.0), 1e-9);
    EXPECT_LT(Quantile(errors.absolute_m, 1.0), 1e-9);
    EXPECT_LT(Quantile(errors.step_m, 1.0), 1e-9);
    EXPECT_NEAR(errors.forms["worldscore/camera_control"].get<double>(), 1.0, 1e-9);
  }
}

TEST(TrueCameraTest, AbsoluteAndRelativeErrorsAreEvos) {
  const Trajectory found = InAnotherWorld(Noisy(Way(0.5), 0.05), 0.3);
  const CameraErrors errors = CompareCameras({found}, Way(0.5));
  const NamedValues evo = TrajectoryError(Way(0.5), found, {});
  EXPECT_NEAR(RootMeanSquare(errors.absolute_m), ValueOf(evo, "ape_trans/sim3/rmse"), 1e-9);
  EXPECT_NEAR(RootMeanSquare(errors.step_m), ValueOf(evo, "rpe_trans/d1/sim3/rmse"), 1e-9);
  EXPECT_GT(RootMeanSquare(errors.absolute_m), 0.03);
}

TEST(TrueCameraTest, AStillCameraMissesTheWholeWay) {
  Trajectory still = Way(0.0);
  for (StampedPose& pose : still) pose.world_from_body = Rigid3();
  const CameraErrors errors = CompareCameras({still}, Way(0.0));
  EXPECT_NEAR(Mean(errors.translation), 0.5, 1e-9);  // from none to all of it
  EXPECT_NEAR(Mean(errors.rotation_deg), 0.25 * 180.0 / M_PI, 1e-9);
}

TEST(TrueCameraTest, TheOtherWayIsNotTheSameWay) {
  Trajectory opposite = Way(0.5);
  for (StampedPose& pose : opposite) pose.world_from_body.translation *= -1.0;
  const CameraErrors errors = CompareCameras({opposite}, Way(0.5));
  EXPECT_GT(Mean(errors.translation), 0.4);
  EXPECT_GT(errors.translation.back(), 0.9);
}

TEST(TrueCameraTest, ATrueCameraInOnePlaceHasNoWay) {
  const CameraErrors errors =
      CompareCameras({InAnotherWorld(Way(0.0, 0.5, 0.0), 2.0)}, Way(0.0, 0.5, 0.0));
  EXPECT_EQ(errors.rotation_deg.size(), 24u);
  EXPECT_TRUE(errors.translation.empty());
  EXPECT_TRUE(errors.absolute_m.empty());
}

TEST(TrueCameraTest, EachWorldIsLaidOnTheTruthByItself) {
  const Trajectory whole = Way(0.5);
  const Trajectory first(whole.begin(), whole.begin() + 12),
      second(whole.begin() + 12, whole.end());
  const CameraErrors errors =
      CompareCameras({InAnotherWorld(first, 3.0), InAnotherWorld(second, 0.2)}, whole);
  EXPECT_EQ(errors.rotation_deg.size(), 24u);
  EXPECT_EQ(errors.step_m.size(), 22u);
  EXPECT_LT(Quantile(errors.absolute_m, 1.0), 1e-9);
  EXPECT_EQ(errors.forms["associated_pairs"].get<double>(), 12.0);
}

TEST(TrueCameraTest, HalfTheRateStillMeets) {
  Trajectory sparse;
  for (size_t i = 0; i < 24; i += 2) sparse.push_back(Way(0.5)[i]);
  EXPECT_EQ(CompareCameras({sparse}, Way(0.5)).rotation_deg.size(), 12u);
  for (StampedPose& pose : sparse) pose.time_s += 50.0;
  EXPECT_TRUE(CompareCameras({sparse}, Way(0.5)).rotation_deg.empty());
}

TEST(TrueCameraTest, PathsCarryTheSamplesTime) {
  const Video video(std::vector<Image>(5, Image(8, 8)), 10.0);
  TrackSet set;
  set.frames = {0, 2, 4};
  RigidWorld world;
  world.stretch = {0, 2};
  world.clip.camera_from_world.assign(3, Rigid3({1, 0, 0, 0}, {0, 0, 2}));
  world.clip.posed = {true, false, true};
  const Trajectory found = FoundPath(video, set, world);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_NEAR(found[1].time_s, 0.4, 1e-12);
  EXPECT_EQ(found[1].world_from_body.translation, Eigen::Vector3d(0, 0, -2));
  EXPECT_EQ(StillPath(video, set).size(), 3u);
  // What was posed beyond the stretch belongs to a neighbour.
  world.stretch = {0, 1};
  EXPECT_EQ(FoundPath(video, set, world).size(), 1u);
}

}  // namespace
}  // namespace plumb
