// SPDX-License-Identifier: Apache-2.0
// The family on Plumb's own scenes: the oracle at the top, every geometric sabotage below it.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/laws.h"
#include "core/nuisances.h"
#include "metrics/metrics.h"
#include "scenes/catalogue.h"
#include "scenes/nuisances.h"
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
    const FamilyReport report =
        Measured(MakeSabotaged(OrbitRoom(), ParseSabotage(sabotage), 5).video);
    ASSERT_TRUE(Headline(report).measured()) << sabotage << ": " << Headline(report).reason().text;
    EXPECT_LT(Headline(report).high(), oracle - 0.05) << sabotage;
  }
}

// A smaller and shorter room, so that a row of doses is quick.
const Truth& SmallRoom() {
  static const Truth truth = [] {
    RenderOptions options;
    options.width = options.height = 192;
    options.frames = 28;
    options.fps = 14.0;
    return MakeTruth(MakeScene("orbit_room", 0, 1), RenderOptions::PicturesOnly(options));
  }();
  return truth;
}

// Headlines of the truth and of each dose; the lowest possible where nothing could be followed.
std::vector<double> HeadlinesByDose(const std::string& law, const std::vector<double>& doses) {
  std::vector<double> headlines = {Headline(Measured(SmallRoom().video)).value()};
  for (const double dose : doses) {
    Sabotage sabotage = ParseSabotage(law);
    sabotage.amount = dose;
    const FamilyReport report = Measured(MakeSabotaged(SmallRoom(), sabotage, 3).video);
    headlines.push_back(Headline(report).measured() ? Headline(report).value() : 0.0);
  }
  return headlines;
}

TEST(OrbitRoomTest, StrongerWarpsAreWorse) {
  const std::vector<double> headlines = HeadlinesByDose("warp_px", {1.0, 2.0, 4.0});
  EXPECT_GT(headlines.front(), 0.95);
  for (size_t i = 1; i < headlines.size(); ++i) EXPECT_LT(headlines[i], headlines[i - 1]) << i;
  EXPECT_LT(headlines.back(), 0.7);
}

TEST(OrbitRoomTest, FasterDriftIsWorse) {
  const std::vector<double> headlines = HeadlinesByDose("drift_px", {0.5, 1.0, 2.0});
  for (size_t i = 1; i < headlines.size(); ++i) EXPECT_LT(headlines[i], headlines[i - 1]) << i;
}

TEST(OrbitRoomTest, TheNeutralDoseIsTheTruth) {
  Sabotage sabotage = ParseSabotage("warp_px");
  sabotage.amount = 0.0;
  const FamilyReport neutral = Measured(MakeSabotaged(SmallRoom(), sabotage, 3).video);
  const FamilyReport truth = Measured(SmallRoom().video);
  EXPECT_EQ(ToJson(Headline(neutral)), ToJson(Headline(truth)));
}

// The parallax of this room is small beside its motion: one rotation leaves three quarters of a
// pixel.
TEST(OrbitRoomTest, GrainDoesNotMakeATravellingCameraTurn) {
  RenderOptions options;
  options.width = options.height = 192;
  options.frames = 48;
  const Truth truth =
      MakeTruth(MakeScene("orbit_room", 1, 2), RenderOptions::PicturesOnly(options));
  const Video grainy = WithNuisance(truth.video, ParseNuisance("grain=6"), 1);
  const FamilyReport report = MeasureGeometry({.sample = &grainy}, {});
  EXPECT_EQ(report.motion_class, MotionClass::kParallax);
  EXPECT_GE(Headline(report).value(), 0.95);
}

// Small ways to and fro, or straight ahead, tell little of the lens, and let the mapper take a flat
// or a stretched world for this one.
TEST(OrbitRoomTest, CamerasThatTellLittleOfTheirLensStillFindTheirWorld) {
  RenderOptions options;
  options.width = options.height = 192;
  options.frames = 48;
  for (const char* scenario : {"handheld_room", "corridor"}) {
    const Truth truth = MakeTruth(MakeScene(scenario, 1, 1), RenderOptions::PicturesOnly(options));
    const FamilyReport report = MeasureGeometry({.sample = &truth.video}, {});
    EXPECT_GE(Headline(report).value(), 0.96) << scenario;
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
