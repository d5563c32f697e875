// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/rigidity/world_sightings.h"

#include <gtest/gtest.h>

#include "tests/metrics/geometry/rigidity/known_world.h"

namespace plumb {
namespace {

double LargestResidualPx(const WorldSightings& seen) {
  double largest = 0.0;
  for (const FrameSightings& frame : seen.frames) {
    for (const PointSighting& point : frame.points) {
      largest = std::max(largest, ReprojectionPx(seen.pinhole, frame.camera_from_world, point));
    }
  }
  return largest;
}

TEST(WorldSightingsTest, PosedFramesSeeThePointsOfTheirTracks) {
  KnownWorld known = MakeKnownWorld({});
  known.world.clip.posed[4] = false;
  known.set.tracks[0].points_px.resize(7);  // ends after frame 6
  const WorldSightings seen = SightingsOf(known.set, known.world);
  ASSERT_EQ(seen.frames.size(), 19u);
  EXPECT_EQ(seen.frames[3].frame, 3);
  EXPECT_EQ(seen.frames[4].frame, 5);
  EXPECT_EQ(seen.frames[5].points.size(), 324u);  // frame 6
  EXPECT_EQ(seen.frames[6].points.size(), 323u);
  EXPECT_FALSE(seen.turns_only);
  EXPECT_LT(LargestResidualPx(seen), 1e-9);
}

TEST(WorldSightingsTest, ATurningCameraSeesDirections) {
  KnownWorldOptions options;
  options.way_m.setZero();
  options.turn_rad = 0.2;
  KnownWorld known = MakeKnownWorld(options);
  known.set.tracks[0].points_px.resize(4);  // too short to point anywhere
  const WorldSightings seen = SightingsOf(known.set, known.world);
  EXPECT_TRUE(seen.turns_only);
  EXPECT_EQ(seen.frames.front().points.size(), 323u);
  EXPECT_LT(LargestResidualPx(seen), 1e-9);
  EXPECT_NEAR(seen.frames.front().points.front().x_in_world.norm(), 1.0, 1e-12);
}

TEST(WorldSightingsTest, AStillCameraSeesWhereThePointsWere) {
  const TrackSet set = MovedGrid(12, 6, [](int frame, const Eigen::Vector2d& start) {
    return Eigen::Vector2d(start + Eigen::Vector2d(0.25 * frame, 0.0));
  });
  const WorldSightings seen = StillSightings(set);
  ASSERT_EQ(seen.frames.size(), 8u);
  EXPECT_EQ(seen.frames.front().frame, kStillLag);
  EXPECT_EQ(seen.frames.front().points.size(), 36u);
  EXPECT_NEAR(LargestResidualPx(seen), 0.25 * kStillLag, 1e-9);
}

}  // namespace
}  // namespace plumb
