// SPDX-License-Identifier: Apache-2.0
#include "metrics/dynamics/motion_plane.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/check.h"
#include "tests/metrics/disc_scores.h"

namespace plumb {
namespace {

constexpr double kDistance_m = 4.0;  // of the disc world's camera from its plane

Observation Observed(const Truth& truth, const Video& sample) {
  return Observe(InputOf(truth, sample, 3), {});
}

DiscWorld Thrown() {
  DiscWorld world;
  world.frames = 20;
  world.discs = {{.place_m = [](double t) {
    return Eigen::Vector2d(-0.6 + 1.3 * t, 0.5 + 3.2 * t - 4.905 * t * t);
  }}};
  return world;
}

TEST(MotionPlaneTest, APixelIsItsShareOfTheDistance) {
  const DiscWorld world = Thrown();
  const Truth truth = world.MakeTruth();
  const Observation observation = Observed(truth, truth.video);
  const MotionPlane plane = PlaneOf(truth, 1, observation.paired.pairs);
  EXPECT_NEAR(MetresPerPixel(truth, plane, observation),
              kDistance_m / world.MakeCamera().intrinsics.fy_px,
              1e-3 * MetresPerPixel(truth, plane, observation));
}

TEST(MotionPlaneTest, SeenAndSimulatedPathsAgreeToATenthOfAPixel) {
  const DiscWorld world = Thrown();
  const Truth truth = world.MakeTruth();
  const Observation observation = Observed(truth, truth.video);
  const std::vector<FramePair>& pairs = observation.paired.pairs;
  const MotionPlane plane = PlaneOf(truth, 1, pairs);
  const std::vector<PathPoint> states = StatePath(truth, plane, 1, pairs);
  const std::vector<PathPoint> seen =
      SeenPath(truth, plane, observation, 0, observation.truth_tracks[0]);
  ASSERT_EQ(seen.size(), states.size());
  const double tenth_m = 0.1 * MetresPerPixel(truth, plane, observation);
  for (size_t k = 0; k < seen.size(); ++k) {
    EXPECT_EQ(seen[k].pair, static_cast<int>(k));
    EXPECT_DOUBLE_EQ(seen[k].time_s, states[k].time_s);
    EXPECT_LT((seen[k].place_m - states[k].place_m).norm(), 2.0 * tenth_m) << k;
  }
}

TEST(MotionPlaneTest, HalfThePixelsGiveTheSameMetres) {
  const DiscWorld world = Thrown();
  const Truth truth = world.MakeTruth();
  const Video half = AreaResized(truth.video, world.width / 2, world.height / 2);
  const Observation full = Observed(truth, truth.video);
  const Observation small = Observed(truth, half);
  const MotionPlane plane = PlaneOf(truth, 1, full.paired.pairs);
  EXPECT_NEAR(MetresPerPixel(truth, plane, small), 2.0 * MetresPerPixel(truth, plane, full), 1e-9);
  const std::vector<PathPoint> path = SeenPath(truth, plane, small, 0, small.sample_tracks[0]);
  const std::vector<PathPoint> states = StatePath(truth, plane, 1, full.paired.pairs);
  ASSERT_EQ(path.size(), states.size());
  for (size_t k = 0; k < path.size(); ++k) {
    EXPECT_LT((path[k].place_m - states[k].place_m).norm(), 0.015) << k;
  }
}

TEST(MotionPlaneTest, FlatteningIsLinearAndKeepsLengthsInThePlane) {
  const Truth truth = Thrown().MakeTruth();
  const MotionPlane plane = PlaneOf(truth, 1, PairFrames(truth.video, truth.video).pairs);
  EXPECT_NEAR(plane.Flatten(plane.origin_m).norm(), 0.0, 1e-12);
  const Eigen::Vector3d step = 0.3 * plane.along - 0.7 * plane.up;
  EXPECT_NEAR((plane.Flatten(plane.origin_m + step) - Eigen::Vector2d(0.3, -0.7)).norm(), 0, 1e-12);
  EXPECT_NEAR(plane.FlattenDirection(step).norm(), step.norm(), 1e-12);
  const Eigen::Vector3d away = plane.along.cross(plane.up);
  EXPECT_NEAR(plane.FlattenDirection(away).norm(), 0.0, 1e-12);
}

TEST(MotionPlaneTest, AWayTowardsTheCameraIsReadInThePlaneThatFacesIt) {
  Truth truth = Thrown().MakeTruth();
  for (size_t step = 0; step < truth.motion.states.size(); ++step) {
    truth.motion.states[step][1].world_from_body.translation = {
        0.0, -0.001 * static_cast<double>(step), 0.8};
  }
  const MotionPlane plane = PlaneOf(truth, 1, PairFrames(truth.video, truth.video).pairs);
  EXPECT_NEAR(std::abs(plane.along.x()), 1.0, 1e-6);
}

TEST(MotionPlaneTest, ASlantedWayTurnsThePlaneWithIt) {
  Truth truth = Thrown().MakeTruth();
  const Eigen::Vector3d along = Eigen::Vector3d(1.0, 0.6, 0.0).normalized();
  for (size_t step = 0; step < truth.motion.states.size(); ++step) {
    truth.motion.states[step][1].world_from_body.translation =
        Eigen::Vector3d(0.0, 0.0, 0.8) + 0.001 * static_cast<double>(step) * along;
  }
  const MotionPlane plane = PlaneOf(truth, 1, PairFrames(truth.video, truth.video).pairs);
  EXPECT_NEAR(std::abs(plane.along.dot(along)), 1.0, 1e-9);
}

TEST(MotionPlaneTest, UpIsAgainstGravityAndUpwardsWithoutOne) {
  Truth truth = Thrown().MakeTruth();
  const std::vector<FramePair> pairs = PairFrames(truth.video, truth.video).pairs;
  truth.scene.gravity_mps2 = {0.0, 3.0, -4.0};
  EXPECT_LT((PlaneOf(truth, 1, pairs).up - Eigen::Vector3d(0.0, -0.6, 0.8)).norm(), 1e-12);
  truth.scene.gravity_mps2 = {0.0, 0.0, 0.0};
  EXPECT_EQ(PlaneOf(truth, 1, pairs).up, Eigen::Vector3d::UnitZ());
}

TEST(MotionPlaneTest, PartlyHiddenSightingsAreNoPlaces) {
  const Truth truth = Thrown().MakeTruth();
  Observation observation = Observed(truth, truth.video);
  const MotionPlane plane = PlaneOf(truth, 1, observation.paired.pairs);
  ObjectTrack track = observation.truth_tracks[0];
  const double full_px = observation.objects[0].expected[5].full_area_px;
  track.sightings[5].area_px = 0.69 * full_px;
  track.sightings[6].area_px = 0.71 * observation.objects[0].expected[6].full_area_px;
  track.sightings[7].found = false;
  const std::vector<PathPoint> path = SeenPath(truth, plane, observation, 0, track);
  EXPECT_EQ(path.size(), 18u);
  for (const PathPoint& point : path) EXPECT_TRUE(point.pair != 5 && point.pair != 7);
}

TEST(MotionPlaneTest, WithoutPairsThereIsNoPlane) {
  const Truth truth = Thrown().MakeTruth();
  EXPECT_THROW(PlaneOf(truth, 1, {}), CheckFailure);
}

}  // namespace
}  // namespace plumb
