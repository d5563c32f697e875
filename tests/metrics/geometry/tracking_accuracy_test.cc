// SPDX-License-Identifier: Apache-2.0
// The tracker against motions known in closed form, and what must make a track end.
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include <Eigen/LU>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/seed.h"
#include "core/statistics.h"
#include "metrics/geometry/tracks.h"
#include "tests/metrics/geometry/moving_texture.h"

namespace plumb {
namespace {

// How far every sighting is from the place that shows the same point of the texture as the track's
// first one.
std::vector<double> ErrorsPx(const TrackSet& set, const TextureMap& map) {
  std::vector<double> errors;
  for (const Track& track : set.tracks) {
    const Eigen::Vector2d start = map(track.first_frame, track.points_px.front());
    for (int frame = track.first_frame + 1; frame <= track.last_frame(); ++frame) {
      errors.push_back((map(frame, track.At(frame)) - start).norm());
    }
  }
  return errors;
}

TextureMap Turning(double rad_per_frame) {
  return [rad_per_frame](int frame, const Eigen::Vector2d& point) -> Eigen::Vector2d {
    const Eigen::Vector2d centre(80.0, 80.0);
    const double c = std::cos(frame * rad_per_frame), s = std::sin(frame * rad_per_frame);
    const Eigen::Vector2d d = point - centre;
    return centre + Eigen::Vector2d(c * d.x() + s * d.y(), -s * d.x() + c * d.y());
  };
}

TextureMap Zooming(double per_frame) {
  return [per_frame](int frame, const Eigen::Vector2d& point) -> Eigen::Vector2d {
    const Eigen::Vector2d centre(80.0, 80.0);
    return centre + (point - centre) / std::pow(1.0 + per_frame, frame);
  };
}

double MeanLength(const TrackSet& set) {
  double sum = 0.0;
  for (const Track& track : set.tracks) sum += static_cast<double>(track.points_px.size());
  return sum / static_cast<double>(set.tracks.size());
}

TEST(TrackingAccuracyTest, SlidingIsFollowedToAFewHundredthsOfAPixel) {
  for (const Eigen::Vector2d& step :
       {Eigen::Vector2d(0.37, -0.21), Eigen::Vector2d(1.5, 0.5), Eigen::Vector2d(-3.3, 2.7)}) {
    const TextureMap map = Sliding(step);
    const TrackSet set = TrackPoints(MovingTexture(map, {}), {}, {});
    ASSERT_GT(set.tracks.size(), 150u) << step.transpose();
    EXPECT_LT(Median(ErrorsPx(set, map)), 0.03) << step.transpose();
    EXPECT_LT(Quantile(ErrorsPx(set, map), 0.95), 0.12) << step.transpose();
  }
}

TEST(TrackingAccuracyTest, TurningAboutTheOpticalAxisIsFollowed) {
  const TextureMap map = Turning(0.008);
  const TrackSet set = TrackPoints(MovingTexture(map, {}), {}, {});
  ASSERT_GT(set.tracks.size(), 150u);
  EXPECT_LT(Median(ErrorsPx(set, map)), 0.04);
  EXPECT_LT(Quantile(ErrorsPx(set, map), 0.95), 0.12);
}

TEST(TrackingAccuracyTest, ZoomingIsFollowed) {
  const TextureMap map = Zooming(0.008);
  const TrackSet set = TrackPoints(MovingTexture(map, {}), {}, {});
  ASSERT_GT(set.tracks.size(), 150u);
  EXPECT_LT(Median(ErrorsPx(set, map)), 0.04);
}

TEST(TrackingAccuracyTest, WhatShearsAndComesNearerIsFollowedAsWell) {
  // Like a wall along which the camera drives: a window that only shifts is pulled aside here.
  const TextureMap map = [](int frame, const Eigen::Vector2d& point) -> Eigen::Vector2d {
    Eigen::Matrix2d stretch;
    stretch << 1.0 + 0.02 * frame, 0.01 * frame, 0.0, 1.0 + 0.005 * frame;
    const Eigen::Vector2d centre(80.0, 80.0);
    return centre + stretch.inverse() * (point - centre);
  };
  const TrackSet set = TrackPoints(MovingTexture(map, {}), {}, {});
  ASSERT_GT(set.tracks.size(), 150u);
  const std::vector<double> errors = ErrorsPx(set, map);
  EXPECT_LT(Median(errors), 0.04);
  EXPECT_LT(Quantile(errors, 0.95), 0.12);
}

TEST(TrackingAccuracyTest, ErrorsDoNotAddUpFromFrameToFrame) {
  TextureOptions options;
  options.frames = 30;
  const TextureMap map = Sliding({0.43, 0.29});
  const TrackSet set = TrackPoints(MovingTexture(map, options), {}, {});
  std::vector<double> early, late;
  for (const Track& track : set.tracks) {
    if (track.first_frame != 0 || !track.Sees(20)) continue;
    const Eigen::Vector2d start = map(0, track.At(0));
    early.push_back((map(2, track.At(2)) - start).norm());
    late.push_back((map(20, track.At(20)) - start).norm());
  }
  ASSERT_GT(late.size(), 50u);
  EXPECT_LT(Median(late), 2.0 * Median(early) + 0.02);
}

TEST(TrackingAccuracyTest, AStandingPictureHasNoMotionAtAll) {
  const TrackSet set = TrackPoints(MovingTexture(Sliding({0.0, 0.0}), {}), {}, {});
  ASSERT_GT(set.tracks.size(), 150u);
  for (const Track& track : set.tracks) {
    EXPECT_EQ(track.last_frame(), set.num_frames() - 1);
    EXPECT_LT((track.points_px.back() - track.points_px.front()).norm(), 1e-3);
  }
  for (int i = 1; i < set.num_frames(); ++i) {
    EXPECT_EQ(set.transitions[i].change_levels, 0.0);
    EXPECT_EQ(set.transitions[i].survivors, set.transitions[i].before);
  }
}

TEST(TrackingAccuracyTest, TheSameLightOnTheWholeClipChangesNothing) {
  const TextureMap map = Sliding({1.2, 0.4});
  const TrackSet bright = TrackPoints(MovingTexture(map, {}), {}, {});
  TextureOptions dim;
  dim.gain = 0.6;
  dim.offset_levels = 30.0;
  const TrackSet set = TrackPoints(MovingTexture(map, dim), {}, {});
  EXPECT_NEAR(static_cast<double>(set.tracks.size()) / bright.tracks.size(), 1.0, 0.1);
  EXPECT_LT(Median(ErrorsPx(set, map)), 0.04);
}

TEST(TrackingAccuracyTest, SurvivorsOfASuddenChangeOfLightAreStillRight) {
  const TextureMap map = Sliding({0.8, 0.0});
  TextureOptions brighter;
  brighter.offset_levels = 6.0;
  std::vector<Image> frames = MovingTexture(map, {}).frames();
  const Video later = MovingTexture(map, brighter);
  for (size_t i = 7; i < frames.size(); ++i) frames[i] = later.frame(static_cast<int>(i));
  const TrackSet set = TrackPoints(Video(std::move(frames), 24.0), {}, {});
  EXPECT_GT(set.transitions[7].change_levels, 4.0);
  EXPECT_LT(Median(ErrorsPx(set, map)), 0.1);
}

TEST(TrackingAccuracyTest, NoTrackComesNearTheBorderOrGoesOnBeyondIt) {
  TextureOptions options;
  options.frames = 20;
  const TrackSet set = TrackPoints(MovingTexture(Sliding({4.0, 0.0}), options), {}, {});
  int left_the_picture = 0;
  for (const Track& track : set.tracks) {
    for (const Eigen::Vector2d& point : track.points_px) {
      EXPECT_GE(point.x(), 3.5);
      EXPECT_LT(point.x(), 157.5);
      EXPECT_GE(point.y(), 3.5);
      EXPECT_LT(point.y(), 157.5);
    }
    // The alignment needs its window of 21 px in the picture.
    const bool leaves = track.points_px.back().x() > 157.0 - 21.0;
    if (leaves && track.last_frame() + 1 < set.num_frames()) ++left_the_picture;
  }
  EXPECT_GT(left_the_picture, 30);
}

TEST(TrackingAccuracyTest, WhatEntersThePictureIsFollowedToo) {
  TextureOptions options;
  options.frames = 20;
  const TrackSet set = TrackPoints(MovingTexture(Sliding({4.0, 0.0}), options), {}, {});
  const auto entered = std::count_if(set.tracks.begin(), set.tracks.end(), [](const Track& track) {
    return track.first_frame > 0 && track.points_px.front().x() < 40.0;
  });
  EXPECT_GT(entered, 30);
  EXPECT_GT(set.occupied_share, 0.25);
}

TEST(TrackingAccuracyTest, ACellStartsOneTrackAndNeighboursKeepTheirDistance) {
  TrackOptions options;
  options.cells = 10;
  const TrackSet set = TrackPoints(MovingTexture(Sliding({0.5, 0.0}), {}), options, {});
  std::vector<Eigen::Vector2d> starts;
  for (const Track& track : set.tracks) {
    if (track.first_frame == 0) starts.push_back(track.points_px.front());
  }
  EXPECT_GT(starts.size(), 40u);
  EXPECT_LE(starts.size(), 100u);
  for (size_t i = 0; i < starts.size(); ++i) {
    for (size_t j = i + 1; j < starts.size(); ++j) {
      EXPECT_GE((starts[i] - starts[j]).norm(), 8.0 - 1e-6);
    }
  }
}

// From frame 7 on, the left half shows other noise in every frame.
Video HalfDestroyed(const TextureMap& map) {
  std::vector<Image> frames = MovingTexture(map, {}).frames();
  Random random(5);
  for (size_t i = 7; i < frames.size(); ++i) {
    for (int y = 0; y < 160; ++y) {
      for (int x = 0; x < 80; ++x) {
        std::fill_n(frames[i].Pixel(x, y), 3, static_cast<uint8_t>(random.Index(256)));
      }
    }
  }
  return Video(std::move(frames), 24.0);
}

TEST(TrackingAccuracyTest, WhatDoesNotComeBackIsDropped) {
  const TextureMap map = Sliding({0.4, 0.3});
  const TrackSet set = TrackPoints(HalfDestroyed(map), {}, {});
  int destroyed = 0, outlived = 0, untouched = 0, whole = 0;
  for (const Track& track : set.tracks) {
    if (track.first_frame != 0) continue;
    const double x = track.points_px.front().x();
    destroyed += x < 60.0;
    outlived += x < 60.0 && track.last_frame() > 8;
    untouched += x > 100.0;
    whole += x > 100.0 && track.last_frame() == set.num_frames() - 1;
  }
  ASSERT_GT(destroyed, 50);
  EXPECT_LT(outlived, 0.05 * destroyed);
  EXPECT_GT(whole, 0.6 * untouched);
}

TEST(TrackingAccuracyTest, StricterReturnShortensTracks) {
  const Video video = MovingTexture(Turning(0.012), {});
  double before = std::numeric_limits<double>::infinity();
  for (const double max_return_px : {0.5, 0.05, 0.01}) {
    TrackOptions options;
    options.max_return_px = max_return_px;
    const double length = MeanLength(TrackPoints(video, options, {}));
    EXPECT_LT(length, before) << max_return_px;
    before = length;
  }
}

TEST(TrackingAccuracyTest, ShortTracksAreDropped) {
  const Video video = MovingTexture(Sliding({6.0, 0.0}), {});
  size_t before = std::numeric_limits<size_t>::max();
  for (const int least : {2, 6, 12}) {
    TrackOptions options;
    options.min_observations = least;
    const TrackSet set = TrackPoints(video, options, {});
    for (const Track& track : set.tracks) {
      EXPECT_GE(static_cast<int>(track.points_px.size()), least);
    }
    EXPECT_LT(set.tracks.size(), before) << least;
    before = set.tracks.size();
  }
}

TEST(TrackingAccuracyTest, LongClipsAreThinnedEvenly) {
  TextureOptions options;
  options.width = options.height = 64;
  options.frames = 21;
  TrackOptions thin;
  thin.max_frames = 11;
  const TrackSet set = TrackPoints(MovingTexture(Sliding({0.3, 0.0}), options), thin, {});
  ASSERT_EQ(set.num_frames(), 11);
  for (int i = 0; i < 11; ++i) EXPECT_EQ(set.frames[i], 2 * i);
}

TEST(TrackingAccuracyTest, EveryOptionOutOfRangeIsNamed) {
  const auto message = [](const std::function<void(TrackOptions&)>& spoil) -> std::string {
    TrackOptions options;
    spoil(options);
    try {
      options.Validate();
    } catch (const std::exception& failure) {
      return failure.what();
    }
    return "accepted";
  };
  using testing::HasSubstr;
  EXPECT_THAT(message([](auto& o) { o.max_side_px = 31; }), HasSubstr("max_side_px 31"));
  EXPECT_THAT(message([](auto& o) { o.max_frames = 1; }), HasSubstr("max_frames 1"));
  EXPECT_THAT(message([](auto& o) { o.cells = 201; }), HasSubstr("cells 201"));
  EXPECT_THAT(message([](auto& o) { o.max_return_px = 0.0; }), HasSubstr("max_return_px 0"));
  EXPECT_THAT(message([](auto& o) { o.max_drift_px = -1.0; }), HasSubstr("max_drift_px -1"));
  EXPECT_THAT(message([](auto& o) { o.min_observations = 1; }), HasSubstr("min_observations 1"));
  EXPECT_EQ(message([](auto&) {}), "accepted");
}

}  // namespace
}  // namespace plumb
