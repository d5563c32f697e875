// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/fit_scores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/check.h"
#include "metrics/metrics.h"
#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

using enum GeometryScore;
using testing::HasSubstr;

TrackSet Grid() {
  return MovedGrid(
      10, 12, [](int, const Eigen::Vector2d& start) { return Eigen::Vector2d(start); });
}

// `count` held-out tracks, each with the same residual everywhere.
WorldFit Fit(int count, double residual_px) {
  WorldFit fit;
  for (int i = 0; i < count; ++i) {
    ScoredTrack track{i, {}};
    for (int frame = 1; frame < 10; frame += 2) {
      track.sightings.push_back({frame, residual_px, Agreement(residual_px)});
    }
    fit.tracks.push_back(std::move(track));
  }
  fit.posed_frames = 8;
  fit.segment_frames = 10;
  for (const double focal_px : {280.0, 300.0, 290.0}) {
    RigidWorld world;
    world.clip.pinhole.focal_px = focal_px;
    fit.worlds.push_back(std::move(world));
  }
  return fit;
}

// The sheet with what the fit gives; all else is left out.
std::vector<Score> Scores(const WorldFit& fit, const TrackSet& set, uint64_t seed = 1) {
  const MotionEvidence motion;
  const FitScores scores(set, motion, set.num_frames());
  ScoreSheet sheet(seed);
  for (size_t i = 0; i < GeometryScores().size(); ++i) {
    sheet.LeaveOut({static_cast<GeometryScore>(i)}, "not asked");
  }
  scores.PutConsistency(fit, sheet);
  scores.PutResidual(kReprojection, fit, sheet);
  scores.PutRegistered(fit, sheet);
  return sheet.Finish();
}

const Score& At(const std::vector<Score>& scores, GeometryScore which) {
  return scores[static_cast<size_t>(which)];
}

TEST(FitScoresTest, EqualTracksGiveTheirValueAndNoSpread) {
  const std::vector<Score> scores = Scores(Fit(60, 0.7), Grid());
  EXPECT_DOUBLE_EQ(At(scores, kConsistency).value(), 0.75);
  EXPECT_DOUBLE_EQ(At(scores, kConsistency).low(), 0.75);
  EXPECT_DOUBLE_EQ(At(scores, kConsistency).high(), 0.75);
  EXPECT_DOUBLE_EQ(At(scores, kReprojection).value(), 0.7);
  EXPECT_DOUBLE_EQ(At(scores, kInlierShare).value(), 1.0);
  EXPECT_LT(At(scores, kInlierShare).low(), 1.0);  // sixty of sixty are not all there are
  EXPECT_DOUBLE_EQ(At(scores, kRegisteredShare).value(), 0.8);
}

TEST(FitScoresTest, ResidualsArePixelsOfTheSample) {
  TrackSet set = Grid();
  set.sample_scale = 3.0;
  const std::vector<Score> scores = Scores(Fit(60, 0.7), set);
  EXPECT_NEAR(At(scores, kReprojection).value(), 2.1, 1e-12);
  EXPECT_DOUBLE_EQ(At(scores, kConsistency).value(), 0.75);  // a share knows no pixels
  EXPECT_DOUBLE_EQ(At(scores, kConsistency).evidence().details["focal_px"].get<double>(), 870.0);
}

TEST(FitScoresTest, TracksThatAgreeHalfOfTheTimeAreInliers) {
  WorldFit fit = Fit(40, 1.5);  // agreement 0.5
  EXPECT_DOUBLE_EQ(At(Scores(fit, Grid()), kInlierShare).value(), 1.0);
  for (int i = 0; i < 10; ++i) fit.tracks[i] = Fit(1, 2.5).tracks[0];  // agreement 0.25
  EXPECT_DOUBLE_EQ(At(Scores(fit, Grid()), kInlierShare).value(), 0.75);
}

TEST(FitScoresTest, ValuesLieInTheirIntervals) {
  WorldFit fit = Fit(50, 0.2);
  for (int i = 0; i < 20; ++i) fit.tracks[i] = Fit(1, 0.3 * i).tracks[0];
  for (const uint64_t seed : {1, 2, 3}) {
    for (const Score& score : Scores(fit, Grid(), seed)) {
      if (!score.measured()) continue;
      EXPECT_LE(score.low(), score.value()) << score.id();
      EXPECT_GE(score.high(), score.value()) << score.id();
      EXPECT_LT(score.low(), score.high()) << score.id();
    }
  }
}

TEST(FitScoresTest, TheScoreFallsAsAnyTrackGetsWorse) {
  double before = 1.1;
  for (const double residual_px : {0.1, 0.6, 1.2, 2.4, 5.0}) {
    const double value = At(Scores(Fit(40, residual_px), Grid()), kConsistency).value();
    EXPECT_LT(value, before) << residual_px;
    before = value;
  }
  EXPECT_DOUBLE_EQ(before, 0.0);
}

TEST(FitScoresTest, ThirtyTracksAreEnoughAndTwentyNineAreNot) {
  EXPECT_TRUE(At(Scores(Fit(30, 0.2), Grid()), kConsistency).measured());
  const std::vector<Score> scores = Scores(Fit(29, 0.2), Grid());
  for (const GeometryScore which : {kConsistency, kInlierShare, kReprojection}) {
    ASSERT_FALSE(At(scores, which).measured());
    EXPECT_EQ(At(scores, which).reason().code, ReasonCode::kTooFewTracks);
    EXPECT_THAT(At(scores, which).reason().text, HasSubstr("29 held-out tracks"));
    EXPECT_THAT(At(scores, which).reason().text, HasSubstr("at least 30"));
    EXPECT_TRUE(At(scores, which).evidence().details.contains("motion"));
  }
}

TEST(FitScoresTest, UnposedFramesCountAgainstAgreementAndNotInTheResidual) {
  WorldFit fit = Fit(40, 0.2);
  for (ScoredTrack& track : fit.tracks) {
    track.sightings.push_back({8, std::nullopt, 0.0});
  }
  const std::vector<Score> scores = Scores(fit, Grid());
  EXPECT_NEAR(At(scores, kConsistency).value(), 5.0 / 6.0, 1e-12);
  EXPECT_DOUBLE_EQ(At(scores, kReprojection).value(), 0.2);
  for (ScoredTrack& track : fit.tracks) {
    for (ScoredSighting& sighting : track.sightings) sighting = {sighting.frame, {}, 0.0};
  }
  const std::vector<Score> nothing = Scores(fit, Grid());
  EXPECT_DOUBLE_EQ(At(nothing, kConsistency).value(), 0.0);
  EXPECT_THAT(At(nothing, kReprojection).reason().text, HasSubstr("0 held-out tracks in posed"));
}

TEST(FitScoresTest, WhyAPartHasNoModelIsInTheEvidence) {
  WorldFit fit = Fit(40, 0.2);
  EXPECT_FALSE(At(Scores(fit, Grid()), kConsistency).evidence().details.contains("why_not"));
  fit.why_not = "no pair of keyframes starts a reconstruction";
  EXPECT_EQ(At(Scores(fit, Grid()), kConsistency).evidence().details["why_not"], fit.why_not);
}

TEST(FitScoresTest, ASheetIsHandedOverInOrderAndOnlyWhenFull) {
  ScoreSheet sheet(1);
  sheet.Put(kConsistency, {0.5, 0.4, 0.6});
  sheet.PutMedian(kReprojection, {1.0, 2.0, 4.0});
  sheet.Refuse({kRegisteredShare, kInlierShare}, {ReasonCode::kNoParallax, "it only turns"});
  for (size_t i = static_cast<size_t>(kRotationResidual); i < GeometryScores().size(); ++i) {
    EXPECT_THROW(ScoreSheet(sheet).Finish(), CheckFailure);
    sheet.LeaveOut({static_cast<GeometryScore>(i)}, "the camera moves");
  }
  const std::vector<Score> scores = sheet.Finish();
  ASSERT_EQ(scores.size(), GeometryScores().size());
  for (size_t i = 0; i < scores.size(); ++i) EXPECT_EQ(scores[i].id(), GeometryScores()[i].id);
  EXPECT_DOUBLE_EQ(At(scores, kReprojection).value(), 2.0);
  EXPECT_EQ(At(scores, kInlierShare).status(), ScoreStatus::kNotMeasurable);
  EXPECT_EQ(At(scores, kBackgroundDrift).status(), ScoreStatus::kNotTested);
  EXPECT_EQ(At(scores, kBackgroundDrift).reason().code, ReasonCode::kLawNotApplicable);
}

TEST(FitScoresTest, EachPurposeHasItsOwnSeed) {
  const ScoreSheet sheet(1), other(2);
  EXPECT_EQ(sheet.BootstrapOf("median").seed, ScoreSheet(1).BootstrapOf("median").seed);
  EXPECT_NE(sheet.BootstrapOf("median").seed, sheet.BootstrapOf("consistency").seed);
  EXPECT_NE(sheet.BootstrapOf("median").seed, other.BootstrapOf("median").seed);
}

}  // namespace
}  // namespace plumb
