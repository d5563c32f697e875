// SPDX-License-Identifier: Apache-2.0
// Cameras that only turn, read back against the truth in degrees; and cameras that do not.
#include <algorithm>
#include <numbers>

#include <gtest/gtest.h>

#include "core/statistics.h"
#include "metrics/geometry/rotation_model.h"
#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

constexpr double kDegPerRad = 180.0 / std::numbers::pi;

SyntheticTracks Turning(double sweep_rad, double noise_px, double fov_rad = 0.9) {
  SyntheticTracksOptions options;
  options.noise_px = noise_px;
  options.vertical_fov_rad = fov_rad;
  return MakeSyntheticTracks(YawPath(sweep_rad), options);
}

double TrueFocalPx(const SyntheticTracks& truth) { return truth.cameras[0].intrinsics.fx_px; }

// Largest angle between a frame's rotation and the true one, relative to frame 0.
double WorstAngleDeg(const RotationModel& model, const std::vector<Camera>& cameras) {
  double worst = 0.0;
  for (size_t i = 0; i < cameras.size(); ++i) {
    const Eigen::Quaterniond found(model.camera_from_world[i] *
                                   model.camera_from_world[0].transpose());
    const Eigen::Quaterniond truth =
        cameras[i].camera_from_world.rotation * cameras[0].camera_from_world.rotation.conjugate();
    worst = std::max(worst, kDegPerRad * found.angularDistance(truth));
  }
  return worst;
}

RotationModel Fitted(const SyntheticTracks& truth, double start = 1.1) {
  return FitRotationModel(
      truth.set, AllTracks(truth.set), {0, truth.set.num_frames() - 1, start * TrueFocalPx(truth)});
}

TEST(RotationRecoveryTest, ExactTracksGiveTheTurnToATwentiethOfADegree) {
  const SyntheticTracks truth = Turning(0.8, 0.0);
  const RotationModel model = Fitted(truth);
  EXPECT_TRUE(model.converged);
  EXPECT_LT(WorstAngleDeg(model, truth.cameras), 0.05);
  EXPECT_NEAR(model.pinhole.focal_px / TrueFocalPx(truth), 1.0, 2e-3);
}

TEST(RotationRecoveryTest, NoiseOfTheTrackerCostsTenthsOfADegree) {
  for (const uint64_t seed : {1, 2, 3}) {
    SyntheticTracksOptions options;
    options.noise_px = 0.2;
    options.seed = seed;
    const SyntheticTracks truth = MakeSyntheticTracks(YawPath(0.8), options);
    const RotationModel model = Fitted(truth);
    EXPECT_LT(WorstAngleDeg(model, truth.cameras), 0.5) << seed;
    EXPECT_NEAR(model.pinhole.focal_px / TrueFocalPx(truth), 1.0, 0.02) << seed;
  }
}

TEST(RotationRecoveryTest, AnyLensIsFoundOnTheGrid) {
  for (const double fov_rad : {0.6, 0.9, 1.3}) {
    const SyntheticTracks truth = Turning(0.8, 0.0, fov_rad);
    const double focal = BestRotationFocal(truth.set, {{0, 8}, {8, 16}, {12, 20}});
    EXPECT_NEAR(focal / TrueFocalPx(truth), 1.0, 0.09) << fov_rad;
  }
}

TEST(RotationRecoveryTest, AStartTenPercentOffOnEitherSideEndsAtTheSameFocal) {
  const SyntheticTracks truth = Turning(0.8, 0.1);
  const double from_above = Fitted(truth, 1.1).pinhole.focal_px;
  const double from_below = Fitted(truth, 0.9).pinhole.focal_px;
  EXPECT_NEAR(from_above / from_below, 1.0, 5e-3);
}

TEST(RotationRecoveryTest, ResidualDoublesWithTheNoise) {
  double before = 0.0;
  for (const double noise_px : {0.1, 0.2, 0.4}) {
    const SyntheticTracks truth = Turning(0.5, noise_px);
    const PairRotation fit = FitPairRotation(
        PairsBetween(truth.set, 2, 10), PinholeOf(truth.set, TrueFocalPx(truth)), 1.0);
    const double median = Median(fit.residuals_px);
    if (before > 0.0) {
      EXPECT_NEAR(median / before, 2.0, 0.35) << noise_px;
    }
    before = median;
  }
}

TEST(RotationRecoveryTest, ThereAndBackIsTheInverse) {
  const SyntheticTracks truth = Turning(0.6, 0.1);
  const CentredPinhole pinhole = PinholeOf(truth.set, TrueFocalPx(truth));
  const PairRotation there = FitPairRotation(PairsBetween(truth.set, 3, 11), pinhole, 1.0);
  const PairRotation back = FitPairRotation(PairsBetween(truth.set, 11, 3), pinhole, 1.0);
  const Eigen::AngleAxisd left(Eigen::Matrix3d(there.b_from_a * back.b_from_a));
  EXPECT_LT(kDegPerRad * left.angle(), 0.02);
}

TEST(RotationRecoveryTest, FramesOutsideTheAskedStretchAreNotPosed) {
  const SyntheticTracks truth = Turning(0.8, 0.0);
  const RotationModel model =
      FitRotationModel(truth.set, AllTracks(truth.set), {5, 15, TrueFocalPx(truth)});
  for (int frame = 0; frame < truth.set.num_frames(); ++frame) {
    EXPECT_EQ(model.posed[frame], frame >= 5 && frame <= 15) << frame;
  }
}

TEST(RotationRecoveryTest, FramesWithoutTracksKeepThePredecessorsRotation) {
  SyntheticTracks truth = Turning(0.8, 0.0);
  for (Track& track : truth.set.tracks) {
    const int seen = std::max(0, 12 - track.first_frame);
    if (static_cast<int>(track.points_px.size()) > seen) track.points_px.resize(seen);
  }
  std::erase_if(truth.set.tracks, [](const Track& track) { return track.points_px.empty(); });
  const RotationModel model = Fitted(truth);
  EXPECT_TRUE(model.posed[11]);
  for (int frame = 12; frame < truth.set.num_frames(); ++frame) {
    EXPECT_FALSE(model.posed[frame]) << frame;
    EXPECT_TRUE(model.camera_from_world[frame].allFinite());
  }
}

TEST(RotationRecoveryTest, WithoutTracksNothingIsRefined) {
  const SyntheticTracks truth = Turning(0.5, 0.0);
  const RotationModel model = FitRotationModel(truth.set, {}, {0, 23, 300.0});
  EXPECT_FALSE(model.converged);
  EXPECT_DOUBLE_EQ(model.pinhole.focal_px, 300.0);
}

TEST(RotationRecoveryTest, TwoRunsGiveTheSameBytes) {
  const SyntheticTracks truth = Turning(0.6, 0.2);
  const RotationModel a = Fitted(truth), b = Fitted(truth);
  EXPECT_EQ(a.pinhole.focal_px, b.pinhole.focal_px);
  EXPECT_EQ(a.camera_from_world, b.camera_from_world);
}

TEST(RotationRecoveryTest, JacobianIsTheDifferenceQuotient) {
  const CentredPinhole pinhole{280.0, {128.0, 96.0}};
  const Eigen::Vector3d x(0.4, -0.7, 2.5);
  const double h = 1e-6;
  for (int axis = 0; axis < 3; ++axis) {
    const Eigen::Vector3d step = h * Eigen::Vector3d::Unit(axis);
    const Eigen::Vector2d quotient =
        (*pinhole.Project(x + step) - *pinhole.Project(x - step)) / (2.0 * h);
    EXPECT_LT((pinhole.ProjectionJacobian(x).col(axis) - quotient).norm(), 1e-5) << axis;
  }
}

TEST(RotationRecoveryTest, DistanceIsThatOfTheProjectionAndAMillionBehind) {
  const CentredPinhole pinhole{280.0, {128.0, 96.0}};
  EXPECT_NEAR(pinhole.DistancePx({0.0, 0.0, 2.0}, {131.0, 100.0}), 5.0, 1e-12);
  EXPECT_DOUBLE_EQ(pinhole.DistancePx({0.0, 0.0, -2.0}, {128.0, 96.0}), 1e6);
  EXPECT_DOUBLE_EQ(pinhole.DistancePx({0.0, 0.0, 0.0}, {128.0, 96.0}), 1e6);
}

}  // namespace
}  // namespace plumb
