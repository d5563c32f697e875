// SPDX-License-Identifier: Apache-2.0
// What exactly each law's break changes, and what it refuses.
#include <cmath>
#include <map>

#include <gmock/gmock.h>

#include "core/check.h"
#include "core/errors.h"
#include "scenes/catalogue.h"
#include "scenes/render.h"
#include "scenes/sabotage.h"
#include "scenes/sabotage/internal_sabotage.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;

constexpr int kConditioning = 4;
constexpr int kFrames = 24;

const Truth& TruthOf(const std::string& scenario) {
  static std::map<std::string, Truth> truths;
  const auto found = truths.find(scenario);
  if (found != truths.end()) return found->second;
  return truths.emplace(scenario, MakeTruth(MakeScene(scenario, 47, 2), SmallOptions(kFrames)))
      .first->second;
}

Video Broken(const std::string& scenario, const std::string& text) {
  return MakeSabotaged(TruthOf(scenario), ParseSabotage(text), kConditioning).video;
}

std::string Refusal(const Truth& truth, const Sabotage& sabotage) {
  try {
    MakeSabotaged(truth, sabotage, kConditioning);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

int PixelsThatDiffer(const Image& a, const Image& b) {
  int count = 0;
  for (size_t i = 0; i < a.rgb.size(); i += 3) {
    count += !std::equal(&a.rgb[i], &a.rgb[i] + 3, &b.rgb[i]);
  }
  return count;
}

int Mover(const Scene& scene) {
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    if (!scene.bodies[i].fixed) return static_cast<int>(i);
  }
  return -1;
}

SabotageJob JobFor(const Truth& truth, const Sabotage& sabotage, int first_frame) {
  RenderOptions options = SmallOptions(kFrames);
  return {truth, sabotage, first_frame, RenderOptions::PicturesOnly(options), {}};
}

TEST(SabotageLawsTest, AmountsOutOfRangeAreRefusedWithLawNumberAndRange) {
  struct Case {
    const char* law;
    double amount;
    const char* expected;
  };
  for (const Case& c : {Case{"vanish", -0.1, "expected 0 to 1"},
                        Case{"vanish", 1.01, "the amount is 1.01"},
                        Case{"swap", 2, "sabotage 'swap'"},
                        Case{"swap", -1, "expected 0 to 1"},
                        Case{"restitution", -0.5, "expected 0 to 1000000"},
                        Case{"gravity", 1e7, "expected -1000000 to 1000000"},
                        Case{"teleport", std::nan(""), "the amount is nan"},
                        Case{"warp_px", -1e9, "sabotage 'warp_px'"},
                        Case{"drift_px", 1e9, "sabotage 'drift_px'"}}) {
    EXPECT_THAT(Refusal(TruthOf("collide"), {c.law, c.amount, -1, ""}), HasSubstr(c.expected))
        << c.law;
  }
}

TEST(SabotageLawsTest, UnknownLawsAndBodiesAreRefusedWithTheNearestName) {
  EXPECT_THAT(Refusal(TruthOf("drop"), {"gravty", 0.5, -1, ""}),
              HasSubstr("did you mean 'gravity'"));
  EXPECT_THAT(Refusal(TruthOf("drop"), {"gravity", 0.5, -1, "back wal"}),
              HasSubstr("did you mean 'back wall'"));
  EXPECT_THAT(Refusal(TruthOf("drop"), {"gravity", 0.5, -1, "elephant"}),
              HasSubstr("has no body 'elephant'"));
}

TEST(SabotageLawsTest, ASceneWithoutObjectsHasNothingToSabotage) {
  Truth truth = TruthOf("drop");
  for (Body& body : truth.scene.bodies) body.role = Role::kStructure;
  EXPECT_THAT(Refusal(truth, {"teleport", 1, -1, ""}), HasSubstr("no object to sabotage"));
}

TEST(SabotageLawsTest, ConditioningFramesMustFitTheClip) {
  const Sabotage sabotage{"gravity", 0.5, -1, ""};
  EXPECT_THROW(MakeSabotaged(TruthOf("drop"), sabotage, -1), CheckFailure);
  EXPECT_THROW(MakeSabotaged(TruthOf("drop"), sabotage, kFrames + 1), CheckFailure);
  EXPECT_EQ(MakeSabotaged(TruthOf("drop"), sabotage, kFrames).video.frames(),
            TruthOf("drop").video.frames());
}

TEST(SabotageLawsTest, TheFirstFrameIsNeverChanged) {
  for (const char* text : {"gravity=0,onset=0", "vanish=1,onset=0", "teleport=1,onset=0"}) {
    const Video broken = MakeSabotaged(TruthOf("drop"), ParseSabotage(text), 0).video;
    EXPECT_EQ(broken.frame(0), TruthOf("drop").video.frame(0)) << text;
    EXPECT_NE(broken.frame(kFrames - 1), TruthOf("drop").video.frame(kFrames - 1)) << text;
  }
}

TEST(SabotageLawsTest, AnOnsetBehindTheEndBreaksNothing) {
  for (const char* text : {"gravity=0,onset=24", "teleport=1,onset=100", "vanish=1,onset=24"}) {
    EXPECT_EQ(Broken("drop", text).frames(), TruthOf("drop").video.frames()) << text;
  }
}

TEST(SabotageLawsTest, WithoutGravityTheBallFliesStraightOn) {
  const Truth& truth = TruthOf("bounce");
  Sabotage sabotage{"gravity", 0, -1, ""};
  Intervention change;
  change.gravity_factor = 0;
  const Motion motion = SimulatedWith(JobFor(truth, sabotage, 6), change);
  const int ball = Mover(truth.scene);
  const double onset_s = 5 / 24.0;
  const auto onset = static_cast<size_t>(std::llround(onset_s * motion.rate_hz));
  const Eigen::Vector3d speed = motion.states[onset][ball].velocity_mps;
  const auto later = onset + 200;
  const Eigen::Vector3d expected =
      motion.states[onset][ball].world_from_body.translation + 200 / motion.rate_hz * speed;
  EXPECT_LT((motion.states[later][ball].world_from_body.translation - expected).norm(), 1e-9);
  // Until then it is the truth's own motion.
  EXPECT_EQ(motion.states[onset][ball].velocity_mps, truth.motion.states[onset][ball].velocity_mps);
  EXPECT_EQ(motion.states.size(), truth.motion.states.size());
}

TEST(SabotageLawsTest, GravityTimesTheAmountCurvesTheFallAccordingly) {
  const Truth& truth = TruthOf("drop");
  const int body = Mover(truth.scene);
  for (const double factor : {0.25, 0.5, 2.0, -1.0}) {
    Sabotage sabotage{"gravity", factor, -1, ""};
    Intervention change;
    change.gravity_factor = factor;
    const Motion motion = SimulatedWith(JobFor(truth, sabotage, 5), change);
    const auto onset = static_cast<size_t>(std::llround(4 / 24.0 * motion.rate_hz));
    const double gained = motion.states[onset + 96][body].velocity_mps.z() -
                          motion.states[onset][body].velocity_mps.z();
    EXPECT_NEAR(gained, -9.81 * factor * 96 / motion.rate_hz, 1e-9) << factor;
  }
}

TEST(SabotageLawsTest, OnlyTheNamedBodyLosesItsWeight) {
  const Truth& truth = TruthOf("free_fall_pair");
  const int first = Mover(truth.scene);
  const int second = first + 1;
  ASSERT_FALSE(truth.scene.bodies[second].fixed);
  Sabotage sabotage{"gravity", 0, -1, truth.scene.bodies[second].name};
  Intervention change;
  change.body = second;
  change.gravity_factor = 0;
  const Motion motion = SimulatedWith(JobFor(truth, sabotage, 4), change);
  const auto onset = static_cast<size_t>(std::llround(3 / 24.0 * motion.rate_hz));
  for (const size_t step : {onset, onset + 100}) {
    EXPECT_EQ(motion.states[step][first].velocity_mps,
              truth.motion.states[step][first].velocity_mps);
  }
  EXPECT_EQ(motion.states[onset + 100][second].velocity_mps,
            motion.states[onset][second].velocity_mps);
  EXPECT_NE(motion.states[onset + 100][first].velocity_mps,
            motion.states[onset][first].velocity_mps);
  EXPECT_EQ(MakeSabotaged(truth, sabotage, kConditioning).record.body, sabotage.body);
}

TEST(SabotageLawsTest, OnlyTheNamedBodysRestitutionChanges) {
  // A pair's restitution is the product, so half of the ball's own halves the rebound.
  const Truth& truth = TruthOf("bounce");
  const int ball = Mover(truth.scene);
  Intervention change;
  change.body = ball;
  change.restitution_factor = 0.5;
  Sabotage sabotage{"restitution", 0.5, -1, truth.scene.bodies[ball].name};
  const Motion own = SimulatedWith(JobFor(truth, sabotage, 4), change);
  change.body = -1;
  const Motion all = SimulatedWith(JobFor(truth, sabotage, 4), change);
  ASSERT_FALSE(truth.motion.contacts.empty());
  const auto after = static_cast<size_t>(truth.motion.contacts[0].time_s * own.rate_hz) + 4;
  ASSERT_LT(after, own.states.size());
  const double rebound_mps = truth.motion.states[after][ball].velocity_mps.z();
  EXPECT_GT(rebound_mps, 0.5);
  EXPECT_NEAR(own.states[after][ball].velocity_mps.z(), 0.5 * rebound_mps, 0.03);
  EXPECT_NEAR(
      own.states[after][ball].velocity_mps.z(), all.states[after][ball].velocity_mps.z(), 0.03);
}

TEST(SabotageLawsTest, AVanishedObjectLeavesTheEmptyScene) {
  // From the onset on, the picture is that of the scene without the object.
  const Truth& truth = TruthOf("drop");
  const Video broken = Broken("drop", "vanish=1,onset=10");
  Scene empty = truth.scene;
  empty.bodies.erase(empty.bodies.begin() + Mover(truth.scene));
  const Image expected = MakeTruth(empty, SmallOptions(1)).video.frame(0);
  for (const int frame : {10, 15, 23}) {
    EXPECT_LE(PixelsThatDiffer(broken.frame(frame), expected), 2) << frame;
  }
}

TEST(SabotageLawsTest, OnlyTheNamedBodyVanishes) {
  const Truth& truth = TruthOf("collide");
  std::vector<std::string> names;
  for (const Body& body : truth.scene.bodies) {
    if (body.role == Role::kObject) names.push_back(body.name);
  }
  ASSERT_EQ(names.size(), 2u);
  const Video first = Broken("collide", "vanish=1,body=" + names[0]);
  const Video second = Broken("collide", "vanish=1,body=" + names[1]);
  EXPECT_NE(first.frame(10), second.frame(10));
  // The default is the first object that can move.
  EXPECT_EQ(Broken("collide", "vanish=1").frames(), first.frames());
  EXPECT_EQ(ChosenBody(truth.scene, ""), FindBody(truth.scene, names[0]));
  EXPECT_EQ(ChosenBody(truth.scene, names[1]), FindBody(truth.scene, names[1]));
}

TEST(SabotageLawsTest, ATeleportMovesTheObjectByItsAmountAndNotIntoTheFloor) {
  const Truth& truth = TruthOf("incline_slide");
  const int block = Mover(truth.scene);
  const Eigen::Vector3d up =
      truth.scene.bodies[block].world_from_body.rotation * Eigen::Vector3d::UnitZ();
  Intervention change;
  change.body = block;
  change.jump_m = {0, 0.3, 0};
  Sabotage sabotage{"teleport", 0.3, -1, ""};
  const Motion motion = SimulatedWith(JobFor(truth, sabotage, 8), change);
  const auto onset = static_cast<size_t>(std::llround(7 / 24.0 * motion.rate_hz));
  const Eigen::Vector3d jump = motion.states[onset + 1][block].world_from_body.translation -
                               motion.states[onset][block].world_from_body.translation;
  EXPECT_NEAR(jump.y(), 0.3, 1e-3);
  EXPECT_NEAR(jump.dot(up), 0, 1e-3);
  // The public way shows a jump along the surface as well: the block stays in one piece in view.
  const Video broken = Broken("incline_slide", "teleport=0.3,onset=8");
  EXPECT_EQ(broken.frame(7), truth.video.frame(7));
  EXPECT_GT(PixelsThatDiffer(broken.frame(8), truth.video.frame(8)), 60);
}

TEST(SabotageLawsTest, OppositeTeleportsAreTried) {
  // A jump that would leave the picture is taken the other way or away from the camera; some of the
  // object must stay in view.
  const Truth& truth = TruthOf("drop");
  const Video broken = Broken("drop", "teleport=3,onset=6");
  const Video gone = Broken("drop", "vanish=1,onset=6");
  EXPECT_GT(PixelsThatDiffer(broken.frame(8), gone.frame(8)), 20);
  EXPECT_GT(PixelsThatDiffer(broken.frame(8), truth.video.frame(8)), 60);
}

TEST(SabotageLawsTest, AHalfSwapMeetsInTheMiddle) {
  // At one half both wear the mean of their colours; the first half keeps its own pattern.
  const Video half = Broken("collide", "swap=0.5");
  const Video most = Broken("collide", "swap=1");
  const Video none = Broken("collide", "swap=0");
  EXPECT_EQ(none.frames(), TruthOf("collide").video.frames());
  for (int frame = kConditioning; frame < kFrames; ++frame) {
    EXPECT_GT(PixelsThatDiffer(half.frame(frame), none.frame(frame)), 50);
    EXPECT_GT(PixelsThatDiffer(half.frame(frame), most.frame(frame)), 50);
  }
}

TEST(SabotageLawsTest, AWarpGrowsForTwelveFramesAndTouchesEveryFrameAfterItsOnset) {
  const Truth& truth = TruthOf("orbit_room");
  const Video broken = Broken("orbit_room", "warp_px=4,onset=6");
  for (int frame = 0; frame < kFrames; ++frame) {
    const int different = PixelsThatDiffer(truth.video.frame(frame), broken.frame(frame));
    if (frame < 6) {
      EXPECT_EQ(different, 0);
    }
    if (frame >= 6) {
      EXPECT_GT(different, 96 * 96 / 3) << frame;
    }
  }
  // Opposite amplitudes bend the other way.
  EXPECT_NE(broken.frame(20), Broken("orbit_room", "warp_px=-4,onset=6").frame(20));
}

TEST(SabotageLawsTest, DriftSlidesTexturesAndLeavesOutlinesAlone) {
  // Balls, cones and cylinders keep their looks: only fixed boxes drift.
  const Truth& truth = TruthOf("orbit_room");
  const Video broken = Broken("orbit_room", "drift_px=1");
  const auto instances = truth.passes.instances.As<uint8_t>();
  const int frame = 20;
  int on_boxes = 0, on_round = 0, round_area = 0;
  for (int i = 0; i < 96 * 96; ++i) {
    const int body = instances[frame * 96 * 96 + i] - 1;
    if (body < 0) continue;
    const bool differs = !std::equal(&truth.video.frame(frame).rgb[3 * i],
                                     &truth.video.frame(frame).rgb[3 * i] + 3,
                                     &broken.frame(frame).rgb[3 * i]);
    const bool is_box = truth.scene.bodies[body].shape.kind == ShapeKind::kBox;
    on_boxes += is_box && differs;
    on_round += !is_box && differs;
    round_area += !is_box;
  }
  EXPECT_GT(on_boxes, 3000);
  // At outlines a pixel of a ball mixes with the wall behind it.
  EXPECT_LT(on_round, 0.5 * round_area + 1);
}

}  // namespace
}  // namespace plumb
