// SPDX-License-Identifier: Apache-2.0
// The family on Plumb's own scenes: the oracle at the top, every geometric sabotage below it.
#include <gtest/gtest.h>

#include "metrics/metrics.h"
#include "scenes/catalogue.h"
#include "scenes/reference_models.h"
#include "scenes/render.h"
#include "scenes/sabotage.h"

namespace plumb {
namespace {

const Truth& OrbitRoom() {
  static const Truth truth =
      MakeTruth(MakeScene("orbit_room", 0, 2), RenderOptions::PicturesOnly(RenderOptions()));
  return truth;
}

FamilyReport Measured(const Video& video) {
  MetricInput input;
  input.sample = &video;
  input.truth = &OrbitRoom();
  return MeasureGeometry(input, {});
}

const Score& Headline(const FamilyReport& report) { return report.scores.front(); }

TEST(OrbitRoomTest, OracleIsConsistent) {
  const FamilyReport report = Measured(OrbitRoom().video);
  EXPECT_EQ(report.motion_class, MotionClass::kParallax);
  EXPECT_GE(Headline(report).value(), 0.95);
}

TEST(OrbitRoomTest, EverySabotageIsClearlyWorse) {
  const double oracle = Headline(Measured(OrbitRoom().video)).low();
  for (const char* sabotage : {"warp_px=4", "drift_px=2"}) {
    const FamilyReport report = Measured(MakeSabotaged(OrbitRoom(), ParseSabotage(sabotage), 5));
    ASSERT_TRUE(Headline(report).measured()) << sabotage << ": " << Headline(report).reason().text;
    EXPECT_LT(Headline(report).high(), oracle - 0.05) << sabotage;
  }
}

TEST(OrbitRoomTest, ReferenceRowsAreNotCalledConsistent) {
  const Video& truth = OrbitRoom().video;
  EXPECT_EQ(Headline(Measured(FrozenVideo(truth, 5))).reason().code, ReasonCode::kNoCameraMotion);
  EXPECT_EQ(Headline(Measured(NoiseVideo(truth, 5, 1))).reason().code, ReasonCode::kTooFewTracks);
  EXPECT_FALSE(Headline(Measured(ShuffledVideo(truth, 5, 1))).measured());
}

TEST(OrbitRoomTest, StillCameraIsNotMeasurable) {
  const Truth drop =
      MakeTruth(MakeScene("drop", 0, 1), RenderOptions::PicturesOnly(RenderOptions()));
  MetricInput input;
  input.sample = &drop.video;
  const FamilyReport report = MeasureGeometry(input, {});
  EXPECT_EQ(report.motion_class, MotionClass::kStatic);
  EXPECT_EQ(Headline(report).reason().code, ReasonCode::kNoCameraMotion);
}

}  // namespace
}  // namespace plumb
