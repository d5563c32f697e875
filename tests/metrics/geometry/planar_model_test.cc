// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/planar_model.h"

#include <numbers>

#include <Eigen/Geometry>
#include <Eigen/LU>
#include <gtest/gtest.h>

#include "core/statistics.h"
#include "metrics/geometry/motion_class.h"
#include "metrics/geometry/world_fit.h"
#include "tests/metrics/geometry/planar_tracks.h"

namespace plumb {
namespace {

const std::vector<int> kKeyframes = {0, 4, 8, 12, 16, 20, 23};

MotionEvidence OneSegment(const TrackSet& set) {
  MotionEvidence motion;
  motion.motion_class = MotionClass::kPlanar;
  motion.segments = {{0, set.num_frames() - 1}};
  motion.keyframes = {kKeyframes};
  return motion;
}

// Homographies between the pictures that cameras take of the plane n · x = 1 (camera frame of the
// first), pixels from the centre.
std::vector<Homography> Family(const Eigen::Vector3d& normal, double focal_px) {
  const Eigen::Vector3d k(focal_px, focal_px, 1.0);
  std::vector<Homography> family;
  for (int i = 0; i < 8; ++i) {
    const Eigen::Matrix3d turn =
        Eigen::AngleAxisd(0.04 * i, Eigen::Vector3d(0.3, 1.0, 0.2 * (i % 3)).normalized())
            .toRotationMatrix();
    const Eigen::Vector3d way(0.06 * i, 0.05 * (i % 4), 0.04 * i);
    const Eigen::Matrix3d rays = turn + way * normal.transpose();
    family.push_back(k.asDiagonal() * rays * k.cwiseInverse().asDiagonal());
  }
  return family;
}

TEST(PlanarModelTest, TheFamilyOfHomographiesTellsTiltAndFocalLength) {
  const Eigen::Vector3d normal = Eigen::Vector3d(0.4, -0.2, 1.0);
  const PlaneCalibration found = CalibrateFromPlane(Family(normal, 300.0), 256.0);
  EXPECT_NEAR(found.focal_px, 300.0, 50.0);  // the search is a coarse one
  const double angle = std::acos(found.reference_from_plane.col(2).dot(normal.normalized()));
  EXPECT_LT(angle * 180.0 / std::numbers::pi, 8.0);
  EXPECT_NEAR(std::abs(found.reference_from_plane.determinant()), 1.0, 1e-9);
}

TEST(PlanarModelTest, APlaneSeenHeadOnLeavesTheFocalLengthAtOneWidth) {
  std::vector<Homography> slide;
  for (int i = 0; i < 6; ++i) {
    slide.push_back(Homography::Identity());
    slide.back()(0, 2) = 5.0 * i;
  }
  const PlaneCalibration found = CalibrateFromPlane(slide, 256.0);
  EXPECT_DOUBLE_EQ(found.focal_px, 256.0);
  EXPECT_NEAR(found.reference_from_plane(2, 2), 1.0, 1e-12);
}

TEST(PlanarModelTest, CamerasBeforeAWallAreFound) {
  const SyntheticTracks made = WallTracks(WallPath(), 0.1);
  const PlanarModel model = FitPlanarModel(made.set, SplitTracks(made.set).fit, kKeyframes);
  ASSERT_TRUE(model.found());
  EXPECT_EQ(model.posed_keyframes, 7);
  EXPECT_NEAR(model.clip.pinhole.focal_px, made.cameras.front().intrinsics.fx_px, 20.0);
  // Turns between keyframes are those of the truth.
  for (size_t k = 1; k < kKeyframes.size(); ++k) {
    const int a = kKeyframes[k - 1], b = kKeyframes[k];
    const Eigen::Quaterniond found = model.clip.camera_from_world[b].rotation *
                                     model.clip.camera_from_world[a].rotation.conjugate();
    const Eigen::Quaterniond truth = made.cameras[b].camera_from_world.rotation *
                                     made.cameras[a].camera_from_world.rotation.conjugate();
    EXPECT_LT(found.angularDistance(truth) * 180.0 / std::numbers::pi, 0.6) << b;
  }
  for (const ScenePoint& point : model.points) EXPECT_EQ(point.x_in_world.z(), 0.0);
}

TEST(PlanarModelTest, AWallIsOneWorld) {
  const SyntheticTracks made = WallTracks(WallPath(), 0.1);
  const WorldFit fit = FitBeforePlane(made.set, OneSegment(made.set), {});
  EXPECT_DOUBLE_EQ(fit.PosedShare(), 1.0);
  EXPECT_GE(fit.Agreement(), 0.97);
  ASSERT_EQ(fit.worlds.size(), 1u);
  EXPECT_FALSE(fit.worlds.front().points.empty());
}

// No camera makes a wall lean to and fro: eight free numbers per picture would allow it.
TEST(PlanarModelTest, AWallThatShearsIsNone) {
  for (const double share : {0.05, 0.1, 0.2}) {
    SyntheticTracks made = WallTracks(WallPath(), 0.1);
    for (Track& track : made.set.tracks) {
      for (int frame = track.first_frame; frame <= track.last_frame(); ++frame) {
        Eigen::Vector2d& at = track.points_px[frame - track.first_frame];
        at.x() += share * std::sin(0.8 * frame) * (at.y() - 128.0);
      }
    }
    EXPECT_LT(FitBeforePlane(made.set, OneSegment(made.set), {}).Agreement(), 0.7) << share;
  }
}

TEST(PlanarModelTest, WithoutTracksThereIsNoModel) {
  SyntheticTracks made = WallTracks(WallPath(), 0.1);
  made.set.tracks.clear();
  EXPECT_FALSE(FitPlanarModel(made.set, {}, kKeyframes).found());
  EXPECT_DOUBLE_EQ(FitBeforePlane(made.set, OneSegment(made.set), {}).PosedShare(), 0.0);
}

TEST(PlanarModelTest, AWallIsClassedAsOne) {
  const MotionEvidence evidence = ClassifyMotion(WallTracks(WallPath(), 0.1).set, {});
  EXPECT_EQ(evidence.motion_class, MotionClass::kPlanar);
  EXPECT_FALSE(evidence.reason.has_value());
  EXPECT_EQ(evidence.general_pairs, 0);
}

}  // namespace
}  // namespace plumb
