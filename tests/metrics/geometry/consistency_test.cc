// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/consistency.h"

#include <gtest/gtest.h>

#include "core/seed.h"
#include "core/statistics.h"
#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

// The true cameras as a solver would hand them over.
PosedClip TrueClip(const SyntheticTracks& truth) {
  PosedClip clip{{truth.cameras[0].intrinsics.fx_px, {128.0, 128.0}}, {}, {}, false};
  for (const Camera& camera : truth.cameras) {
    clip.camera_from_world.push_back(camera.camera_from_world);
    clip.posed.push_back(true);
  }
  return clip;
}

double MeanAgreement(const std::vector<ScoredTrack>& tracks) {
  std::vector<double> agreement;
  for (const ScoredTrack& track : tracks) agreement.push_back(track.Agreement());
  return Mean(agreement);
}

std::vector<ScoredTrack> Score(const SyntheticTracks& truth, const PosedClip& clip) {
  return ScoreTracks(truth.set, AllTracks(truth.set), clip, {0, truth.set.num_frames() - 1});
}

TEST(ConsistencyTest, AgreementFallsInFourSteps) {
  EXPECT_DOUBLE_EQ(Agreement(0.1), 1.0);
  EXPECT_DOUBLE_EQ(Agreement(0.7), 0.75);
  EXPECT_DOUBLE_EQ(Agreement(1.5), 0.5);
  EXPECT_DOUBLE_EQ(Agreement(3.9), 0.25);
  EXPECT_DOUBLE_EQ(Agreement(50.0), 0.0);
}

TEST(ConsistencyTest, TrueCamerasExplainEverything) {
  const SyntheticTracks truth = MakeSyntheticTracks(ArcPath(0.7), {});
  const std::vector<ScoredTrack> scored = Score(truth, TrueClip(truth));
  ASSERT_GT(scored.size(), 200u);
  for (const ScoredTrack& track : scored) {
    for (const ScoredSighting& sighting : track.sightings) {
      EXPECT_LT(*sighting.residual_px, 1e-3) << "track " << track.track;
    }
  }
}

TEST(ConsistencyTest, OnlySightingsThatFittedNothingAreScored) {
  const SyntheticTracks truth = MakeSyntheticTracks(ArcPath(0.7), {});
  for (const ScoredTrack& track : Score(truth, TrueClip(truth))) {
    const int length = static_cast<int>(truth.set.tracks[track.track].points_px.size());
    EXPECT_EQ(static_cast<int>(track.sightings.size()), length / 2);
  }
}

TEST(ConsistencyTest, FramesWithoutPoseCountAsDisagreement) {
  const SyntheticTracks truth = MakeSyntheticTracks(ArcPath(0.7), {});
  PosedClip clip = TrueClip(truth);
  clip.posed.assign(clip.posed.size(), false);
  const std::vector<ScoredTrack> scored = Score(truth, clip);
  ASSERT_FALSE(scored.empty());
  EXPECT_DOUBLE_EQ(MeanAgreement(scored), 0.0);
  EXPECT_FALSE(scored.front().sightings.front().residual_px.has_value());
}

double AgreementUnderNoise(double noise_px) {
  SyntheticTracksOptions options;
  options.noise_px = noise_px;
  const SyntheticTracks truth = MakeSyntheticTracks(ArcPath(0.7), options);
  return MeanAgreement(Score(truth, TrueClip(truth)));
}

// What a codec does to a picture is no fault of the world …
TEST(ConsistencyTest, NoiseOfThePictureIsAllowedFor) {
  for (const double noise_px : {0.0, 0.1, 0.2}) {
    EXPECT_GT(AgreementUnderNoise(noise_px), 0.99) << noise_px;
  }
}

TEST(ConsistencyTest, TheAllowanceIsBounded) {
  EXPECT_DOUBLE_EQ(NoiseAllowance(0.0), 1.0);
  EXPECT_DOUBLE_EQ(NoiseAllowance(0.12), 1.0);
  EXPECT_DOUBLE_EQ(NoiseAllowance(0.18), 1.5);
  EXPECT_DOUBLE_EQ(NoiseAllowance(5.0), 2.0);
}

// … up to twice the usual jitter.
TEST(ConsistencyTest, FallsSteadilyWithMoreNoise) {
  double before = AgreementUnderNoise(0.2);
  for (const double noise_px : {0.5, 1.0, 2.0, 4.0, 8.0}) {
    const double agreement = AgreementUnderNoise(noise_px);
    EXPECT_LT(agreement, before) << noise_px;
    before = agreement;
  }
  EXPECT_LT(before, 0.5);
}

TEST(ConsistencyTest, IndependentMotionIsNoticed) {
  SyntheticTracks truth = MakeSyntheticTracks(ArcPath(0.7), {});
  for (Track& track : truth.set.tracks) {
    for (size_t i = 0; i < track.points_px.size(); ++i) {
      track.points_px[i].y() += 0.15 * static_cast<double>(i * i);
    }
  }
  EXPECT_LT(MeanAgreement(Score(truth, TrueClip(truth))), 0.6);
}

TEST(ConsistencyTest, TurningCameraIsScoredWithoutDepth) {
  const SyntheticTracks truth = MakeSyntheticTracks(YawPath(0.6), {});
  PosedClip clip = TrueClip(truth);
  clip.turns_only = true;
  for (Rigid3& pose : clip.camera_from_world) pose.translation.setZero();
  EXPECT_DOUBLE_EQ(MeanAgreement(Score(truth, clip)), 1.0);
}

TEST(ConsistencyTest, HalvesShareNoTrackAndCoverAll) {
  const SyntheticTracks truth = MakeSyntheticTracks(ArcPath(0.7), {});
  const TrackHalves halves = SplitTracks(truth.set);
  EXPECT_EQ(halves.fit.size() + halves.held_out.size(), truth.set.tracks.size());
  for (const int index : halves.fit) EXPECT_EQ(index % 2, 0);
  for (const int index : halves.held_out) EXPECT_EQ(index % 2, 1);
}

}  // namespace
}  // namespace plumb
