// SPDX-License-Identifier: Apache-2.0
// The whole family on rendered clips: what it must call good, bad and not measurable.
#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/seed.h"
#include "metrics/metrics.h"
#include "scenes/reference_models.h"
#include "tests/metrics/geometry/geometry_scores.h"
#include "tests/metrics/geometry/room_video.h"

namespace plumb {
namespace {

RoomOptions Room() {
  RoomOptions options;
  options.width = options.height = 192;
  options.frames = 24;
  return options;
}

const Video& ArcVideo() {
  static const Video video = RenderRoom(ArcPath(0.5), Room()).video;
  return video;
}
const Video& YawVideo() {
  static const Video video = RenderRoom(YawPath(0.5), Room()).video;
  return video;
}

std::string Dump(const FamilyReport& report) {
  Json json = Json::array();
  for (const Score& score : report.scores) json.push_back(ToJson(score));
  return DumpJson(json);
}

// Every score is there, in order, and each is measured or carries a reason with a text.
void ExpectWellFormed(const FamilyReport& report) {
  ASSERT_EQ(report.scores.size(), GeometryScores().size());
  for (size_t i = 0; i < report.scores.size(); ++i) {
    EXPECT_EQ(report.scores[i].id(), GeometryScores()[i].id);
    if (!report.scores[i].measured()) {
      EXPECT_FALSE(report.scores[i].reason().text.empty()) << report.scores[i].id();
    }
  }
  DumpJson(Json::parse(Dump(report)));
}

void ExpectNothingMeasured(const FamilyReport& report, ReasonCode code) {
  ExpectWellFormed(report);
  for (const Score& score : report.scores) EXPECT_FALSE(score.measured()) << score.id();
  EXPECT_EQ(Find(report, "consistency").reason().code, code)
      << Find(report, "consistency").reason().text;
}

TEST(GeometryTest, RigidRoomIsConsistent) {
  const FamilyReport report = Measured(ArcVideo());
  ExpectWellFormed(report);
  EXPECT_EQ(report.motion_class, MotionClass::kParallax);
  const Score& consistency = Find(report, "consistency");
  EXPECT_GE(consistency.value(), 0.95);
  EXPECT_LE(consistency.low(), consistency.value());
  EXPECT_DOUBLE_EQ(Find(report, "registered_share").value(), 1.0);
  EXPECT_LT(Find(report, "reprojection_px").value(), 0.25);
  EXPECT_GT(Find(report, "inlier_share").value(), 0.97);
  EXPECT_EQ(Find(report, "rotation_residual_px").status(), ScoreStatus::kNotTested);
  // Field of view 0.9 rad: the focal length is found within a few percent.
  EXPECT_NEAR(
      consistency.evidence().details["focal_px"].get<double>(), 96.0 / std::tan(0.45), 12.0);
}

TEST(GeometryTest, EvidenceHasWhatTheReportDraws) {
  const FamilyReport report = Measured(ArcVideo());
  const Json& details = Find(report, "consistency").evidence().details;
  EXPECT_EQ(details["per_frame"]["values"].size(), static_cast<size_t>(ArcVideo().num_frames()));
  EXPECT_GT(details["tracks"].size(), 50u);
  EXPECT_LE(details["tracks"].size(), 300u);
}

TEST(GeometryTest, TheSameClipGivesTheSameBytes) {
  EXPECT_EQ(Dump(Measured(ArcVideo(), 5)), Dump(Measured(ArcVideo(), 5)));
  EXPECT_EQ(Dump(Measured(YawVideo(), 5)), Dump(Measured(YawVideo(), 5)));
}

TEST(GeometryTest, TurningCameraIsConsistentWithoutParallax) {
  const FamilyReport report = Measured(YawVideo());
  ExpectWellFormed(report);
  EXPECT_EQ(report.motion_class, MotionClass::kRotation);
  EXPECT_GE(Find(report, "consistency").value(), 0.95);
  EXPECT_LT(Find(report, "rotation_residual_px").value(), 0.25);
  EXPECT_EQ(Find(report, "registered_share").reason().code, ReasonCode::kNoParallax);
  EXPECT_EQ(Find(report, "reprojection_px").reason().code, ReasonCode::kNoParallax);
}

TEST(GeometryTest, OneFrameRepeatedIsNeverPerfect) {
  const FamilyReport report = Measured(Video(std::vector<Image>(24, ArcVideo().frame(0)), 24.0));
  EXPECT_EQ(report.motion_class, MotionClass::kStatic);
  ExpectNothingMeasured(report, ReasonCode::kNoCameraMotion);
}

TEST(GeometryTest, StillCameraWithGrainMeasuresTheBackgroundOnly) {
  std::vector<Image> frames(24, ArcVideo().frame(0));
  Random random(3);
  for (Image& frame : frames) {
    for (uint8_t& level : frame.rgb) {
      level = static_cast<uint8_t>(std::clamp(level + random.Index(9) - 4, 0, 255));
    }
  }
  const FamilyReport report = Measured(Video(std::move(frames), 24.0));
  EXPECT_EQ(report.motion_class, MotionClass::kStatic);
  EXPECT_EQ(Find(report, "consistency").reason().code, ReasonCode::kNoCameraMotion);
  EXPECT_LT(Find(report, "background_drift_px").value(), 0.3);
}

TEST(GeometryTest, NoiseIsNotMeasurable) {
  ExpectNothingMeasured(Measured(NoiseVideo(Room())), ReasonCode::kTooFewTracks);
}

TEST(GeometryTest, TwoScenesSplicedAreTwoShots) {
  std::vector<Image> frames = ArcVideo().frames();
  frames.insert(frames.end(), YawVideo().frames().begin(), YawVideo().frames().end());
  const FamilyReport report = Measured(Video(std::move(frames), 24.0));
  ExpectWellFormed(report);
  EXPECT_EQ(report.motion_class, MotionClass::kCut);
  EXPECT_DOUBLE_EQ(Find(report, "shots").value(), 2.0);
  EXPECT_THAT(Find(report, "shots").evidence().frames, testing::ElementsAre(24));
  // Each shot has its own branch, as if it had come alone.
  const FamilyReport arc = Measured(ArcVideo()), yaw = Measured(YawVideo());
  EXPECT_NEAR(Find(report, "consistency").value(),
              0.5 * (Find(arc, "consistency").value() + Find(yaw, "consistency").value()),
              0.01);
  EXPECT_NEAR(Find(report, "reprojection_px").value(), Find(arc, "reprojection_px").value(), 0.02);
  EXPECT_NEAR(Find(report, "rotation_residual_px").value(),
              Find(yaw, "rotation_residual_px").value(),
              0.02);
  EXPECT_EQ(Find(report, "background_drift_px").status(), ScoreStatus::kNotTested);
  EXPECT_THAT(report.notes, testing::Contains(testing::HasSubstr("frames 24-47 rotation")));
}

TEST(GeometryTest, ShuffledFramesAreNeverCalledConsistent) {
  for (const uint64_t seed : {1, 2, 3}) {
    const FamilyReport report = Measured(ShuffledVideo(ArcVideo(), 5, seed));
    ExpectWellFormed(report);
    EXPECT_FALSE(Find(report, "consistency").measured())
        << seed << " " << testing::PrintToString(report.notes);
  }
}

TEST(GeometryTest, FreezingAfterAFewFramesIsNeverPerfect) {
  ExpectNothingMeasured(Measured(FrozenVideo(ArcVideo(), 3)), ReasonCode::kNoCameraMotion);
}

TEST(GeometryTest, ScoreFallsWithTheSizeOfAWarp) {
  double before = Find(Measured(ArcVideo()), "consistency").value();
  double before_px = Find(Measured(ArcVideo()), "reprojection_px").value();
  for (const double amount_px : {0.5, 1.5, 4.0}) {
    RoomOptions options = Room();
    options.warp = SmoothWarp(amount_px, options);
    const FamilyReport report = Measured(RenderRoom(ArcPath(0.5), options).video);
    const Score& consistency = Find(report, "consistency");
    ASSERT_TRUE(consistency.measured()) << consistency.reason().text;
    EXPECT_LT(consistency.high(), before) << amount_px;
    before = consistency.value();
    if (Find(report, "reprojection_px").measured()) {
      EXPECT_GT(Find(report, "reprojection_px").value(), before_px) << amount_px;
      before_px = Find(report, "reprojection_px").value();
    }
  }
  EXPECT_LT(before, 0.5);
}

TEST(GeometryTest, WarpedTurnIsInconsistent) {
  RoomOptions options = Room();
  options.warp = SmoothWarp(3.0, options);
  const Score consistency = Find(Measured(RenderRoom(YawPath(0.5), options).video), "consistency");
  ASSERT_TRUE(consistency.measured());
  EXPECT_LT(consistency.value(), 0.6);
}

TEST(GeometryTest, SizeAndRateOfTheClipHardlyMatter) {
  const double full = Find(Measured(ArcVideo()), "consistency").value();
  const double small = Find(Measured(AreaResized(ArcVideo(), 128, 128)), "consistency").value();
  EXPECT_NEAR(small, full, 0.03);
  std::vector<int> every_second;
  for (int i = 0; i < ArcVideo().num_frames(); i += 2) every_second.push_back(i);
  const double slow = Find(Measured(Reordered(ArcVideo(), every_second)), "consistency").value();
  EXPECT_NEAR(slow, full, 0.03);
}

TEST(GeometryTest, ShortAndEmptyClipsHaveAReason) {
  ExpectNothingMeasured(Measured(FirstFrames(ArcVideo(), 1)), ReasonCode::kTooFewFrames);
  ExpectNothingMeasured(Measured(FirstFrames(ArcVideo(), 2)), ReasonCode::kTooFewFrames);
  ExpectNothingMeasured(Measured(Video(std::vector<Image>(12, Image(64, 64)), 24.0)),
                        ReasonCode::kTooLittleTexture);
  ExpectNothingMeasured(Measured(Video(std::vector<Image>(12, Image(16, 16)), 24.0)),
                        ReasonCode::kTooLittleTexture);
}

TEST(GeometryTest, ScoresArePublishedWithUnitAndOneHeadline) {
  int headlines = 0;
  for (const ScoreInfo& info : GeometryScores()) {
    EXPECT_EQ(info.id.rfind("geometry.", 0), 0u);
    EXPECT_FALSE(info.unit.empty());
    EXPECT_FALSE(info.summary.empty());
    headlines += info.headline;
  }
  EXPECT_EQ(headlines, 1);
  EXPECT_TRUE(GeometryScores().front().headline);
}

TEST(GeometryTest, StopsWhenCancelled) {
  MetricInput input;
  input.sample = &ArcVideo();
  Progress progress;
  progress.cancelled = [] { return true; };
  EXPECT_THROW(MeasureGeometry(input, progress), CancelledError);
}

}  // namespace
}  // namespace plumb
