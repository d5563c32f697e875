// SPDX-License-Identifier: Apache-2.0
// The motion class at its bounds and on motions that look like another one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/check.h"
#include "core/seed.h"
#include "metrics/geometry/motion_class.h"
#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

using testing::HasSubstr;

TrackSet Slide(double step_px, int frames = 13) {
  return MovedGrid(frames, 12, [step_px](int frame, const Eigen::Vector2d& start) {
    return Eigen::Vector2d(start + Eigen::Vector2d(frame * step_px, 0.0));
  });
}

TrackSet Zoom(double per_frame) {
  return MovedGrid(13, 12, [per_frame](int frame, const Eigen::Vector2d& start) {
    const Eigen::Vector2d centre(128.0, 128.0);
    return Eigen::Vector2d(centre + std::pow(1.0 + per_frame, frame) * (start - centre));
  });
}

// A wall of points before a camera that slides along it.
TrackSet SlideAlongAWall(double step_m, double tilt) {
  return MovedGrid(13, 12, [=](int frame, const Eigen::Vector2d& start) {
    const double focal = 265.0;
    const Eigen::Vector2d ray = (start - Eigen::Vector2d(128.0, 128.0)) / focal;
    const double depth = 3.0 / (1.0 - tilt * ray.x());  // z = 3 + tilt x
    const Eigen::Vector3d x(ray.x() * depth - frame * step_m, ray.y() * depth, depth);
    return Eigen::Vector2d(128.0 + focal * x.x() / x.z(), 128.0 + focal * x.y() / x.z());
  });
}

TEST(CameraMotionTest, HalfAPixelIsStillAndTwoPixelsAreMotion) {
  // Windows are half the clip: six steps.
  const MotionEvidence still = ClassifyMotion(Slide(0.99 / 6.0), {});
  EXPECT_EQ(still.motion_class, MotionClass::kStatic);
  EXPECT_THAT(still.reason->text, HasSubstr("less than"));
  EXPECT_NEAR(still.motion_units, 0.99, 1e-9);
  const MotionEvidence moving = ClassifyMotion(Slide(1.01 / 6.0), {});
  EXPECT_NE(moving.motion_class, MotionClass::kStatic);
  EXPECT_FALSE(moving.reason.has_value());
}

TEST(CameraMotionTest, RepeatedPicturesSaySo) {
  TrackSet set = Slide(0.0);
  for (Transition& step : set.transitions) step.change_levels = 0.0;
  const MotionEvidence evidence = ClassifyMotion(set, {});
  EXPECT_EQ(evidence.motion_class, MotionClass::kStatic);
  EXPECT_TRUE(evidence.frozen);
  EXPECT_EQ(evidence.reason->text, "the pictures repeat each other");
}

TEST(CameraMotionTest, AGrainyStillPictureIsStillButNotFrozen) {
  Random random(2);
  const TrackSet set = MovedGrid(13, 12, [&](int, const Eigen::Vector2d& start) {
    const double dx = random.Normal(0.0, 0.2);
    return Eigen::Vector2d(start + Eigen::Vector2d(dx, random.Normal(0.0, 0.2)));
  });
  const MotionEvidence evidence = ClassifyMotion(set, {});
  EXPECT_EQ(evidence.motion_class, MotionClass::kStatic);
  EXPECT_FALSE(evidence.frozen);
}

// A turn by a very long lens would do, but a wall is likelier.
TEST(CameraMotionTest, ASlidingPictureIsAWall) {
  const MotionEvidence evidence = ClassifyMotion(Slide(3.0), {});
  EXPECT_EQ(evidence.motion_class, MotionClass::kPlanar);
  EXPECT_GT(evidence.rotation_focal_px, 4.0 * 256.0);
  EXPECT_NEAR(evidence.long_motion_units, 3.0 * 6.0, 3.0 * 6.0);
}

TEST(CameraMotionTest, NoTurnExplainsAZoom) {
  for (const double per_frame : {0.02, -0.015}) {
    const MotionEvidence evidence = ClassifyMotion(Zoom(per_frame), {});
    EXPECT_EQ(evidence.motion_class, MotionClass::kPlanar) << per_frame;
    EXPECT_GT(evidence.parallax_units, 1.0) << per_frame;
  }
}

TEST(CameraMotionTest, ATiltedWallIsPlanar) {
  const MotionEvidence evidence = ClassifyMotion(SlideAlongAWall(0.05, 0.9), {});
  EXPECT_EQ(evidence.motion_class, MotionClass::kPlanar);
  EXPECT_GT(evidence.parallax_units, 1.0);
}

TEST(CameraMotionTest, DirectionSignAndMirrorDoNotMatter) {
  const SyntheticTracks arc = MakeSyntheticTracks(ArcPath(0.6), {});
  const MotionEvidence forth = ClassifyMotion(arc.set, {});
  TrackSet mirrored = arc.set;
  for (Track& track : mirrored.tracks) {
    for (Eigen::Vector2d& point : track.points_px) point.x() = 256.0 - point.x();
  }
  const MotionEvidence mirror = ClassifyMotion(mirrored, {});
  EXPECT_EQ(mirror.motion_class, forth.motion_class);
  EXPECT_NEAR(mirror.motion_units, forth.motion_units, 1e-6);
  EXPECT_NEAR(mirror.parallax_units, forth.parallax_units, 0.05 * forth.parallax_units);
  const MotionEvidence back = ClassifyMotion(
      MakeSyntheticTracks([](double share) { return ArcPath(0.6)(1.0 - share); }, {}).set, {});
  EXPECT_EQ(back.motion_class, forth.motion_class);
  EXPECT_NEAR(back.long_motion_units, forth.long_motion_units, 0.1 * forth.long_motion_units);
}

TEST(CameraMotionTest, UnitsFollowTheSizeOfThePicture) {
  const SyntheticTracks small = MakeSyntheticTracks(ArcPath(0.6), {});
  TrackSet large = small.set;
  large.width = large.height = 512;
  for (Track& track : large.tracks) {
    for (Eigen::Vector2d& point : track.points_px) point *= 2.0;
  }
  const MotionEvidence a = ClassifyMotion(small.set, {});
  const MotionEvidence b = ClassifyMotion(large, {});
  EXPECT_EQ(a.motion_class, b.motion_class);
  EXPECT_EQ(a.keyframes, b.keyframes);
  EXPECT_NEAR(a.motion_units, b.motion_units, 1e-6);
  EXPECT_NEAR(a.parallax_units, b.parallax_units, 1e-3);
}

TEST(CameraMotionTest, SeveralCutsAreCounted) {
  TrackSet set = Slide(1.0, 24);
  for (Transition& step : set.transitions) step = {144, 144, 4.0};
  set.transitions[0] = {};
  for (const int cut : {8, 16}) set.transitions[cut] = {144, 0, 40.0};
  const MotionEvidence evidence = ClassifyMotion(set, {});
  EXPECT_EQ(evidence.motion_class, MotionClass::kCut);
  EXPECT_THAT(evidence.cuts, testing::ElementsAre(8, 16));
  EXPECT_THAT(evidence.reason->text, HasSubstr("frame 8 and 1 more times"));
}

TEST(CameraMotionTest, ShortStretchesWithoutLinksAreNotMeasured) {
  TrackSet set = Slide(1.0, 15);
  for (const int gap : {5, 10}) {
    set.transitions[gap] = {144, 0, 2.0};  // the pictures hardly change: no cut
  }
  const MotionEvidence evidence = ClassifyMotion(set, {});
  EXPECT_EQ(evidence.motion_class, MotionClass::kUnknown);
  EXPECT_EQ(evidence.reason->code, ReasonCode::kTooFewTracks);
  EXPECT_EQ(evidence.reason->text, "no 6 frames in a row share 12 tracks");
}

TEST(CameraMotionTest, OneAndNoStepAreTooFewFrames) {
  for (const int frames : {1, 2, 5}) {
    const MotionEvidence evidence = ClassifyMotion(Slide(3.0, frames), {});
    EXPECT_EQ(evidence.motion_class, MotionClass::kUnknown) << frames;
    EXPECT_EQ(evidence.reason->code, ReasonCode::kTooFewFrames) << frames;
  }
  EXPECT_FALSE(ClassifyMotion(Slide(3.0, 6), {}).reason.has_value());
}

TEST(CameraMotionTest, DetailsCarryTheEvidenceUnderOneKey) {
  const MotionEvidence evidence = ClassifyMotion(Slide(3.0), {});
  const Json details = MotionDetailsOf(evidence);
  EXPECT_EQ(details.size(), 1u);
  EXPECT_EQ(details["motion"], ToJson(evidence));
  EXPECT_EQ(details["motion"]["segments"], 1);
}

TEST(CameraMotionTest, EveryOptionOutOfRangeIsNamed) {
  const auto message = [](const std::function<void(MotionOptions&)>& spoil) -> std::string {
    MotionOptions options;
    spoil(options);
    try {
      options.Validate();
    } catch (const CheckFailure& failure) {
      return failure.what();
    }
    return "accepted";
  };
  EXPECT_THAT(message([](auto& o) { o.min_frames = 2; }), HasSubstr("min_frames 2"));
  EXPECT_THAT(message([](auto& o) { o.min_tracks = 7; }), HasSubstr("min_tracks 7"));
  EXPECT_THAT(message([](auto& o) { o.static_units = 9.0; }), HasSubstr("static_units 9"));
  EXPECT_THAT(message([](auto& o) { o.max_keyframes = 2; }), HasSubstr("max_keyframes 2"));
}

}  // namespace
}  // namespace plumb
