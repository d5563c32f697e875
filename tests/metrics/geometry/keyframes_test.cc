// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/keyframes.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "metrics/geometry/continuity.h"
#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

using testing::ElementsAre;
using testing::Pair;

TrackSet Slide(double step_px, int frames) {
  return MovedGrid(frames, 8, [step_px](int frame, const Eigen::Vector2d& start) {
    return Eigen::Vector2d(start + Eigen::Vector2d(frame * step_px, 0.0));
  });
}

TEST(KeyframesTest, ANewOneComesAfterTheStatedMotion) {
  // 3 px a frame, more than 8 px between keyframes: every third frame, and the last.
  EXPECT_THAT(ChooseKeyframes(Slide(3.0, 12), {0, 11}, {}), ElementsAre(0, 3, 6, 9, 11));
  EXPECT_THAT(ChooseKeyframes(Slide(3.0, 12), {4, 10}, {}), ElementsAre(4, 7, 10));
  // Motion of exactly 8 px is not more than 8 px.
  EXPECT_THAT(ChooseKeyframes(Slide(4.0, 8), {0, 7}, {}), ElementsAre(0, 3, 6, 7));
}

TEST(KeyframesTest, SlowClipsHaveTheirEndsOnly) {
  EXPECT_THAT(ChooseKeyframes(Slide(0.1, 12), {0, 11}, {}), ElementsAre(0, 11));
}

TEST(KeyframesTest, LosingHalfOfTheTracksMakesOneToo) {
  TrackSet set = Slide(0.1, 12);
  for (size_t i = 0; i < set.tracks.size(); ++i) {
    if (i % 4 != 0) set.tracks[i].points_px.resize(5);  // three of four end in frame 4
  }
  MotionOptions options;
  options.min_tracks = 8;
  EXPECT_EQ(ChooseKeyframes(set, {0, 11}, options)[1], 5);
}

TEST(KeyframesTest, RateOfTheClipDoesNotChangeTheirMotion) {
  for (const double step_px : {1.0, 2.0, 4.1}) {
    const TrackSet set = Slide(step_px, 40);
    const std::vector<int> keyframes = ChooseKeyframes(set, {0, 39}, {});
    for (size_t k = 1; k + 1 < keyframes.size(); ++k) {
      const double motion = *MedianMotion(set, keyframes[k - 1], keyframes[k], 1);
      EXPECT_GT(motion, 8.0) << step_px;
      EXPECT_LE(motion, 8.0 + step_px) << step_px;
    }
  }
}

TEST(KeyframesTest, PartsFollowEachOtherAndHoldTheirKeyframes) {
  MotionOptions options;
  for (const int most : {3, 4, 7, 24}) {
    options.max_keyframes = most;
    const KeyframedParts cut = CutIntoParts(Slide(3.0, 40), {{0, 39}}, options);
    ASSERT_EQ(cut.parts.size(), cut.keyframes.size());
    int next = 0;
    for (size_t i = 0; i < cut.parts.size(); ++i) {
      EXPECT_EQ(cut.parts[i].first, next) << most;
      EXPECT_EQ(cut.keyframes[i].front(), cut.parts[i].first);
      EXPECT_EQ(cut.keyframes[i].back(), cut.parts[i].last);
      EXPECT_LE(static_cast<int>(cut.keyframes[i].size()), most + 1);
      next = cut.parts[i].last + 1;
    }
    EXPECT_EQ(next, 40);
  }
  EXPECT_EQ(CutIntoParts(Slide(3.0, 40), {{0, 39}}, options).parts.size(), 1u);
}

TEST(KeyframesTest, SegmentsAreCutOneByOne) {
  const KeyframedParts cut = CutIntoParts(Slide(3.0, 40), {{0, 9}, {20, 29}}, {});
  ASSERT_EQ(cut.parts.size(), 2u);
  EXPECT_EQ(cut.parts[1].first, 20);
  EXPECT_EQ(cut.keyframes[1].back(), 29);
}

TEST(KeyframesTest, ASlowSegmentHasTenAllTheSame) {
  const KeyframedParts cut = CutIntoParts(Slide(0.1, 40), {{3, 39}}, {});
  ASSERT_EQ(cut.keyframes.size(), 1u);
  EXPECT_THAT(cut.keyframes[0], ElementsAre(3, 7, 11, 15, 19, 23, 27, 31, 35, 39));
  EXPECT_THAT(CutIntoParts(Slide(0.1, 40), {{3, 21}}, {}).keyframes[0], ElementsAre(3, 21));
}

TEST(KeyframesTest, LongPairsShareTheMostMotion) {
  TrackSet set = Slide(3.0, 12);
  EXPECT_THAT(LongPairs(set, {{0, 3, 6, 11}}, 24),
              ElementsAre(Pair(0, 11), Pair(3, 11), Pair(6, 11)));
  // All but twenty of 64 end in frame 7: 20 tracks over 33 px tell less than 64 over 18 px.
  for (size_t i = 0; i < set.tracks.size(); ++i) {
    if (i >= 20) set.tracks[i].points_px.resize(8);
  }
  EXPECT_THAT(LongPairs(set, {{0, 3, 6, 11}}, 24), ElementsAre(Pair(0, 6), Pair(3, 6)));
  EXPECT_THAT(LongPairs(set, {{0, 3, 6, 11}}, 20),
              ElementsAre(Pair(0, 6), Pair(3, 6), Pair(6, 11)));
  EXPECT_TRUE(LongPairs(set, {{0}}, 1).empty());
  EXPECT_TRUE(LongPairs(set, {}, 1).empty());
}

// What lies near leaves the picture soon, what lies far away stays. The two frames that are
// farthest apart share only the latter, which shows no parallax.
TEST(KeyframesTest, LongerClipsShowNoLessParallax) {
  double before = 0.0;
  for (const int frames : {24, 48, 96}) {
    TrackSet set = MovedGrid(frames, 8, [](int frame, const Eigen::Vector2d& start) {
      return Eigen::Vector2d(start + Eigen::Vector2d(frame * (start.x() < 128.0 ? 4.0 : 0.5), 0.0));
    });
    for (Track& track : set.tracks) {
      if (track.points_px[0].x() < 128.0) track.points_px.resize(20);
    }
    std::vector<int> keyframes;
    for (int frame = 0; frame < frames; frame += 4) keyframes.push_back(frame);
    const std::vector<std::pair<int, int>> pairs = LongPairs(set, {keyframes}, 8);
    ASSERT_FALSE(pairs.empty());
    EXPECT_EQ(pairs.front(), std::pair(0, 16)) << frames;
    const double motion = *MedianMotion(set, 0, pairs.front().second, 1);
    EXPECT_GE(motion, before) << frames;
    before = motion;
  }
}

}  // namespace
}  // namespace plumb
