// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/tracks.h"

#include <gtest/gtest.h>

#include "core/check.h"
#include "core/statistics.h"
#include "tests/metrics/geometry/room_video.h"

namespace plumb {
namespace {

RoomOptions SmallRoom() {
  RoomOptions options;
  options.width = options.height = 160;
  options.frames = 20;
  return options;
}

const RoomVideo& Yaw() {
  static const RoomVideo room = RenderRoom(YawPath(0.4), SmallRoom());
  return room;
}

// Where a turning camera with known rotations must see each point again.
std::vector<double> ErrorsAgainstTruthPx(const TrackSet& set, const std::vector<Camera>& cameras) {
  std::vector<double> errors;
  for (const Track& track : set.tracks) {
    const Camera& first = cameras[track.first_frame];
    // The camera stands still, so any depth will do.
    const Eigen::Vector3d point = Unproject(first, track.points_px.front(), 5.0);
    for (int frame = track.first_frame + 1; frame <= track.last_frame(); ++frame) {
      errors.push_back((Project(cameras[frame], point).point_px - track.At(frame)).norm());
    }
  }
  return errors;
}

TEST(TracksTest, FollowsPointsWithinATenthOfAPixel) {
  const TrackSet set = TrackPoints(Yaw().video, {}, {});
  ASSERT_GT(set.tracks.size(), 200u);
  const std::vector<double> errors = ErrorsAgainstTruthPx(set, Yaw().cameras);
  // A patch aligned to a patch: sub-tenth accuracy is what the reference alignment is for.
  EXPECT_LT(Median(errors), 0.12);
  EXPECT_LT(Quantile(errors, 0.95), 0.7);
}

TEST(TracksTest, TwoRunsAreEqual) {
  const TrackSet a = TrackPoints(Yaw().video, {}, {});
  const TrackSet b = TrackPoints(Yaw().video, {}, {});
  ASSERT_EQ(a.tracks.size(), b.tracks.size());
  for (size_t i = 0; i < a.tracks.size(); ++i) {
    EXPECT_EQ(a.tracks[i].first_frame, b.tracks[i].first_frame);
    EXPECT_EQ(a.tracks[i].points_px, b.tracks[i].points_px);
  }
}

TEST(TracksTest, TracksAreOrderedAndLongEnough) {
  const TrackOptions options;
  const TrackSet set = TrackPoints(Yaw().video, options, {});
  for (size_t i = 0; i < set.tracks.size(); ++i) {
    EXPECT_GE(static_cast<int>(set.tracks[i].points_px.size()), options.min_observations);
    EXPECT_LT(set.tracks[i].last_frame(), set.num_frames());
    if (i > 0) {
      EXPECT_LE(set.tracks[i - 1].first_frame, set.tracks[i].first_frame);
    }
  }
}

TEST(TracksTest, NoiseIsNotFollowed) {
  const TrackSet set = TrackPoints(NoiseVideo(SmallRoom()), {}, {});
  EXPECT_LT(set.tracks.size(), 10u);
  for (int i = 1; i < set.num_frames(); ++i) {
    EXPECT_LT(set.transitions[i].survivors, 0.2 * set.transitions[i].before);
  }
}

TEST(TracksTest, BlackPicturesHaveNothingToFollow) {
  const Video black(std::vector<Image>(8, Image(128, 96)), 10.0);
  const TrackSet set = TrackPoints(black, {}, {});
  EXPECT_TRUE(set.tracks.empty());
  EXPECT_EQ(set.transitions.size(), 8u);
}

TEST(TracksTest, TinyPicturesGiveNoTracksAndNoFailure) {
  const TrackSet set = TrackPoints(Video(std::vector<Image>(5, Image(16, 16)), 10.0), {}, {});
  EXPECT_TRUE(set.tracks.empty());
  EXPECT_EQ(set.num_frames(), 5);
}

TEST(TracksTest, LargePicturesAreReducedAndSaySo) {
  const TrackSet set = TrackPoints(Video(std::vector<Image>(3, Image(1280, 720)), 10.0), {}, {});
  EXPECT_EQ(set.width, 640);
  EXPECT_EQ(set.height, 360);
  EXPECT_DOUBLE_EQ(set.sample_scale, 2.0);
}

TEST(TracksTest, StopsWhenCancelled) {
  Progress progress;
  progress.cancelled = [] { return true; };
  EXPECT_THROW(TrackPoints(Yaw().video, {}, progress), CancelledError);
}

TEST(TracksTest, OptionsOutOfRangeAreRefused) {
  TrackOptions options;
  options.cells = 1;
  EXPECT_THROW(TrackPoints(Yaw().video, options, {}), CheckFailure);
}

TEST(TracksTest, UnitIsOnePixelAt256) {
  TrackSet set;
  set.width = set.height = 512;
  EXPECT_DOUBLE_EQ(set.UnitPx(), 2.0);
}

}  // namespace
}  // namespace plumb
