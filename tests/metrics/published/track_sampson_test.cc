// SPDX-License-Identifier: Apache-2.0
#include "metrics/published/track_sampson.h"

#include <gmock/gmock.h>

#include "tests/metrics/geometry/room_video.h"
#include "tests/metrics/published/value_of.h"

namespace plumb {
namespace {

using testing::HasSubstr;

RoomOptions Room() {
  RoomOptions options;
  options.width = options.height = 128;
  options.frames = 17;
  return options;
}

double VideoError(const RoomOptions& options) {
  const NamedValues values =
      TrackSampson(RenderRoom(ArcPath(0.3), options).video, {.interval = 8}, {});
  EXPECT_EQ(ValueOf(values, "pairs"), 2.0);
  EXPECT_EQ(ValueOf(values, "valid_pairs"), 2.0);
  EXPECT_GT(ValueOf(values, "pair1/matches"), 60.0);
  EXPECT_GT(ValueOf(values, "video/keep_ratio"), 0.5);
  return ValueOf(values, "video/mean_error");
}

TEST(TrackSampsonTest, AWarpedRoomIsFartherFromOneMatrixThanARigidOne) {
  RoomOptions warped = Room();
  warped.warp = SmoothWarp(1.5, warped);
  const double rigid = VideoError(Room());
  // A canvas pixel is an eighth of one here or so: the tracker's noise is below one.
  EXPECT_LT(rigid, 0.6);
  EXPECT_GT(VideoError(warped), 1.5 * rigid);
}

TEST(TrackSampsonTest, APairWithoutTracksHasNoError) {
  const Video noise = NoiseVideo(Room());
  const NamedValues values = TrackSampson(noise, {.interval = 8}, {});
  EXPECT_EQ(ValueOf(values, "valid_pairs"), 0.0);
  EXPECT_THAT(ReasonOf(values, "video/mean_error"), HasSubstr("none of the 2 pairs"));
  EXPECT_THAT(ReasonOf(values, "pair0/keep_ratio"), HasSubstr("20 are needed"));
}

TEST(TrackSampsonTest, AClipShorterThanTheIntervalHasNoPair) {
  const NamedValues values = TrackSampson(NoiseVideo(Room()), {.interval = 17}, {});
  EXPECT_EQ(ValueOf(values, "pairs"), 0.0);
  EXPECT_THAT(ReasonOf(values, "video/keep_ratio"), HasSubstr("none of the 0 pairs"));
}

}  // namespace
}  // namespace plumb
