// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/shots.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/check.h"
#include "metrics/geometry/score_sheet.h"
#include "tests/metrics/geometry/geometry_scores.h"
#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TrackSet Slide(int frames) {
  return MovedGrid(frames, 8, [](int frame, const Eigen::Vector2d& start) {
    return Eigen::Vector2d(start + Eigen::Vector2d(1.0 * frame, 0.0));
  });
}

// Slides one after the other; no track leads from one to the next.
TrackSet Spliced(const std::vector<int>& lengths) {
  TrackSet all = Slide(lengths.front());
  for (size_t i = 1; i < lengths.size(); ++i) {
    const TrackSet next = Slide(lengths[i]);
    const int start = all.num_frames();
    for (Track track : next.tracks) {
      track.first_frame += start;
      all.tracks.push_back(std::move(track));
    }
    for (int k = 0; k < next.num_frames(); ++k) all.frames.push_back(start + k);
    all.transitions.insert(all.transitions.end(), next.transitions.begin(), next.transitions.end());
    all.transitions[start] = {64, 0, 40.0};
  }
  return all;
}

TEST(ShotsTest, ASingleTakeIsOneShot) {
  const std::vector<TrackSet> shots = SplitIntoShots(Slide(12), {});
  ASSERT_EQ(shots.size(), 1u);
  EXPECT_EQ(shots.front().num_frames(), 12);
  EXPECT_EQ(shots.front().tracks.size(), 64u);
}

TEST(ShotsTest, EveryShotIsAClipOfItsOwnWithTheSamplesFrames) {
  const std::vector<TrackSet> shots = SplitIntoShots(Spliced({12, 16, 3, 10, 9, 11}), {});
  ASSERT_EQ(shots.size(), 6u);
  int first = 0;
  for (const TrackSet& shot : shots) {
    EXPECT_EQ(shot.frames.front(), first);
    EXPECT_EQ(shot.frames.back(), first + shot.num_frames() - 1);
    EXPECT_EQ(shot.transitions.size(), shot.frames.size());
    EXPECT_EQ(shot.transitions.front().before, 0);
    EXPECT_EQ(shot.tracks.size(),
              shot.num_frames() < 4 ? 0u : 64u);  // three sightings are no track
    for (const Track& track : shot.tracks) {
      EXPECT_EQ(track.first_frame, 0);
      EXPECT_EQ(track.last_frame(), shot.num_frames() - 1);
    }
    first += shot.num_frames();
  }
  EXPECT_EQ(first, 61);
}

// A shot with few tracks between rich ones: its cut stands out only within itself.
TEST(ShotsTest, ARichShotDoesNotHideTheCutsOfAPlainOne) {
  TrackSet set = Spliced({24, 10, 10});
  for (int i = 1; i < 24; ++i) set.transitions[i] = {300, 300, 4.0};
  set.transitions[24] = {300, 0, 40.0};
  set.transitions[34] = {64, 2, 40.0};
  EXPECT_EQ(SplitIntoShots(set, {}).size(), 3u);
}

TEST(ShotsTest, PicturesThatKeepJumpingAreNoFilm) {
  EXPECT_EQ(SplitIntoShots(Spliced({10, 10, 10}), {}).size(), 3u);
  EXPECT_EQ(SplitIntoShots(Spliced({10, 10, 9}), {}).size(), 1u);
}

TEST(ShotsTest, TracksAreCutOffAtBothEnds) {
  const TrackSet part = FramesOf(Slide(12), {3, 8});
  ASSERT_EQ(part.tracks.size(), 64u);
  EXPECT_EQ(part.num_frames(), 6);
  EXPECT_EQ(part.frames.front(), 3);
  EXPECT_EQ(part.tracks[0].At(0), Slide(12).tracks[0].At(3));
  EXPECT_EQ(part.tracks[0].last_frame(), 5);
  EXPECT_TRUE(FramesOf(Slide(12), {4, 6}).tracks.empty());
  EXPECT_THROW(FramesOf(Slide(12), {4, 12}), CheckFailure);
}

// A shot of `frames` frames from `first` on with one value for all scores, or a reason.
ShotReport Shot(int first, int frames, double value, double half, MotionClass motion_class) {
  ScoreSheet sheet(0);
  for (size_t i = 0; i < GeometryScores().size(); ++i) {
    Json values = Json::array();
    for (int k = 0; k < 40; ++k) {
      values.push_back(k >= first && k < first + frames ? Json(value) : Json(nullptr));
    }
    Evidence evidence{{first, first + 1}, {{"per_frame", {{"values", values}}}, {"own", first}}};
    evidence.details["tracks"] = Json::array({{{"ok", true}, {"first", first}}});
    sheet.Put(static_cast<GeometryScore>(i), {value, value - half, value + half}, evidence);
  }
  return {first, first + frames - 1, {motion_class, sheet.Finish(), {"a note"}}, {}};
}

ShotReport Refused(int first, int frames, ReasonCode code) {
  ShotReport shot = Shot(first, frames, 0.5, 0.0, MotionClass::kUnknown);
  for (Score& score : shot.report.scores) {
    score = Score::NotMeasurable(score.info(), {code, "because"});
  }
  return shot;
}

TEST(ShotsTest, OneShotIsItsOwnReport) {
  const FamilyReport report = CombineShots({Shot(0, 9, 0.7, 0.1, MotionClass::kStatic)});
  EXPECT_EQ(report.motion_class, MotionClass::kStatic);
  EXPECT_DOUBLE_EQ(Find(report, "consistency").value(), 0.7);
  EXPECT_THAT(report.notes, ElementsAre("a note"));
}

TEST(ShotsTest, ScoresAreMeansByFrames) {
  const FamilyReport report = CombineShots({Shot(0, 30, 0.9, 0.04, MotionClass::kParallax),
                                            Shot(30, 10, 0.5, 0.12, MotionClass::kRotation)});
  EXPECT_EQ(report.motion_class, MotionClass::kCut);
  const Score& consistency = Find(report, "consistency");
  EXPECT_DOUBLE_EQ(consistency.value(), 0.8);
  EXPECT_NEAR(consistency.low(), 0.8 - 0.03 * std::sqrt(2.0), 1e-12);
  EXPECT_NEAR(consistency.high(), 0.8 + 0.03 * std::sqrt(2.0), 1e-12);
  EXPECT_DOUBLE_EQ(Find(report, "shots").value(), 2.0);
  EXPECT_THAT(report.notes,
              testing::Contains(HasSubstr("frames 0-29 parallax 0.900, frames 30-39 "
                                          "rotation 0.500")));
}

TEST(ShotsTest, EvidenceOfAllShotsIsPutTogether) {
  const FamilyReport report = CombineShots({Shot(0, 10, 0.5, 0.1, MotionClass::kRotation),
                                            Shot(10, 30, 0.9, 0.1, MotionClass::kParallax)});
  const Evidence& evidence = Find(report, "consistency").evidence();
  EXPECT_THAT(evidence.frames, ElementsAre(0, 10, 1, 11));
  EXPECT_EQ(evidence.details["own"], 0);  // of the worst shot
  EXPECT_EQ(evidence.details["tracks"].size(), 2u);
  for (const Json& value : evidence.details["per_frame"]["values"]) EXPECT_FALSE(value.is_null());
  EXPECT_EQ(evidence.details["shots"][0]["motion_class"], "rotation");
  EXPECT_EQ(evidence.details["measured_frames"], 40.0);
}

TEST(ShotsTest, WhatCanNotBeMeasuredLeavesTheMeanAlone) {
  const FamilyReport report = CombineShots({Shot(0, 10, 0.6, 0.1, MotionClass::kRotation),
                                            Refused(10, 30, ReasonCode::kTooLittleTexture)});
  const Score& consistency = Find(report, "consistency");
  EXPECT_DOUBLE_EQ(consistency.value(), 0.6);
  EXPECT_EQ(consistency.evidence().details["measured_frames"], 10.0);
  EXPECT_EQ(consistency.evidence().details["shots"][1]["reason"]["code"], "too_little_texture");
}

TEST(ShotsTest, NoShotMeasuredKeepsTheirReasons) {
  FamilyReport report = CombineShots({Refused(0, 10, ReasonCode::kTooLittleTexture),
                                      Refused(10, 30, ReasonCode::kTooLittleTexture)});
  EXPECT_EQ(Find(report, "consistency").reason().code, ReasonCode::kTooLittleTexture);
  EXPECT_THAT(Find(report, "consistency").reason().text, HasSubstr("frames 10-39: because"));
  EXPECT_DOUBLE_EQ(Find(report, "shots").value(), 2.0);
  report = CombineShots(
      {Refused(0, 10, ReasonCode::kTooLittleTexture), Refused(10, 30, ReasonCode::kTooFewTracks)});
  EXPECT_EQ(Find(report, "consistency").reason().code, ReasonCode::kShotCut);
}

TEST(ShotsTest, ABranchThatNoShotTookWasNotTested) {
  std::vector<ShotReport> shots = {Shot(0, 10, 0.6, 0.1, MotionClass::kRotation),
                                   Shot(10, 10, 0.6, 0.1, MotionClass::kRotation)};
  for (ShotReport& shot : shots) {
    for (Score& score : shot.report.scores) {
      score = Score::NotTested(score.info(), {ReasonCode::kLawNotApplicable, "the camera turns"});
    }
  }
  EXPECT_EQ(Find(CombineShots(shots), "reprojection_px").status(), ScoreStatus::kNotTested);
}

}  // namespace
}  // namespace plumb
