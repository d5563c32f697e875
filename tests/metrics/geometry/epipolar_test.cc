// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/epipolar.h"

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

}  // namespace
}  // namespace plumb
