// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/two_view.h"

#include <gtest/gtest.h>

#include "tests/metrics/geometry/planar_tracks.h"
#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

SyntheticTracks Noisy(const CameraPathOf& path, double noise_px) {
  SyntheticTracksOptions options;
  options.noise_px = noise_px;
  return MakeSyntheticTracks(path, options);
}

TwoView Look(const SyntheticTracks& made, int a, int b) {
  const double focal_px = made.cameras.front().intrinsics.fx_px;
  return LookAtPair(
      PairsBetween(made.set, a, b), PinholeOf(made.set, focal_px), made.set.UnitPx(), {});
}

TEST(TwoViewTest, ATurnIsPanoramic) {
  const TwoView view = Look(Noisy(YawPath(0.5), 0.1), 0, 12);
  EXPECT_EQ(view.type, TwoViewType::kPanoramic);
  EXPECT_LT(view.rotation_units, 0.4);
  EXPECT_GT(view.homography_inliers, 0.9);
}

TEST(TwoViewTest, DepthMakesItGeneral) {
  const TwoView view = Look(Noisy(ArcPath(0.6), 0.1), 0, 12);
  EXPECT_EQ(view.type, TwoViewType::kGeneral);
  EXPECT_GT(view.rotation_units, 2.0);
  EXPECT_LT(view.epipolar_units, 0.3);
  EXPECT_GT(view.epipolar_inliers, 0.9);
  EXPECT_LT(view.homography_inliers, 0.7);
}

TEST(TwoViewTest, AWallIsPlanar) {
  const TwoView view = Look(WallTracks(WallPath(), 0.1), 0, 12);
  EXPECT_EQ(view.type, TwoViewType::kPlanar);
  EXPECT_GT(view.rotation_units, 1.0);
  EXPECT_LT(view.homography_units, 3.0 * 0.2);
  EXPECT_GT(view.homography_inliers, 0.9);
}

TEST(TwoViewTest, TooFewPointsAreDegenerate) {
  SyntheticTracks made = Noisy(ArcPath(0.6), 0.1);
  made.set.tracks.resize(12);
  EXPECT_EQ(Look(made, 0, 3).type, TwoViewType::kDegenerate);
}

TEST(TwoViewTest, NoiseIsThatOfTheTracksWhateverTheCameraDoes) {
  for (const double noise_px : {0.2, 0.4}) {
    for (const CameraPathOf& path : {ArcPath(0.6), YawPath(0.5)}) {
      EXPECT_NEAR(TrackNoiseUnits(Noisy(path, noise_px).set), noise_px, 0.4 * noise_px);
    }
  }
}

TEST(TwoViewTest, NoiseHasAFloor) {
  EXPECT_DOUBLE_EQ(TrackNoiseUnits(Noisy(ArcPath(0.6), 0.0).set), 0.1);
  TrackSet empty;
  empty.width = empty.height = 256;
  empty.frames = {0, 1, 2};
  EXPECT_DOUBLE_EQ(TrackNoiseUnits(empty), 0.1);
}

}  // namespace
}  // namespace plumb
