// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/reconstruct.h"

#include <cmath>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "core/check.h"
#include "core/statistics.h"
#include "metrics/geometry/consistency.h"
#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

const std::vector<int> kKeyframes = {0, 3, 6, 9, 12, 15, 18, 21, 23};

SyntheticTracks Arc(double noise_px) {
  SyntheticTracksOptions options;
  options.noise_px = noise_px;
  return MakeSyntheticTracks(ArcPath(0.7), options);
}

// Straight ahead, which tells next to nothing of the focal length, with the hand that holds it.
CameraPathOf DrivePath() {
  return [](double share) {
    const Eigen::Vector3d eye(0.1 + 0.01 * std::sin(9.0 * share), -3.6 + 0.9 * share, 1.2);
    return WorldFromCameraLookingAt(eye,
                                    eye + Eigen::Vector3d(0.004 * std::sin(7.0 * share), 1, 0));
  };
}

// Largest distance of a camera centre from the truth after similarity alignment, as a share of the
// path's extent.
double WorstCentreShare(const PosedClip& clip, const std::vector<Camera>& cameras) {
  const int count = static_cast<int>(cameras.size());
  Eigen::Matrix3Xd found(3, count), truth(3, count);
  for (int i = 0; i < count; ++i) {
    found.col(i) = Inverse(clip.camera_from_world[i]).translation;
    truth.col(i) = Inverse(cameras[i].camera_from_world).translation;
  }
  const Eigen::Matrix4d align = Eigen::umeyama(found, truth, true);
  const Eigen::Matrix3Xd aligned = (align.topLeftCorner<3, 3>() * found).colwise() +
                                   Eigen::Vector3d(align.topRightCorner<3, 1>());
  const double extent = (truth.col(0) - truth.col(count - 1)).norm();
  return (aligned - truth).colwise().norm().maxCoeff() / extent;
}

TEST(ReconstructTest, ExactTracksGiveTheExactCameras) {
  const SyntheticTracks truth = Arc(0.0);
  const SegmentModel model = Reconstruct(truth.set, AllTracks(truth.set), kKeyframes, {});
  ASSERT_TRUE(model.found()) << model.why_not;
  EXPECT_EQ(model.posed_keyframes, static_cast<int>(kKeyframes.size()));
  for (int i = 0; i < truth.set.num_frames(); ++i) EXPECT_TRUE(model.clip.posed[i]) << i;
  EXPECT_NEAR(model.clip.pinhole.focal_px / truth.cameras[0].intrinsics.fx_px, 1.0, 5e-3);
  EXPECT_LT(WorstCentreShare(model.clip, truth.cameras), 5e-3);
}

TEST(ReconstructTest, NoiseOfTheTrackerCostsLittle) {
  const SyntheticTracks truth = Arc(0.15);
  const SegmentModel model = Reconstruct(truth.set, AllTracks(truth.set), kKeyframes, {});
  ASSERT_TRUE(model.found()) << model.why_not;
  EXPECT_NEAR(model.clip.pinhole.focal_px / truth.cameras[0].intrinsics.fx_px, 1.0, 0.03);
  EXPECT_LT(WorstCentreShare(model.clip, truth.cameras), 0.03);
}

TEST(ReconstructTest, ACameraThatDrivesAheadKeepsAnOrdinaryLens) {
  for (const uint64_t seed : {1, 2, 3}) {
    SyntheticTracksOptions options;
    options.noise_px = 0.1;
    options.seed = seed;
    const SyntheticTracks truth = MakeSyntheticTracks(DrivePath(), options);
    const SegmentModel model = Reconstruct(truth.set, AllTracks(truth.set), kKeyframes, {});
    ASSERT_TRUE(model.found()) << model.why_not;
    const double ratio = model.clip.pinhole.focal_px / truth.cameras[0].intrinsics.fx_px;
    EXPECT_GT(ratio, 0.67) << seed;
    EXPECT_LT(ratio, 1.5) << seed;
    EXPECT_LT(WorstCentreShare(model.clip, truth.cameras), 0.02) << seed;
  }
}

// What the model explains of the tracks that it was made from.
double Explained(const TrackSet& set, const SegmentModel& model) {
  std::vector<double> agreement;
  const std::pair<int, int> all(0, set.num_frames() - 1);
  for (const ScoredTrack& track : ScoreTracks(set, AllTracks(set), model.clip, all)) {
    agreement.push_back(track.Agreement());
  }
  return Mean(agreement);
}

TEST(ReconstructTest, ARigidWorldIsFoundWhateverTheSearchBeginsWith) {
  for (const uint64_t seed : {1, 2, 3, 4, 5, 6, 7, 8}) {
    SyntheticTracksOptions options;
    options.noise_px = 0.1;
    const SyntheticTracks drive = MakeSyntheticTracks(DrivePath(), options);
    ReconstructOptions search;
    search.seed = seed;
    const SegmentModel model = Reconstruct(drive.set, AllTracks(drive.set), kKeyframes, search);
    ASSERT_TRUE(model.found()) << model.why_not;
    EXPECT_GT(Explained(drive.set, model), 0.98) << seed;
  }
}

TEST(ReconstructTest, AllTracksKnowTheCamerasBetter) {
  const SyntheticTracks truth = Arc(0.3);
  std::vector<int> third;
  for (size_t i = 0; i < truth.set.tracks.size(); i += 3) third.push_back(static_cast<int>(i));
  const SegmentModel part = Reconstruct(truth.set, third, kKeyframes, {});
  const SegmentModel whole = WithAllTracks(truth.set, part);
  EXPECT_GT(whole.points.size(), 2 * part.points.size());
  EXPECT_LT(WorstCentreShare(whole.clip, truth.cameras),
            WorstCentreShare(part.clip, truth.cameras));
}

TEST(ReconstructTest, SameInputSameNumbers) {
  const SyntheticTracks truth = Arc(0.15);
  const SegmentModel a = Reconstruct(truth.set, AllTracks(truth.set), kKeyframes, {});
  const SegmentModel b = Reconstruct(truth.set, AllTracks(truth.set), kKeyframes, {});
  EXPECT_EQ(a.clip.pinhole.focal_px, b.clip.pinhole.focal_px);
  for (int i = 0; i < truth.set.num_frames(); ++i) {
    EXPECT_EQ(a.clip.camera_from_world[i].translation, b.clip.camera_from_world[i].translation);
  }
}

TEST(ReconstructTest, StillCameraGivesAReasonInsteadOfAModel) {
  const SyntheticTracks truth = MakeSyntheticTracks(StillPath(), {});
  const SegmentModel model = Reconstruct(truth.set, AllTracks(truth.set), kKeyframes, {});
  EXPECT_FALSE(model.found());
  EXPECT_FALSE(model.why_not.empty());
}

TEST(ReconstructTest, WithoutTracksThereIsAReason) {
  const SyntheticTracks truth = Arc(0.0);
  const SegmentModel model = Reconstruct(truth.set, {}, kKeyframes, {});
  EXPECT_FALSE(model.found());
  EXPECT_EQ(model.two_view_pairs, 0);
  EXPECT_FALSE(model.why_not.empty());
}

TEST(ReconstructTest, NothingIsPrinted) {
  const SyntheticTracks truth = Arc(0.0);
  testing::internal::CaptureStdout();
  Reconstruct(truth.set, AllTracks(truth.set), kKeyframes, {});
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

TEST(ReconstructTest, OptionsOutOfRangeAreRefused) {
  ReconstructOptions options;
  options.min_pair_matches = 2;
  EXPECT_THROW(options.Validate(), CheckFailure);
}

}  // namespace
}  // namespace plumb
