// SPDX-License-Identifier: Apache-2.0
// Which of these scores a clip has, and why not.
#include "metrics/geometry/rigidity/world_scores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/metrics/geometry/rigidity/known_world.h"

namespace plumb {
namespace {

using enum GeometryScore;
using testing::HasSubstr;

const std::vector<GeometryScore> kAsked = {kLocalPoseDivergence,
                                           kLoopDrift,
                                           kScaleBreathe,
                                           kFocalStability,
                                           kSubmodels,
                                           kCoverage,
                                           kCameraRotationError,
                                           kCameraTranslationError,
                                           kAte,
                                           kRpe};

struct Asked {
  KnownWorld known;
  MotionEvidence motion;
  WorldFit fit;
  Truth truth;
  bool has_truth = false;
};

Asked Ask(const KnownWorldOptions& options, MotionClass motion_class) {
  Asked asked{MakeKnownWorld(options), {}, {}, {.video = Video({Image(8, 8)}, 24.0)}};
  asked.motion.motion_class = motion_class;
  asked.motion.segments = {asked.known.world.stretch};
  asked.fit.worlds = {asked.known.world};
  return asked;
}

void GiveTruth(Asked& asked) {
  asked.has_truth = true;
  const int frames = asked.known.set.num_frames();
  asked.truth.video = Video(std::vector<Image>(frames, Image(8, 8)), 24.0);
  for (const Rigid3& pose : asked.known.world.clip.camera_from_world) {
    asked.truth.cameras.push_back({Intrinsics::FromVerticalFov(8, 8, 0.9), pose});
  }
}

std::vector<Score> ScoresOf(const Asked& asked, const Reason* why_not = nullptr) {
  const Video video(std::vector<Image>(asked.known.set.num_frames(), Image(256, 256)), 24.0);
  MetricInput input;
  input.sample = &video;
  input.truth = asked.has_truth ? &asked.truth : nullptr;
  ScoreSheet sheet(1);
  for (size_t i = 0; i < GeometryScores().size(); ++i) {
    sheet.LeaveOut({static_cast<GeometryScore>(i)}, "not asked");
  }
  if (why_not != nullptr) {
    PutWorldScores({input, asked.known.set, asked.known.set, asked.motion, nullptr, *why_not},
                   sheet);
  } else {
    PutWorldScores({input, asked.known.set, asked.known.set, asked.motion, &asked.fit}, sheet);
  }
  return sheet.Finish();
}

const Score& At(const std::vector<Score>& scores, GeometryScore which) {
  return scores[static_cast<size_t>(which)];
}

TEST(WorldScoresTest, ARigidWorldThatATrueCameraSawIsPerfect) {
  Asked asked = Ask({}, MotionClass::kParallax);
  GiveTruth(asked);
  const auto scores = ScoresOf(asked);
  EXPECT_NEAR(At(scores, kLocalPoseDivergence).value(), 0.0, 1e-4);
  EXPECT_NEAR(At(scores, kFocalStability).value(), 1.0, 1e-6);
  EXPECT_NEAR(At(scores, kScaleBreathe).value(), 0.0, 2e-3);
  EXPECT_EQ(At(scores, kSubmodels).value(), 1.0);
  EXPECT_GT(At(scores, kCoverage).value(), 3.0);
  EXPECT_NEAR(At(scores, kCameraRotationError).value(), 0.0, 1e-6);
  EXPECT_NEAR(At(scores, kCameraTranslationError).value(), 0.0, 1e-9);
  EXPECT_NEAR(At(scores, kAte).value(), 0.0, 1e-9);
  EXPECT_NEAR(At(scores, kRpe).value(), 0.0, 1e-9);
  EXPECT_EQ(At(scores, kLoopDrift).reason().code, ReasonCode::kNoEvent);
  const Json& forms = At(scores, kCameraRotationError).evidence().details["forms"];
  EXPECT_NEAR(forms["wrbench/camera_accuracy"].get<double>(), 1.0, 1e-6);
}

TEST(WorldScoresTest, ValuesLieInTheirIntervals) {
  KnownWorldOptions options;
  options.noise_px = 0.2;
  Asked asked = Ask(options, MotionClass::kParallax);
  GiveTruth(asked);
  for (const Score& score : ScoresOf(asked)) {
    if (!score.measured()) continue;
    EXPECT_LE(score.low(), score.value()) << score.id();
    EXPECT_GE(score.high(), score.value()) << score.id();
  }
}

TEST(WorldScoresTest, CamerasWithoutATruthAreNotCompared) {
  const auto scores = ScoresOf(Ask({}, MotionClass::kParallax));
  for (const GeometryScore which : {kCameraRotationError, kCameraTranslationError, kAte, kRpe}) {
    EXPECT_EQ(At(scores, which).reason().code, ReasonCode::kNoTruth);
  }
}

TEST(WorldScoresTest, ModelsBeyondOneForEachPartAreBreaks) {
  Asked asked = Ask({}, MotionClass::kParallax);
  asked.fit.worlds.push_back(asked.fit.worlds.front());
  EXPECT_EQ(At(ScoresOf(asked), kSubmodels).value(), 2.0);
  // A part without a world does not make up for a break; a world for each part is none.
  const Segment whole = asked.known.world.stretch, early{0, 14}, late{15, whole.last};
  asked.motion.segments = {early, late};
  for (RigidWorld& world : asked.fit.worlds) world.stretch = late;
  EXPECT_EQ(At(ScoresOf(asked), kSubmodels).value(), 2.0);
  asked.fit.worlds.front().stretch = early;
  EXPECT_EQ(At(ScoresOf(asked), kSubmodels).value(), 1.0);
}

TEST(WorldScoresTest, AWorldInTheGapOfAnotherIsMeasuredInItsTurn) {
  KnownWorldOptions options;
  options.noise_px = 0.2;
  Asked asked = Ask(options, MotionClass::kParallax);
  asked.fit.worlds.push_back(asked.known.world);
  asked.fit.worlds.front().stretch.first = 15;
  asked.fit.worlds.back().stretch.last = 14;
  const auto scores = ScoresOf(asked);
  const Json stretch = At(scores, kLocalPoseDivergence).evidence().details["stretch"];
  EXPECT_LT(stretch[0].get<int>(), stretch[1].get<int>());
}

TEST(WorldScoresTest, WithoutAWorldNothingIsWhole) {
  Asked asked = Ask({}, MotionClass::kParallax);
  GiveTruth(asked);
  asked.fit.worlds.clear();
  asked.fit.why_not = "the solver found no start";
  const auto scores = ScoresOf(asked);
  for (const GeometryScore which :
       {kLocalPoseDivergence, kLoopDrift, kFocalStability, kSubmodels, kCoverage, kAte, kRpe}) {
    ASSERT_FALSE(At(scores, which).measured());
    EXPECT_THAT(At(scores, which).reason().text, HasSubstr("the solver found no start"));
  }
}

TEST(WorldScoresTest, ATurningCameraHasNoDepth) {
  KnownWorldOptions options;
  options.way_m.setZero();
  options.turn_rad = 0.1;
  Asked asked = Ask(options, MotionClass::kRotation);
  GiveTruth(asked);
  const auto scores = ScoresOf(asked);
  for (const GeometryScore which : {kLoopDrift, kSubmodels, kCoverage}) {
    EXPECT_EQ(At(scores, which).reason().code, ReasonCode::kNoParallax);
  }
  EXPECT_NEAR(At(scores, kCameraRotationError).value(), 0.0, 1e-6);
  EXPECT_EQ(At(scores, kAte).reason().code, ReasonCode::kNoCameraMotion);
  EXPECT_NEAR(At(scores, kLocalPoseDivergence).value(), 0.0, 1e-4);
  EXPECT_NEAR(At(scores, kFocalStability).value(), 1.0, 1e-6);
}

TEST(WorldScoresTest, AStillCameraIsComparedWithOneThatShouldMove) {
  KnownWorldOptions still;
  still.way_m = {1e-9, 0.0, 0.0};
  Asked asked = Ask(still, MotionClass::kStatic);
  asked.motion.reason = Reason{ReasonCode::kNoCameraMotion, "it stands"};
  GiveTruth(asked);
  asked.truth.cameras.back().camera_from_world.translation.x() = 1.0;
  auto scores = ScoresOf(asked);
  EXPECT_NEAR(At(scores, kCameraTranslationError).value(), 1.0 / 20.0, 1e-6);
  EXPECT_NEAR(At(scores, kLocalPoseDivergence).value(), 0.0, 1e-4);
  EXPECT_EQ(At(scores, kFocalStability).status(), ScoreStatus::kNotTested);
  asked.motion.frozen = true;
  scores = ScoresOf(asked);
  for (const GeometryScore which : {kLocalPoseDivergence, kScaleBreathe}) {
    EXPECT_THAT(At(scores, which).reason().text, HasSubstr("repeat each other"));
  }
}

TEST(WorldScoresTest, WallsThatSlideBeforeAStillCameraDiverge) {
  KnownWorldOptions still;
  still.way_m = {1e-9, 0.0, 0.0};
  Asked asked = Ask(still, MotionClass::kStatic);
  for (Track& track : asked.known.set.tracks) {
    if (track.points_px.front().y() > 80.0) continue;
    for (size_t i = 0; i < track.points_px.size(); ++i) track.points_px[i].x() += 0.4 * i;
  }
  const Score divergence = At(ScoresOf(asked), kLocalPoseDivergence);
  EXPECT_GT(divergence.value(), 0.5);
  EXPECT_EQ(divergence.evidence().details["worst_part"]["row"], 0);
  EXPECT_EQ(divergence.evidence().details["per_frame"]["values"].size(), 20u);
}

TEST(WorldScoresTest, WithoutAModelTheReasonIsItsOwn) {
  const Reason reason{ReasonCode::kTooFewTracks, "too few of them"};
  const Asked asked = Ask({}, MotionClass::kParallax);
  const auto scores = ScoresOf(asked, &reason);
  for (const GeometryScore which : kAsked) {
    if (which == kScaleBreathe) continue;  // asks the tracks alone
    EXPECT_EQ(At(scores, which).reason().text, reason.text);
  }
  EXPECT_TRUE(At(scores, kScaleBreathe).measured());
}

TEST(WorldScoresTest, AVagueFocalLengthIsNone) {
  KnownWorldOptions flat;
  flat.relief_m = 0.0;
  flat.way_m = {0.0, 0.0, 0.3};
  flat.noise_px = 0.3;
  const auto scores = ScoresOf(Ask(flat, MotionClass::kParallax));
  EXPECT_EQ(At(scores, kFocalStability).reason().code, ReasonCode::kNoParallax);
  EXPECT_THAT(At(scores, kFocalStability).reason().text, HasSubstr("open by"));
}

TEST(WorldScoresTest, ShortClipsSayWhatIsMissing) {
  KnownWorldOptions brief;
  brief.frames = 4;
  const auto scores = ScoresOf(Ask(brief, MotionClass::kParallax));
  for (const GeometryScore which : {kLocalPoseDivergence, kScaleBreathe, kFocalStability}) {
    EXPECT_EQ(At(scores, which).reason().code, ReasonCode::kTooFewTracks);
    EXPECT_THAT(At(scores, which).reason().text, HasSubstr("are needed"));
  }
}

}  // namespace
}  // namespace plumb
