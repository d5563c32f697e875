// SPDX-License-Identifier: Apache-2.0
// What no change of picture that leaves the world alone may do to the scores, and what every change
// of the world must do.
#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <stdexcept>

#include <gtest/gtest.h>

#include "core/seed.h"
#include "metrics/metrics.h"
#include "tests/metrics/geometry/geometry_scores.h"
#include "tests/metrics/geometry/moving_texture.h"
#include "tests/metrics/geometry/room_video.h"

namespace plumb {
namespace {

RoomOptions Room() {
  RoomOptions options;
  options.width = options.height = 160;
  options.frames = 20;
  return options;
}

const Video& Arc() {
  static const Video video = RenderRoom(ArcPath(0.5), Room()).video;
  return video;
}

const FamilyReport& ArcReport() {
  static const FamilyReport report = Measured(Arc());
  return report;
}

using PixelChange = std::function<int(int level, size_t index)>;
Video Changed(const Video& video, const PixelChange& change) {
  std::vector<Image> frames = video.frames();
  for (Image& frame : frames) {
    for (size_t i = 0; i < frame.rgb.size(); ++i) {
      frame.rgb[i] = static_cast<uint8_t>(std::clamp(change(frame.rgb[i], i), 0, 255));
    }
  }
  return Video(std::move(frames), video.fps());
}

Video Mirrored(const Video& video) {
  std::vector<Image> frames = video.frames();
  for (Image& frame : frames) {
    const Image source = frame;
    for (int y = 0; y < frame.height; ++y) {
      for (int x = 0; x < frame.width; ++x) {
        std::copy_n(source.Pixel(frame.width - 1 - x, y), 3, frame.Pixel(x, y));
      }
    }
  }
  return Video(std::move(frames), video.fps());
}

void ExpectAsConsistent(const Video& video, const std::string& what, double tolerance) {
  const FamilyReport report = Measured(video);
  EXPECT_EQ(report.motion_class, MotionClass::kParallax) << what;
  const Score& score = Find(report, "consistency");
  ASSERT_TRUE(score.measured()) << what << ": " << score.reason().text;
  EXPECT_NEAR(score.value(), Find(ArcReport(), "consistency").value(), tolerance) << what;
}

TEST(GeometryLawsTest, LightOfTheWholeClipDoesNotMatter) {
  ExpectAsConsistent(
      Changed(Arc(), [](int level, size_t) { return 7 * level / 10 + 40; }), "dimmer", 0.02);
  ExpectAsConsistent(
      Changed(Arc(), [](int level, size_t) { return 255 - level; }), "negative", 0.02);
}

TEST(GeometryLawsTest, CoarseLevelsAndGrainHardlyMatter) {
  ExpectAsConsistent(
      Changed(Arc(), [](int level, size_t) { return level / 8 * 8 + 4; }), "32 levels", 0.04);
  Random random(9);
  ExpectAsConsistent(Changed(Arc(), [&](int level, size_t) { return level + random.Index(9) - 4; }),
                     "grain",
                     0.05);
}

TEST(GeometryLawsTest, AMirrorShowsAnEquallyRigidWorld) {
  ExpectAsConsistent(Mirrored(Arc()), "mirrored", 0.02);
}

TEST(GeometryLawsTest, ARigidWorldIsRigidBackwards) {
  std::vector<int> back;
  for (int i = Arc().num_frames() - 1; i >= 0; --i) back.push_back(i);
  ExpectAsConsistent(Reordered(Arc(), back), "reversed", 0.02);
}

TEST(GeometryLawsTest, TheRateIsNoPartOfTheWorld) {
  const FamilyReport slow = Measured(Video(Arc().frames(), 5.0));
  for (size_t i = 0; i < slow.scores.size(); ++i) {
    EXPECT_EQ(ToJson(slow.scores[i]), ToJson(ArcReport().scores[i])) << slow.scores[i].id();
  }
}

TEST(GeometryLawsTest, TheSeedMovesOnlyTheIntervals) {
  const FamilyReport other = Measured(Arc(), 77);
  EXPECT_NEAR(Find(other, "consistency").value(), Find(ArcReport(), "consistency").value(), 0.01);
  EXPECT_EQ(other.motion_class, ArcReport().motion_class);
}

TEST(GeometryLawsTest, EachDoseOfAWarpIsWorseThanTheLast) {
  double before = Find(ArcReport(), "consistency").value();
  bool lost = false;  // nothing left to follow: from there on nothing is measured any more
  for (const double amount_px : {0.5, 1.0, 2.0, 4.0, 8.0}) {
    RoomOptions options = Room();
    options.warp = SmoothWarp(amount_px, options);
    const FamilyReport report = Measured(RenderRoom(ArcPath(0.5), options).video);
    const Score& score = Find(report, "consistency");
    EXPECT_TRUE(score.measured() || amount_px >= 4.0) << amount_px;
    EXPECT_FALSE(lost && score.measured()) << amount_px;
    lost = !score.measured();
    if (lost) {
      EXPECT_EQ(score.reason().code, ReasonCode::kTooFewTracks) << score.reason().text;
      continue;
    }
    EXPECT_LT(score.value(), before) << amount_px;
    before = score.value();
  }
  // Per-frame warps of many pixels make tracks jitter too, which is allowed for up to twice.
  EXPECT_LT(before, 0.7);
}

TEST(GeometryLawsTest, AWorldThatBreathesIsWorseTheMoreItDoes) {
  double before = Find(ArcReport(), "consistency").value();
  for (const double share : {0.02, 0.05, 0.1}) {
    RoomOptions options = Room();
    // The right half grows and shrinks against the left: no camera explains both.
    options.warp = [share](int frame, const Eigen::Vector2d& point) -> Eigen::Vector2d {
      const double breath = point.x() > 80.0 ? share * std::sin(1.3 * frame) : 0.0;
      return {80.0 + (point.x() - 80.0) * (1.0 + breath),
              80.0 + (point.y() - 80.0) * (1.0 + breath)};
    };
    const FamilyReport report = Measured(RenderRoom(ArcPath(0.5), options).video);
    ASSERT_TRUE(Find(report, "consistency").measured()) << share;
    EXPECT_LT(Find(report, "consistency").value(), before) << share;
    before = Find(report, "consistency").value();
  }
  EXPECT_LT(before, 0.8);
}

TEST(GeometryLawsTest, UnrelatedFramesAreNeverCalledConsistent) {
  // Each frame looks in another direction from another place.
  const Video unrelated =
      RenderRoom(
          [](double share) {
            Random random(static_cast<uint64_t>(1 + 1000 * share));
            const Eigen::Vector3d eye(random.Uniform(-2.5, 2.5), random.Uniform(-2.8, -1.5), 1.5);
            return WorldFromCameraLookingAt(
                eye, {random.Uniform(-2.9, 2.9), 2.9, random.Uniform(0.3, 2.5)});
          },
          Room())
          .video;
  for (const Score& score : Measured(unrelated).scores) {
    EXPECT_FALSE(score.measured()) << score.id();
  }
}

// Six frames on a short arc: two keyframes, which are no reconstruction.
Video ShortArc(double sweep_rad) {
  RoomOptions options = Room();
  options.frames = 6;
  return RenderRoom(ArcPath(sweep_rad), options).video;
}

// Black all round a window of 60 px in the middle.
Video ThroughAWindow(const Video& video) {
  std::vector<Image> frames = video.frames();
  for (Image& frame : frames) {
    for (int y = 0; y < frame.height; ++y) {
      for (int x = 0; x < frame.width; ++x) {
        const bool seen =
            std::abs(x - frame.width / 2) <= 30 && std::abs(y - frame.height / 2) <= 30;
        if (!seen) std::fill_n(frame.Pixel(x, y), 3, uint8_t{0});
      }
    }
  }
  return Video(std::move(frames), video.fps());
}

void ExpectNoBlame(const Video& video, ReasonCode code) {
  const FamilyReport report = Measured(video);
  EXPECT_EQ(report.motion_class, MotionClass::kParallax);
  for (const char* name : {"consistency", "registered_share", "reprojection_px", "inlier_share"}) {
    const Score& score = Find(report, name);
    ASSERT_EQ(score.status(), ScoreStatus::kNotMeasurable) << name;
    EXPECT_EQ(score.reason().code, code) << score.reason().text;
    EXPECT_NE(score.reason().text.find("0 % of the frames could be posed"), std::string::npos);
    EXPECT_TRUE(score.evidence().details.contains("motion")) << name;
  }
}

TEST(GeometryLawsTest, AFailureWithLittleMotionIsNotTheVideosFault) {
  ExpectNoBlame(ShortArc(0.06), ReasonCode::kNoParallax);
}

TEST(GeometryLawsTest, AFailureWithFewTracksIsNotTheVideosFault) {
  ExpectNoBlame(ThroughAWindow(ShortArc(0.15)), ReasonCode::kTooFewTracks);
}

TEST(GeometryLawsTest, AZoomOntoAFlatPictureIsARigidWorld) {
  const Video zoom = MovingTexture(
      [](int frame, const Eigen::Vector2d& point) -> Eigen::Vector2d {
        const Eigen::Vector2d centre(80.0, 80.0);
        return centre + (point - centre) / std::pow(1.01, frame);
      },
      {});
  EXPECT_GE(Find(Measured(zoom), "consistency").value(), 0.95);
}

TEST(GeometryLawsTest, AShotTooShortToMeasureIsNamedAndLeavesTheOthersAlone) {
  std::vector<Image> frames = Arc().frames();
  RoomOptions options = Room();
  options.frames = 5;
  const Video turned = RenderRoom(YawPath(0.3), options).video;
  frames.insert(frames.end(), turned.frames().begin(), turned.frames().end());
  const FamilyReport report = Measured(Video(std::move(frames), 24.0));
  EXPECT_EQ(report.motion_class, MotionClass::kCut);
  EXPECT_DOUBLE_EQ(Find(report, "shots").value(), 2.0);
  const Score& consistency = Find(report, "consistency");
  EXPECT_NEAR(consistency.value(), Find(ArcReport(), "consistency").value(), 0.01);
  const Json& shots = consistency.evidence().details["shots"];
  ASSERT_EQ(shots.size(), 2u);
  EXPECT_EQ(shots[1]["first_frame"], 20);
  EXPECT_EQ(shots[1]["reason"]["code"], "too_few_frames");
  ASSERT_EQ(report.notes.size(), 1u);
  EXPECT_NE(report.notes[0].find("frames 20-24 unknown too_few_frames"), std::string::npos)
      << report.notes[0];
}

TEST(GeometryLawsTest, EvidenceSpeaksOfFramesThatAreThere) {
  RoomOptions options = Room();
  options.warp = [](int frame, const Eigen::Vector2d& point) -> Eigen::Vector2d {
    return frame < 10 ? point : SmoothWarp(4.0, Room())(frame, point);
  };
  const FamilyReport report = Measured(RenderRoom(ArcPath(0.5), options).video);
  const Score& score = Find(report, "consistency");
  ASSERT_TRUE(score.measured());
  ASSERT_FALSE(score.evidence().frames.empty());
  EXPECT_LE(score.evidence().frames.size(), 8u);
  EXPECT_EQ(std::set<int>(score.evidence().frames.begin(), score.evidence().frames.end()).size(),
            score.evidence().frames.size());
  for (const int frame : score.evidence().frames) {
    EXPECT_GE(frame, 0);
    EXPECT_LT(frame, options.frames);
  }
  for (const Json& value : score.evidence().details["per_frame"]["values"]) {
    EXPECT_TRUE(value.is_null() || (value.get<double>() >= 0.0 && value.get<double>() < 1e5));
  }
  for (const Json& track : score.evidence().details["tracks"]) {
    for (const Json& point : track["points"]) {
      EXPECT_LT(point[0].get<int>(), options.frames);
      EXPECT_TRUE(point[1].get<double>() >= 0.0 && point[1].get<double>() <= options.width);
      EXPECT_TRUE(point[2].get<double>() >= 0.0 && point[2].get<double>() <= options.height);
    }
  }
}

TEST(GeometryLawsTest, EveryMeasuredValueLiesInItsInterval) {
  int measured = 0;
  for (const Score& score : ArcReport().scores) {
    if (!score.measured()) continue;
    ++measured;
    EXPECT_TRUE(std::isfinite(score.value())) << score.id();
    EXPECT_LE(score.low(), score.value()) << score.id();
    EXPECT_GE(score.high(), score.value()) << score.id();
    if (score.info().unit == "share") {
      EXPECT_GE(score.low(), 0.0) << score.id();
      EXPECT_LE(score.high(), 1.0) << score.id();
    }
  }
  EXPECT_EQ(measured, 11);
}

TEST(GeometryLawsTest, ReductionsAreNoted) {
  const FamilyReport report = Measured(Video(std::vector<Image>(1010, Image(700, 20)), 24.0));
  ASSERT_EQ(report.notes.size(), 2u);
  EXPECT_EQ(report.notes[0], "geometry: 1000 of 1010 frames, evenly chosen");
  EXPECT_EQ(report.notes[1], "geometry: reduced to 640x18");
  EXPECT_TRUE(ArcReport().notes.empty());
}

}  // namespace
}  // namespace plumb
