// SPDX-License-Identifier: Apache-2.0
// Both models of the world over a whole clip: cameras through COLMAP against the truth, and what
// they explain of tracks they never saw.
#include "metrics/geometry/world_fit.h"

#include <algorithm>
#include <numbers>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "core/seed.h"
#include "core/statistics.h"
#include "metrics/geometry/reconstruct.h"
#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

const std::vector<int> kKeyframes = {0, 4, 8, 12, 16, 20, 23};

SyntheticTracks Arc(double noise_px, double fov_rad = 0.9) {
  SyntheticTracksOptions options;
  options.noise_px = noise_px;
  options.vertical_fov_rad = fov_rad;
  return MakeSyntheticTracks(ArcPath(0.7), options);
}

MotionEvidence OneSegment(const TrackSet& set, MotionClass motion_class) {
  MotionEvidence motion;
  motion.motion_class = motion_class;
  motion.segments = {{0, set.num_frames() - 1}};
  motion.keyframes = {kKeyframes};
  motion.rotation_focal_px = 280.0;
  return motion;
}

WorldFit Travelling(const TrackSet& set) {
  const MotionEvidence motion = OneSegment(set, MotionClass::kParallax);
  return FitTravelling({set, motion, 1}, {});
}

WorldFit Turning(const TrackSet& set) {
  const MotionEvidence motion = OneSegment(set, MotionClass::kRotation);
  return FitTurning(set, motion, {});
}

double MedianResidualPx(const WorldFit& fit) {
  std::vector<double> residuals;
  for (const ScoredTrack& track : fit.tracks) {
    for (const ScoredSighting& sighting : track.sightings) {
      if (sighting.residual_px) residuals.push_back(*sighting.residual_px);
    }
  }
  return Median(residuals);
}

// Relative rotations do not depend on the frame in which a reconstruction lives.
double WorstRotationDeg(const PosedClip& clip, const std::vector<Camera>& cameras) {
  double worst = 0.0;
  for (size_t i = 0; i < cameras.size(); ++i) {
    const Eigen::Quaterniond found =
        clip.camera_from_world[i].rotation * clip.camera_from_world[0].rotation.conjugate();
    const Eigen::Quaterniond truth =
        cameras[i].camera_from_world.rotation * cameras[0].camera_from_world.rotation.conjugate();
    worst = std::max(worst, found.angularDistance(truth) * 180.0 / std::numbers::pi);
  }
  return worst;
}

TEST(WorldFitTest, RotationsOfExactTracksAreTrueToATenthOfADegree) {
  for (const double fov_rad : {0.7, 1.1}) {
    const SyntheticTracks truth = Arc(0.0, fov_rad);
    const SegmentModel model = Reconstruct(truth.set, AllTracks(truth.set), kKeyframes, {});
    ASSERT_TRUE(model.found()) << fov_rad << ": " << model.why_not;
    EXPECT_LT(WorstRotationDeg(model.clip, truth.cameras), 0.1) << fov_rad;
    EXPECT_NEAR(model.clip.pinhole.focal_px / truth.cameras[0].intrinsics.fx_px, 1.0, 5e-3);
    EXPECT_GT(model.points.size(), 100u);
    EXPECT_GT(model.two_view_pairs, 6);
  }
}

TEST(WorldFitTest, TheSizeOfThePictureOnlyScalesTheFocalLength) {
  // Twice the pixels of the same picture: twice the focal length, the same cameras.
  const SyntheticTracks truth = Arc(0.1);
  const SegmentModel a = Reconstruct(truth.set, AllTracks(truth.set), kKeyframes, {});
  TrackSet doubled = truth.set;
  doubled.width = doubled.height = 512;
  for (Track& track : doubled.tracks) {
    for (Eigen::Vector2d& point : track.points_px) point *= 2.0;
  }
  const SegmentModel b = Reconstruct(doubled, AllTracks(doubled), kKeyframes, {});
  ASSERT_TRUE(a.found() && b.found());
  EXPECT_NEAR(b.clip.pinhole.focal_px / a.clip.pinhole.focal_px, 2.0, 0.02);
  EXPECT_EQ(a.posed_keyframes, b.posed_keyframes);
}

TEST(WorldFitTest, ARigidWorldExplainsTheHeldOutTracks) {
  const WorldFit fit = Travelling(Arc(0.1).set);
  EXPECT_DOUBLE_EQ(fit.PosedShare(), 1.0);
  EXPECT_GT(fit.Agreement(), 0.97);
  EXPECT_EQ(fit.details["models"], 1);
  ASSERT_EQ(fit.worlds.size(), 1u);
  EXPECT_EQ(fit.worlds[0].stretch.size(), 24);
  EXPECT_GT(fit.ScenePoints(), 100);
  EXPECT_EQ(fit.details["points"], fit.ScenePoints());
  EXPECT_EQ(fit.details["verified_pairs"], fit.pairs);
  EXPECT_TRUE(fit.why_not.empty());
  for (const ScoredTrack& track : fit.tracks) EXPECT_EQ(track.track % 2, 1);  // the other half
}

TEST(WorldFitTest, ResidualDoublesWithTheNoise) {
  double before = 0.0;
  for (const double noise_px : {0.1, 0.2, 0.4}) {
    const double residual = MedianResidualPx(Travelling(Arc(noise_px).set));
    if (before > 0.0) {
      EXPECT_NEAR(residual / before, 2.0, 0.4) << noise_px;
    }
    before = residual;
  }
}

TEST(WorldFitTest, FramesThatNoWorldExplainsPullTheAgreementDown) {
  SyntheticTracks truth = Arc(0.1);
  Random random(4);
  for (Track& track : truth.set.tracks) {
    for (int frame = std::max(9, track.first_frame); frame <= std::min(14, track.last_frame());
         ++frame) {
      const double dx = random.Normal(0.0, 6.0);
      track.points_px[frame - track.first_frame] += Eigen::Vector2d(dx, random.Normal(0.0, 6.0));
    }
  }
  const WorldFit fit = Travelling(truth.set);
  EXPECT_LT(fit.Agreement(), Travelling(Arc(0.1).set).Agreement() - 0.1);
}

TEST(WorldFitTest, TracksThatWanderEachOnItsOwnAreNoWorld) {
  SyntheticTracks truth = Arc(0.1);
  Random random(4);
  for (Track& track : truth.set.tracks) {
    const double vx = random.Normal(0.0, 1.0), vy = random.Normal(0.0, 1.0);
    for (size_t i = 0; i < track.points_px.size(); ++i) {
      track.points_px[i] += static_cast<double>(i) * Eigen::Vector2d(vx, vy);
    }
  }
  const WorldFit fit = Travelling(truth.set);
  EXPECT_LT(fit.Agreement(), 0.75);
}

TEST(WorldFitTest, ATurningCameraIsExplainedByTurning) {
  SyntheticTracksOptions options;
  options.noise_px = 0.1;
  const WorldFit fit = Turning(MakeSyntheticTracks(YawPath(0.6), options).set);
  EXPECT_DOUBLE_EQ(fit.PosedShare(), 1.0);
  EXPECT_GT(fit.Agreement(), 0.97);
  ASSERT_EQ(fit.worlds.size(), 1u);
  EXPECT_TRUE(fit.worlds[0].clip.turns_only);
  EXPECT_EQ(fit.ScenePoints(), 0);
}

TEST(WorldFitTest, TurningDoesNotExplainTravelling) {
  const TrackSet set = Arc(0.1).set;
  EXPECT_LT(Turning(set).Agreement(), Travelling(set).Agreement() - 0.2);
}

TEST(WorldFitTest, TheSameSeedGivesTheSameNumbers) {
  const TrackSet set = Arc(0.2).set;
  const WorldFit a = Travelling(set), b = Travelling(set);
  EXPECT_EQ(a.worlds[0].clip.pinhole.focal_px, b.worlds[0].clip.pinhole.focal_px);
  EXPECT_EQ(a.details, b.details);
  ASSERT_EQ(a.tracks.size(), b.tracks.size());
  for (size_t i = 0; i < a.tracks.size(); ++i) {
    ASSERT_EQ(a.tracks[i].sightings.size(), b.tracks[i].sightings.size());
    for (size_t k = 0; k < a.tracks[i].sightings.size(); ++k) {
      EXPECT_EQ(a.tracks[i].sightings[k].residual_px, b.tracks[i].sightings[k].residual_px);
    }
  }
}

TEST(WorldFitTest, WithoutAModelThereIsAReasonAndNoAgreement) {
  TrackSet few = Arc(0.1).set;
  few.tracks.resize(9);
  const WorldFit fit = Travelling(few);
  EXPECT_TRUE(fit.worlds.empty());
  EXPECT_DOUBLE_EQ(fit.PosedShare(), 0.0);
  EXPECT_DOUBLE_EQ(fit.Agreement(), 0.0);
  EXPECT_FALSE(fit.why_not.empty());
}

// Travels, then looks round from where it is.
SyntheticTracks ThenLooksRound(double noise_px) {
  SyntheticTracksOptions options;
  options.noise_px = noise_px;
  options.frames = 60;
  options.points = 900;
  return MakeSyntheticTracks(
      [](double share) {
        if (share <= 0.5) return ArcPath(0.7)(2.0 * share);
        const Rigid3 there = ArcPath(0.7)(1.0);
        const Eigen::AngleAxisd turn(0.7 * (share - 0.5), Eigen::Vector3d::UnitY());
        return there * Rigid3(Eigen::Quaterniond(turn), Eigen::Vector3d::Zero());
      },
      options);
}

TEST(WorldFitTest, ACameraThatStopsToLookRoundIsNotBlamed) {
  const SyntheticTracks truth = ThenLooksRound(0.1);
  MotionEvidence motion = OneSegment(truth.set, MotionClass::kParallax);
  motion.keyframes = {{0, 4, 8, 12, 16, 20, 24, 28, 33, 38, 43, 48, 53, 59}};
  const WorldFit fit = FitTravelling({truth.set, motion, 1}, {});
  EXPECT_DOUBLE_EQ(fit.PosedShare(), 1.0);
  EXPECT_GT(fit.Agreement(), 0.95);
}

TEST(WorldFitTest, TurnsAcrossWhichNothingIsFollowedStayApart) {
  SyntheticTracksOptions options;
  options.noise_px = 0.1;
  TrackSet set = MakeSyntheticTracks(YawPath(0.6), options).set;
  MotionEvidence motion = OneSegment(set, MotionClass::kRotation);
  motion.segments = {{0, 11}, {12, 23}};
  EXPECT_EQ(FitTurning(set, motion, {}).worlds.size(), 1u);
  set.transitions[12].survivors = 0;
  EXPECT_EQ(FitTurning(set, motion, {}).worlds.size(), 2u);
}

TEST(WorldFitTest, NoTracksAgreeToNothing) { EXPECT_DOUBLE_EQ(WorldFit().Agreement(), 0.0); }

TEST(WorldFitTest, BothStopWhenCancelled) {
  const TrackSet set = Arc(0.1).set;
  const MotionEvidence motion = OneSegment(set, MotionClass::kParallax);
  Progress progress;
  progress.cancelled = [] { return true; };
  EXPECT_THROW(FitTurning(set, motion, progress), CancelledError);
  EXPECT_THROW(FitTravelling({set, motion, 1}, progress), CancelledError);
}

}  // namespace
}  // namespace plumb
