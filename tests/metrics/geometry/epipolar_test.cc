// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/epipolar.h"

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "core/seed.h"
#include "core/statistics.h"
#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

TEST(EpipolarTest, RigidWorldHasNoResidual) {
  const SyntheticTracks truth = MakeSyntheticTracks(ArcPath(0.6), {});
  const std::vector<double> residuals = EpipolarResidualsPx(PairsBetween(truth.set, 0, 12));
  ASSERT_GT(residuals.size(), 100u);
  EXPECT_LT(Quantile(residuals, 0.95), 1e-3);
}

TEST(EpipolarTest, ResidualIsTheNoiseOfTheTracks) {
  SyntheticTracksOptions options;
  options.noise_px = 0.3;
  const SyntheticTracks truth = MakeSyntheticTracks(ArcPath(0.6), options);
  const std::vector<double> residuals = EpipolarResidualsPx(PairsBetween(truth.set, 0, 12));
  // Sampson distance of isotropic noise of 0.3 px in both pictures: a half-normal of scale about
  // 0.3.
  EXPECT_NEAR(Median(residuals), 0.67 * 0.3, 0.12);
}

TEST(EpipolarTest, UnrelatedPointsHaveLargeResiduals) {
  Random random(5);
  PointPairs pairs;
  for (int i = 0; i < 200; ++i) {
    pairs.a_px.emplace_back(random.Uniform(0, 256), random.Uniform(0, 256));
    pairs.b_px.emplace_back(random.Uniform(0, 256), random.Uniform(0, 256));
  }
  EXPECT_GT(Median(EpipolarResidualsPx(pairs)), 5.0);
}

TEST(EpipolarTest, TooFewPairsGiveNothing) {
  PointPairs pairs;
  for (int i = 0; i < 15; ++i) {
    pairs.a_px.emplace_back(i, i * i);
    pairs.b_px.emplace_back(i + 1, i * i);
  }
  EXPECT_TRUE(EpipolarResidualsPx(pairs).empty());
}

TEST(EpipolarTest, IdenticalPicturesDoNotFail) {
  const SyntheticTracks truth = MakeSyntheticTracks(StillPath(), {});
  for (const double residual : EpipolarResidualsPx(PairsBetween(truth.set, 0, 5))) {
    EXPECT_TRUE(std::isfinite(residual));
  }
}

TEST(EpipolarTest, ATurnIsAHomographyAndDepthIsNot) {
  SyntheticTracksOptions options;
  options.noise_px = 0.1;
  const SyntheticTracks turn = MakeSyntheticTracks(YawPath(0.4), options);
  EXPECT_LT(Quantile(HomographyResidualsPx(PairsBetween(turn.set, 0, 12)), 0.75), 0.4);
  const SyntheticTracks arc = MakeSyntheticTracks(ArcPath(0.6), options);
  EXPECT_GT(Quantile(HomographyResidualsPx(PairsBetween(arc.set, 0, 12)), 0.75), 2.0);
}

TEST(EpipolarTest, AKnownHomographyIsFoundBetweenOutliers) {
  Eigen::Matrix3d truth;
  truth << 1.02, 0.01, 3.0, -0.02, 0.98, -2.0, 1e-4, -5e-5, 1.0;
  Random random(6);
  PointPairs pairs;
  for (int i = 0; i < 100; ++i) {
    pairs.a_px.emplace_back(random.Uniform(0, 256), random.Uniform(0, 256));
    const Eigen::Vector3d b = truth * pairs.a_px.back().homogeneous();
    pairs.b_px.push_back(b.hnormalized());
    if (i % 4 == 0) pairs.b_px.back() += Eigen::Vector2d(9.0, -7.0);
  }
  const std::vector<double> residuals = HomographyResidualsPx(pairs);
  ASSERT_EQ(residuals.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_NEAR(residuals[i], i % 4 == 0 ? 11.4 : 0.0, 0.1) << i;
  ASSERT_TRUE(FitHomography(pairs).has_value());
  EXPECT_TRUE((*FitHomography(pairs) / (*FitHomography(pairs))(2, 2)).isApprox(truth, 1e-4));
}

TEST(EpipolarTest, TooFewPairsGiveNoHomography) {
  PointPairs pairs;
  for (int i = 0; i < 7; ++i) {
    pairs.a_px.emplace_back(i, i * i);
    pairs.b_px.emplace_back(i + 1, i * i);
  }
  EXPECT_FALSE(FitHomography(pairs).has_value());
  EXPECT_TRUE(HomographyResidualsPx(pairs).empty());
}

}  // namespace
}  // namespace plumb
