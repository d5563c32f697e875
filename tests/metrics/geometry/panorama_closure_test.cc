// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/panorama_closure.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/check.h"
#include "core/statistics.h"
#include "tests/metrics/geometry/geometry_scores.h"
#include "tests/metrics/geometry/room_video.h"
#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

CameraPathOf ThereAndBack(double sweep_rad) {
  const CameraPathOf yaw = YawPath(sweep_rad);
  return [yaw](double share) { return yaw(share < 0.5 ? 2.0 * share : 2.0 - 2.0 * share); };
}

RoomOptions Room() {
  RoomOptions options;
  options.width = options.height = 160;
  options.frames = 30;
  return options;
}

// A turning model that knows the truth.
PosedClip TrueClip(const SyntheticTracks& made) {
  PosedClip clip{PinholeOf(made.set, made.cameras.front().intrinsics.fx_px), {}, {}, true};
  for (const Camera& camera : made.cameras) {
    clip.camera_from_world.push_back({camera.camera_from_world.rotation, Eigen::Vector3d::Zero()});
    clip.posed.push_back(true);
  }
  return clip;
}

TEST(PanoramaClosureTest, ReturnsLookTheSameWayWithALookElsewhereBetween) {
  const SyntheticTracks made = MakeSyntheticTracks(ThereAndBack(1.2), {});
  const PosedClip clip = TrueClip(made);
  const auto returns = Returns(made.set, clip, {0, 23}, {});
  ASSERT_FALSE(returns.empty());
  for (const auto& [early, late] : returns) {
    EXPECT_LT(early, 12);
    EXPECT_GT(late, 11);
    const double angle = clip.camera_from_world[early].rotation.angularDistance(
        clip.camera_from_world[late].rotation);
    EXPECT_LT(angle, 0.45);  // half of the field of view
  }
  EXPECT_LE(returns.size(), static_cast<size_t>(ClosureOptions().max_pairs));
}

TEST(PanoramaClosureTest, ACameraThatGoesOnDoesNotReturn) {
  for (const double sweep_rad : {0.0, 0.3, 2.0}) {
    const SyntheticTracks made = MakeSyntheticTracks(YawPath(sweep_rad), {});
    EXPECT_TRUE(Returns(made.set, TrueClip(made), {0, 23}, {}).empty()) << sweep_rad;
  }
  // There and back, but it never left what it saw first.
  const SyntheticTracks little = MakeSyntheticTracks(ThereAndBack(0.2), {});
  EXPECT_TRUE(Returns(little.set, TrueClip(little), {0, 23}, {}).empty());
}

TEST(PanoramaClosureTest, FramesWithoutAPoseAreNotCompared) {
  const SyntheticTracks made = MakeSyntheticTracks(ThereAndBack(1.2), {});
  PosedClip clip = TrueClip(made);
  clip.posed.assign(24, false);
  EXPECT_TRUE(Returns(made.set, clip, {0, 23}, {}).empty());
}

const FamilyReport& Steady() {
  static const FamilyReport report = Measured(RenderRoom(ThereAndBack(1.1), Room()).video);
  return report;
}

TEST(PanoramaClosureTest, ARoomThatWaitsIsFoundWhereItWas) {
  EXPECT_EQ(Steady().motion_class, MotionClass::kRotation);
  const Score& closure = Find(Steady(), "panorama_closure_px");
  ASSERT_TRUE(closure.measured()) << closure.reason().text;
  EXPECT_LT(closure.value(), 0.5);
  EXPECT_GT(closure.evidence().details["found_share"].get<double>(), 0.8);
}

// The second half of the film shows everything further to the right by `shift_px`.
Video Shifted(const Video& video, int shift_px) {
  std::vector<Image> frames = video.frames();
  for (size_t i = frames.size() / 2; i < frames.size(); ++i) {
    const Image source = frames[i];
    for (int y = 0; y < source.height; ++y) {
      for (int x = shift_px; x < source.width; ++x) {
        std::copy_n(source.Pixel(x - shift_px, y), 3, frames[i].Pixel(x, y));
      }
    }
  }
  return Video(std::move(frames), video.fps());
}

double MedianErrorPx(const std::vector<Revisit>& revisits) {
  std::vector<double> errors;
  for (const Revisit& revisit : revisits) errors.push_back(revisit.error_px);
  return Median(errors);
}

TEST(PanoramaClosureTest, TheErrorIsHowFarThingsHaveMovedWhileNobodyLooked) {
  const RoomVideo room = RenderRoom(ThereAndBack(1.1), Room());
  const TrackSet set = TrackPoints(room.video, {}, {});
  SyntheticTracks known{set, room.cameras};
  const PosedClip clip = TrueClip(known);
  const auto returns = Returns(set, clip, {0, 29}, {});
  ASSERT_FALSE(returns.empty());
  for (const int shift_px : {0, 1, 2, 3}) {
    const Video sample = Shifted(room.video, shift_px);
    EXPECT_NEAR(MedianErrorPx(FindRevisits({set, clip, sample}, returns)), shift_px, 0.3);
  }
  // What looks like nothing that was there before is as far away as was looked.
  std::vector<Image> frames = room.video.frames();
  for (size_t i = 15; i < frames.size(); ++i) {
    for (uint8_t& level : frames[i].rgb) level = 255 - level;
  }
  const Video sample(std::move(frames), 24.0);
  EXPECT_NEAR(MedianErrorPx(FindRevisits({set, clip, sample}, returns)), 8.0 * set.UnitPx(), 1e-9);
}

TEST(PanoramaClosureTest, OtherCamerasHaveNone) {
  EXPECT_EQ(Find(Measured(RenderRoom(YawPath(0.4), Room()).video), "panorama_closure_px").status(),
            ScoreStatus::kNotTested);
  EXPECT_EQ(Find(Measured(RenderRoom(ArcPath(0.5), Room()).video), "panorama_closure_px").status(),
            ScoreStatus::kNotTested);
}

TEST(PanoramaClosureTest, OptionsOutOfRangeAreRefused) {
  ClosureOptions options;
  options.search_units = 0.0;
  EXPECT_THROW(options.Validate(), CheckFailure);
  options = {};
  options.left_view_share = 1.0;
  EXPECT_THROW(options.Validate(), CheckFailure);
}

}  // namespace
}  // namespace plumb
