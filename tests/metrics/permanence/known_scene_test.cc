// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/known_scene.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/metrics/disc_scores.h"

namespace plumb {
namespace {

KnownScene KnownFrom(const Truth& truth) {
  return KnownSceneFromTruth(truth, PairFrames(truth.video, truth.video));
}

TEST(KnownSceneTest, OnlyObjectsAreFollowed) {
  const Truth truth = Passing().MakeTruth();  // a wall, a screen and a ball
  const KnownScene scene = KnownFrom(truth);
  ASSERT_EQ(scene.objects.size(), 1u);
  EXPECT_EQ(scene.objects[0].name, "red ball");
  EXPECT_EQ(scene.objects[0].body, 2);
  EXPECT_LT((scene.objects[0].look.mean_rgb() - Eigen::Vector3d(210, 50, 40)).norm(), 3.0);
}

TEST(KnownSceneTest, ExpectationsFollowTheTruthsViews) {
  const Truth truth = Passing().MakeTruth();
  const KnownScene scene = KnownFrom(truth);
  for (int f = 0; f < truth.num_frames(); ++f) {
    const BodyView& view = truth.views[f][2];
    const ExpectedView& expected = scene.objects[0].expected[f];
    EXPECT_EQ(expected.visible, view.presence == Presence::kVisible) << f;
    EXPECT_EQ(expected.occluded, view.presence == Presence::kOccluded) << f;
    EXPECT_DOUBLE_EQ(expected.share, view.visible_share);
    EXPECT_EQ(expected.centroid_px, view.centroid_px);
    EXPECT_GT(expected.full_area_px, 1.0) << "hidden frames take it from the nearest: " << f;
  }
}

TEST(KnownSceneTest, AreasOfPartlyHiddenBallsAreThoseOfTheWhole) {
  const Truth truth = Passing().MakeTruth();
  const KnownScene scene = KnownFrom(truth);
  const double whole_px = truth.views[0][2].modal_area_px;
  for (int f = 0; f < truth.num_frames(); ++f) {
    if (truth.views[f][2].visible_share < 0.2) continue;
    EXPECT_NEAR(scene.objects[0].expected[f].full_area_px, whole_px, 0.1 * whole_px) << f;
  }
}

TEST(KnownSceneTest, HalfThePictureHalvesPlacesAndSizes) {
  const Truth truth = Passing().MakeTruth();
  const Video half = AreaResized(truth.video, truth.video.width() / 2, truth.video.height() / 2);
  const KnownScene small = KnownSceneFromTruth(truth, PairFrames(half, truth.video));
  const KnownScene full = KnownFrom(truth);
  for (int f = 0; f < truth.num_frames(); ++f) {
    const ExpectedView& a = small.objects[0].expected[f];
    const ExpectedView& b = full.objects[0].expected[f];
    EXPECT_LT((2.0 * a.centroid_px - b.centroid_px).norm(), 1e-9);
    EXPECT_NEAR(2.0 * a.size_px, b.size_px, 1e-9);
    EXPECT_NEAR(4.0 * a.full_area_px, b.full_area_px, 1e-9);
  }
}

TEST(KnownSceneTest, ObjectsThatAreNeverClearlySeenAreLeftOut) {
  EXPECT_TRUE(KnownFrom(Passing(3.0).MakeTruth()).objects.empty());
}

TEST(KnownSceneTest, AMovingCameraHasAPlateForEachFrame) {
  Truth truth = Passing().MakeTruth();
  EXPECT_EQ(KnownFrom(truth).plates.size(), 1u);
  truth.scene.camera.motion = CameraMotion::kArc;
  const KnownScene scene = KnownFrom(truth);
  ASSERT_EQ(scene.plates.size(), static_cast<size_t>(truth.num_frames()));
  EXPECT_EQ(&scene.PlateAt(7), &scene.plates[7]);
  // The ball of a frame is no part of its plate.
  const Eigen::Vector2d place = truth.views[2][2].centroid_px;
  const size_t p =
      static_cast<size_t>(place.y()) * truth.video.width() + static_cast<size_t>(place.x());
  EXPECT_EQ(scene.plates[2].known[p], 0);
  EXPECT_EQ(scene.plates[30].known[p], 1);
}

TEST(KnownSceneTest, OccluderMasksShowTheScreenAndNothingElse) {
  const Truth truth = Passing().MakeTruth();
  const auto masks = OccluderMasks(truth, PairFrames(truth.video, truth.video));
  ASSERT_EQ(masks.size(), static_cast<size_t>(truth.num_frames()));
  const std::span<const uint8_t> ids = truth.passes.instances.As<uint8_t>();
  for (size_t p = 0; p < masks[0].size(); ++p) EXPECT_EQ(masks[0][p], ids[p] == 2 ? 1 : 0);
  const Truth open = TwoBalls().MakeTruth();
  for (const auto& mask : OccluderMasks(open, PairFrames(open.video, open.video))) {
    EXPECT_EQ(std::count(mask.begin(), mask.end(), 1), 0);
  }
}

TEST(KnownSceneTest, MasksNeedViewsAndCamerasOfEveryFrame) {
  const Truth truth = TwoBalls().MakeTruth();
  EXPECT_TRUE(HasMasks(truth));
  Truth other = truth;
  other.cameras.pop_back();
  EXPECT_FALSE(HasMasks(other));
  other = truth;
  other.views.pop_back();
  EXPECT_FALSE(HasMasks(other));
  other = truth;
  other.passes.instances = Tensor(DType::kU8, {3, 120, 160});
  EXPECT_FALSE(HasMasks(other));
}

}  // namespace
}  // namespace plumb
