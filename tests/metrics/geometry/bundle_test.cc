// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/bundle.h"

#include <gtest/gtest.h>

#include "core/check.h"
#include "core/seed.h"
#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

SyntheticTracks Arc(double noise_px) {
  SyntheticTracksOptions options;
  options.noise_px = noise_px;
  options.points = 150;
  return MakeSyntheticTracks(ArcPath(0.7), options);
}

// The true cameras, all but the first moved and turned a little, and a focal length a tenth too
// long.
Bundle Disturbed(const SyntheticTracks& truth) {
  Bundle bundle;
  Random random(5);
  for (const Camera& camera : truth.cameras) {
    Rigid3 pose = camera.camera_from_world;
    if (!bundle.clip.posed.empty()) {
      const auto wobble = [&] {
        return Eigen::Vector3d(random.Uniform(-1, 1), random.Uniform(-1, 1), random.Uniform(-1, 1));
      };
      const Eigen::Vector3d axis = wobble().normalized();
      pose.rotation = Eigen::Quaterniond(Eigen::AngleAxisd(0.004, axis)) * pose.rotation;
      pose.translation += 0.01 * wobble();
    }
    bundle.clip.camera_from_world.push_back(pose);
    bundle.clip.posed.push_back(true);
  }
  bundle.clip.pinhole = PinholeOf(truth.set, 1.1 * truth.cameras[0].intrinsics.fx_px);
  return bundle;
}

// Largest distance of a camera centre from the truth, the scale of the world taken out.
double WorstCentreM(const PosedClip& clip, const std::vector<Camera>& cameras) {
  const auto centre = [](const Rigid3& pose) { return Inverse(pose).translation; };
  const Eigen::Vector3d origin = centre(cameras[0].camera_from_world);
  const double scale = (centre(cameras.back().camera_from_world) - origin).norm() /
                       (centre(clip.camera_from_world.back()) - origin).norm();
  double worst = 0.0;
  for (size_t i = 0; i < cameras.size(); ++i) {
    const Eigen::Vector3d found = scale * (centre(clip.camera_from_world[i]) - origin) + origin;
    worst = std::max(worst, (found - centre(cameras[i].camera_from_world)).norm());
  }
  return worst;
}

BundleOptions Patient() {
  BundleOptions options;
  options.max_iterations = 100;
  options.keep_units = 20.0;
  options.focal_weight = 0.0;
  return options;
}

TEST(BundleTest, ExactTracksGiveTheTrueCamerasBack) {
  const SyntheticTracks truth = Arc(0.0);
  const Bundle start = Disturbed(truth);
  const Bundle bundle = Refined(truth.set, AllTracks(truth.set), start, Patient());
  EXPECT_GT(WorstCentreM(start.clip, truth.cameras), 0.01);
  EXPECT_LT(WorstCentreM(bundle.clip, truth.cameras), 2e-4);
  EXPECT_NEAR(bundle.clip.pinhole.focal_px / truth.cameras[0].intrinsics.fx_px, 1.0, 1e-3);
}

TEST(BundleTest, FramesBetweenTheAdjustedOnesFollow) {
  const SyntheticTracks truth = Arc(0.0);
  BundleOptions options = Patient();
  options.max_frames = 6;
  const Bundle bundle = Refined(truth.set, AllTracks(truth.set), Disturbed(truth), options);
  EXPECT_LT(WorstCentreM(bundle.clip, truth.cameras), 5e-4);
}

TEST(BundleTest, UnposedFramesAreLeftAlone) {
  const SyntheticTracks truth = Arc(0.0);
  Bundle start = Disturbed(truth);
  start.clip.posed[7] = false;
  const Bundle bundle = Refined(truth.set, AllTracks(truth.set), start, Patient());
  EXPECT_FALSE(bundle.clip.posed[7]);
  EXPECT_EQ(bundle.clip.camera_from_world[7].translation,
            start.clip.camera_from_world[7].translation);
  EXPECT_NE(bundle.clip.camera_from_world[8].translation,
            start.clip.camera_from_world[8].translation);
}

TEST(BundleTest, AFifthOfTracksThatGoTheirOwnWayCostLittle) {
  SyntheticTracks truth = Arc(0.05);
  for (size_t i = 0; i < truth.set.tracks.size(); i += 5) {
    std::vector<Eigen::Vector2d>& points = truth.set.tracks[i].points_px;
    for (size_t k = 0; k < points.size(); ++k) points[k].y() += 0.15 * k;
  }
  const Bundle bundle = Refined(truth.set, AllTracks(truth.set), Disturbed(truth), Patient());
  EXPECT_LT(WorstCentreM(bundle.clip, truth.cameras), 0.01);
}

// A camera that only turned sees nothing of depth, so nothing gets a point.
TEST(BundleTest, ParallelRaysGiveNoPoint) {
  const SyntheticTracks truth = MakeSyntheticTracks(StillPath(), {});
  Bundle bundle = Disturbed(truth);
  for (Rigid3& pose : bundle.clip.camera_from_world) pose = truth.cameras[0].camera_from_world;
  EXPECT_TRUE(WithPoints(truth.set, AllTracks(truth.set), bundle, {}).points.empty());
}

TEST(BundleTest, PointsAreWhereTheRaysMeet) {
  const SyntheticTracks truth = Arc(0.0);
  Bundle bundle = Disturbed(truth);
  for (size_t i = 0; i < truth.cameras.size(); ++i) {
    bundle.clip.camera_from_world[i] = truth.cameras[i].camera_from_world;
  }
  bundle.clip.pinhole.focal_px = truth.cameras[0].intrinsics.fx_px;
  bundle = WithPoints(truth.set, AllTracks(truth.set), bundle, {});
  EXPECT_GT(bundle.points.size(), truth.set.tracks.size() / 2);
  for (const ScenePoint& point : bundle.points) {
    const int frame = truth.set.tracks[point.track].first_frame;
    EXPECT_LT(ReprojectionPx(bundle.clip.pinhole,
                             bundle.clip.camera_from_world[frame],
                             {point.x_in_world, truth.set.tracks[point.track].At(frame)}),
              1e-6);
  }
}

TEST(BundleTest, MedianResidualIsThatOfThePosedFrames) {
  const SyntheticTracks truth = Arc(0.0);
  Bundle bundle = Disturbed(truth);
  EXPECT_EQ(MedianResidualPx(truth.set, bundle), 1e6);
  bundle = Refined(truth.set, AllTracks(truth.set), bundle, Patient());
  EXPECT_LT(MedianResidualPx(truth.set, bundle), 0.01);
  // A frame that is not posed may stand anywhere.
  bundle.clip.posed[3] = false;
  bundle.clip.camera_from_world[3].translation += Eigen::Vector3d(5, 5, 5);
  EXPECT_LT(MedianResidualPx(truth.set, bundle), 0.01);
}

// The pictures decide against a guess that is a quarter off; a guess held firmly is kept.
TEST(BundleTest, TheGuessOfTheFocalLengthYieldsToSightings) {
  const SyntheticTracks truth = Arc(0.05);
  BundleOptions options = Patient();
  options.focal_weight = 30.0;
  const double focal_px = truth.cameras[0].intrinsics.fx_px;
  const auto error = [&](const Bundle& bundle) {
    return std::abs(bundle.clip.pinhole.focal_px / focal_px - 1.0);
  };
  EXPECT_LT(error(Refined(truth.set, AllTracks(truth.set), Disturbed(truth), options)), 0.03);
  options.focal_weight = 1e6;
  const Bundle held = Refined(truth.set, AllTracks(truth.set), Disturbed(truth), options);
  EXPECT_NEAR(held.clip.pinhole.focal_px, GuessedFocalPx(truth.set), 1.0);
}

// The heap is another one each time: the order of what is adjusted must not hang on addresses.
TEST(BundleTest, SameInputSameBytes) {
  const SyntheticTracks truth = Arc(0.1);
  std::vector<std::vector<char>> litter;
  const Bundle first = Refined(truth.set, AllTracks(truth.set), Disturbed(truth), {});
  for (int run = 0; run < 5; ++run) {
    for (int i = 0; i < 50; ++i) litter.emplace_back(static_cast<size_t>(37 * (run + 1) * i + 1));
    const Bundle again = Refined(truth.set, AllTracks(truth.set), Disturbed(truth), {});
    EXPECT_EQ(first.clip.pinhole.focal_px, again.clip.pinhole.focal_px);
    for (int i = 0; i < truth.set.num_frames(); ++i) {
      EXPECT_EQ(first.clip.camera_from_world[i].translation,
                again.clip.camera_from_world[i].translation);
    }
  }
}

TEST(BundleTest, WithoutPosesOrPointsWhatCameInComesOut) {
  const SyntheticTracks truth = Arc(0.0);
  Bundle bundle = Disturbed(truth);
  EXPECT_EQ(Adjusted(truth.set, bundle, {}).clip.pinhole.focal_px, bundle.clip.pinhole.focal_px);
  bundle.clip.posed.assign(bundle.clip.posed.size(), false);
  EXPECT_TRUE(Refined(truth.set, AllTracks(truth.set), bundle, {}).points.empty());
}

TEST(BundleTest, OptionsOutOfRangeAreRefused) {
  for (double BundleOptions::*field : {&BundleOptions::loss_units,
                                       &BundleOptions::keep_units,
                                       &BundleOptions::min_angle_deg,
                                       &BundleOptions::focal_weight}) {
    BundleOptions options;
    options.*field = -1.0;
    EXPECT_THROW(options.Validate(), CheckFailure);
  }
  BundleOptions options;
  options.max_frames = 1;
  EXPECT_THROW(options.Validate(), CheckFailure);
  options = {};
  options.max_iterations = 0;
  EXPECT_THROW(options.Validate(), CheckFailure);
}

}  // namespace
}  // namespace plumb
