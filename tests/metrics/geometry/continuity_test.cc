// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/continuity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TrackSet Slide(double step_px, int frames = 12, int side = 8) {
  return MovedGrid(frames, side, [step_px](int frame, const Eigen::Vector2d& start) {
    return Eigen::Vector2d(start + frame * step_px * Eigen::Vector2d(0.6, 0.8));
  });
}

// Steps that all keep 100 of 100 tracks, but for the named one.
TrackSet Steps(int frames, int odd, const Transition& step) {
  TrackSet set;
  set.width = set.height = 256;
  for (int i = 0; i < frames; ++i) set.frames.push_back(10 * i);
  set.transitions.assign(frames, {100, 100, 4.0});
  set.transitions[0] = {};
  set.transitions[odd] = step;
  return set;
}

TEST(ContinuityTest, MedianMotionIsTheSlideInUnits) {
  TrackSet set = Slide(3.0);
  EXPECT_NEAR(*MedianMotion(set, 2, 6, 1), 12.0, 1e-9);
  EXPECT_NEAR(*MedianMotion(set, 6, 2, 1), 12.0, 1e-9);
  set.width = set.height = 512;  // the same pixels are half as much of the picture
  EXPECT_NEAR(*MedianMotion(set, 2, 6, 1), 6.0, 1e-9);
}

TEST(ContinuityTest, MedianMotionNeedsItsTracks) {
  EXPECT_TRUE(MedianMotion(Slide(1.0), 0, 1, 64).has_value());
  EXPECT_FALSE(MedianMotion(Slide(1.0), 0, 1, 65).has_value());
}

TEST(ContinuityTest, SurvivalIsAShareAndNothingIsNoShare) {
  EXPECT_DOUBLE_EQ(Survival({80, 20, 0.0}), 0.25);
  EXPECT_DOUBLE_EQ(Survival({0, 0, 0.0}), 0.0);
  EXPECT_DOUBLE_EQ(MedianSurvival(Steps(6, 3, {100, 0, 0.0})), 1.0);
  TrackSet one;
  one.frames = {0};
  one.transitions.resize(1);
  EXPECT_DOUBLE_EQ(MedianSurvival(one), 0.0);
}

TEST(ContinuityTest, ACutIsOneStepThatAlmostNothingOutlives) {
  const TrackSet set = Steps(12, 5, {100, 10, 30.0});
  EXPECT_THAT(FindCuts(set, {}), ElementsAre(5));
  const Reason reason = CutReason(set, {5});
  EXPECT_EQ(reason.code, ReasonCode::kShotCut);
  EXPECT_THAT(reason.text, HasSubstr("frame 50"));  // of the sample, not of the tracked ones
  EXPECT_THAT(reason.text, HasSubstr("10 of 100 tracks"));
  EXPECT_THAT(CutReason(set, {5, 8, 9}).text, HasSubstr("and 2 more times"));
}

TEST(ContinuityTest, AtTheBoundsThereIsNoCut) {
  EXPECT_TRUE(FindCuts(Steps(12, 5, {100, 25, 30.0}), {}).empty());  // survival at the bound
  EXPECT_THAT(FindCuts(Steps(12, 5, {100, 24, 30.0}), {}), ElementsAre(5));
  EXPECT_TRUE(FindCuts(Steps(12, 5, {100, 0, 5.9}), {}).empty());  // the pictures hardly differ
  EXPECT_THAT(FindCuts(Steps(12, 5, {100, 0, 6.0}), {}), ElementsAre(5));
  EXPECT_TRUE(FindCuts(Steps(12, 5, {49, 0, 30.0}), {}).empty());  // too few to begin with
}

TEST(ContinuityTest, ACutNeedsCalmOnBothSides) {
  for (const int neighbour : {4, 6}) {
    TrackSet set = Steps(12, 5, {100, 0, 30.0});
    set.transitions[neighbour] = {100, 50, 10.0};
    EXPECT_TRUE(FindCuts(set, {}).empty()) << neighbour;
  }
  EXPECT_THAT(FindCuts(Steps(12, 1, {100, 0, 30.0}), {}), ElementsAre(1));
  EXPECT_THAT(FindCuts(Steps(12, 11, {100, 0, 30.0}), {}), ElementsAre(11));
}

TEST(ContinuityTest, FourOfFiveRepeatsAreFrozen) {
  TrackSet set = Steps(11, 1, {100, 100, 4.0});
  for (int i = 1; i <= 7; ++i) set.transitions[i].change_levels = 0.0;
  EXPECT_FALSE(Frozen(set));
  set.transitions[8].change_levels = 0.0;
  EXPECT_TRUE(Frozen(set));
}

TEST(ContinuityTest, ASteadyCameraIsInOrder) { EXPECT_FALSE(Disorder(Slide(6.0), {}).has_value()); }

TEST(ContinuityTest, PicturesThatJumpToAndFroAreInDisorder) {
  const TrackSet set = MovedGrid(12, 8, [](int frame, const Eigen::Vector2d& start) {
    return Eigen::Vector2d(start + Eigen::Vector2d(frame % 2 == 0 ? 0.0 : 9.0, 0.1 * frame));
  });
  const std::optional<Reason> reason = Disorder(set, {});
  ASSERT_TRUE(reason.has_value());
  EXPECT_EQ(reason->code, ReasonCode::kShotCut);
  EXPECT_THAT(reason->text, HasSubstr("9.0 px in one step"));
}

TEST(ContinuityTest, ATremorBelowTheBoundIsNoDisorder) {
  const TrackSet set = MovedGrid(12, 8, [](int frame, const Eigen::Vector2d& start) {
    return Eigen::Vector2d(start + Eigen::Vector2d(frame % 2 == 0 ? 0.0 : 2.9, 0.1 * frame));
  });
  EXPECT_FALSE(Disorder(set, {}).has_value());
}

// Two pixels a frame and a tremor as large: a step is 0.95 of two steps, but 0.63 of three.
TEST(ContinuityTest, ACameraThatShakesOnItsWayIsInOrder) {
  const TrackSet set = MovedGrid(13, 8, [](int frame, const Eigen::Vector2d& start) {
    return Eigen::Vector2d(start +
                           Eigen::Vector2d(2.0 * frame + (frame % 2 == 0 ? -0.95 : 0.95), 0.0));
  });
  EXPECT_FALSE(Disorder(set, {}).has_value());
}

// Pieces of three frames each, so that nothing outlives three steps.
TEST(ContinuityTest, WhereTracksAreShortTwoStepsTell) {
  const auto in_pieces = [](const PictureMotion& move) {
    TrackSet set = MovedGrid(13, 8, move);
    std::vector<Track> pieces;
    for (const Track& track : set.tracks) {
      for (int first = 0; first + 2 < set.num_frames(); first += 2) {
        const auto begin = track.points_px.begin() + first;
        pieces.push_back({first, {begin, begin + 3}});
      }
    }
    set.tracks = std::move(pieces);
    return set;
  };
  const std::optional<Reason> reason =
      Disorder(in_pieces([](int frame, const Eigen::Vector2d& start) {
                 return Eigen::Vector2d(start + Eigen::Vector2d(frame % 2 == 0 ? 0.0 : 9.0, 0.0));
               }),
               {});
  ASSERT_TRUE(reason.has_value());
  EXPECT_THAT(reason->text, HasSubstr("in two"));
  EXPECT_FALSE(Disorder(in_pieces([](int frame, const Eigen::Vector2d& start) {
                          return Eigen::Vector2d(start + Eigen::Vector2d(6.0 * frame, 0.0));
                        }),
                        {})
                   .has_value());
}

TEST(ContinuityTest, ThreeStepsAreTooFewToJudgeTheOrder) {
  const TrackSet set = MovedGrid(5, 8, [](int frame, const Eigen::Vector2d& start) {
    return Eigen::Vector2d(start + Eigen::Vector2d(frame % 2 == 0 ? 0.0 : 9.0, 0.0));
  });
  EXPECT_FALSE(Disorder(set, {}).has_value());
}

TEST(ContinuityTest, SegmentsEndWhereTooFewTracksLeadOn) {
  TrackSet set = Steps(20, 8, {100, 11, 4.0});
  std::vector<Segment> segments = FindSegments(set, {});
  ASSERT_EQ(segments.size(), 2u);
  EXPECT_EQ(segments[0].first, 0);
  EXPECT_EQ(segments[0].last, 7);
  EXPECT_EQ(segments[1].first, 8);
  EXPECT_EQ(segments[1].last, 19);
  set.transitions[8].survivors = 12;  // half of the tracks that a comparison needs
  EXPECT_EQ(FindSegments(set, {}).size(), 1u);
}

TEST(ContinuityTest, SegmentsThatAreTooShortAreLeftOut) {
  const std::vector<Segment> segments = FindSegments(Steps(20, 5, {100, 0, 4.0}), {});
  ASSERT_EQ(segments.size(), 1u);
  EXPECT_EQ(segments[0].first, 5);
  EXPECT_EQ(FindSegments(Steps(20, 6, {100, 0, 4.0}), {}).size(), 2u);
}

TEST(ContinuityTest, UnreadableClipsSayWhatTheyLack) {
  EXPECT_FALSE(Unreadable(Steps(6, 1, {100, 100, 4.0}), 1.0, {}).has_value());
  const Reason few = *Unreadable(Steps(5, 1, {100, 100, 4.0}), 1.0, {});
  EXPECT_EQ(few.code, ReasonCode::kTooFewFrames);
  EXPECT_EQ(few.text, "5 frames, at least 6 are needed");
  TrackSet thin = Steps(8, 1, {});
  for (Transition& step : thin.transitions) step = {23, 23, 4.0};
  const Reason texture = *Unreadable(thin, 1.0, {});
  EXPECT_EQ(texture.code, ReasonCode::kTooLittleTexture);
  EXPECT_EQ(texture.text, "23 points to follow at most, at least 24 are needed");
  EXPECT_EQ(Unreadable(Steps(8, 1, {100, 100, 4.0}), 0.34, {})->code, ReasonCode::kTooFewTracks);
  EXPECT_FALSE(Unreadable(Steps(8, 1, {100, 100, 4.0}), 0.35, {}).has_value());
}

}  // namespace
}  // namespace plumb
