// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/rotation_model.h"

#include <gtest/gtest.h>

#include "core/seed.h"
#include "core/statistics.h"
#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

double AngleBetween(const Eigen::Matrix3d& a, const Eigen::Matrix3d& b) {
  return Eigen::AngleAxisd(a.transpose() * b).angle();
}

Eigen::Matrix3d TrueRotation(const SyntheticTracks& truth, int from, int to) {
  return (truth.cameras[to].camera_from_world.rotation *
          truth.cameras[from].camera_from_world.rotation.conjugate())
      .toRotationMatrix();
}

CentredPinhole TruePinhole(const SyntheticTracks& truth) {
  return {truth.cameras[0].intrinsics.fx_px, {128.0, 128.0}};
}

TEST(RotationModelTest, RayAndProjectionAreInverse) {
  const CentredPinhole pinhole{300.0, {128.0, 96.0}};
  const Eigen::Vector2d point(17.0, 170.0);
  EXPECT_LT((*pinhole.Project(3.0 * pinhole.Ray(point)) - point).norm(), 1e-9);
  EXPECT_FALSE(pinhole.Project({0.0, 0.0, -1.0}).has_value());
}

TEST(RotationModelTest, PairRotationIsExactOnExactPoints) {
  const SyntheticTracks truth = MakeSyntheticTracks(YawPath(0.5), {});
  const PairRotation fit = FitPairRotation(PairsBetween(truth.set, 2, 9), TruePinhole(truth), 1.0);
  EXPECT_LT(AngleBetween(fit.b_from_a, TrueRotation(truth, 2, 9)), 1e-7);
  EXPECT_LT(Quantile(fit.residuals_px, 1.0), 1e-5);
}

TEST(RotationModelTest, PairRotationIgnoresAThirdOfWildPoints) {
  const SyntheticTracks truth = MakeSyntheticTracks(YawPath(0.5), {});
  PointPairs pairs = PairsBetween(truth.set, 2, 9);
  Random random(3);
  for (size_t i = 0; i < pairs.b_px.size(); i += 3) {
    pairs.b_px[i] = {random.Uniform(0, 256), random.Uniform(0, 256)};
  }
  const PairRotation fit = FitPairRotation(pairs, TruePinhole(truth), 1.0);
  EXPECT_LT(AngleBetween(fit.b_from_a, TrueRotation(truth, 2, 9)), 2e-3);
}

TEST(RotationModelTest, FocalLengthOfAWideTurnIsFound) {
  const SyntheticTracks truth = MakeSyntheticTracks(YawPath(0.8), {});
  const double focal = BestRotationFocal(truth.set, {{0, 8}, {8, 16}, {12, 20}});
  // The grid's steps are 9 % wide.
  EXPECT_NEAR(focal / TruePinhole(truth).focal_px, 1.0, 0.09);
}

TEST(RotationModelTest, WholeClipIsRefinedToTheTruth) {
  const SyntheticTracks truth = MakeSyntheticTracks(YawPath(0.8), {});
  const RotationModel model =
      FitRotationModel(truth.set,
                       AllTracks(truth.set),
                       {0, truth.set.num_frames() - 1, 1.08 * TruePinhole(truth).focal_px});
  EXPECT_TRUE(model.converged);
  EXPECT_NEAR(model.pinhole.focal_px / TruePinhole(truth).focal_px, 1.0, 2e-3);
  for (int frame = 1; frame < truth.set.num_frames(); ++frame) {
    EXPECT_TRUE(model.posed[frame]);
    const Eigen::Matrix3d turned =
        model.camera_from_world[frame] * model.camera_from_world[0].transpose();
    EXPECT_LT(AngleBetween(turned, TrueRotation(truth, 0, frame)), 3e-3) << frame;
  }
}

TEST(RotationModelTest, TravellingLeavesResiduals) {
  const SyntheticTracks truth = MakeSyntheticTracks(ArcPath(0.6), {});
  const PairRotation fit = FitPairRotation(PairsBetween(truth.set, 0, 15), TruePinhole(truth), 1.0);
  EXPECT_GT(Quantile(fit.residuals_px, 0.75), 5.0);
}

}  // namespace
}  // namespace plumb
