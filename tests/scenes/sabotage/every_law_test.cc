// SPDX-License-Identifier: Apache-2.0
// What holds for every law of the table, each in one scenario in which it shows.
#include <cmath>
#include <map>
#include <set>

#include <gmock/gmock.h>

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
constexpr int kFrames = 36;

RenderOptions TinyOptions() {
  RenderOptions options = SmallOptions(kFrames);
  options.width = options.height = 64;
  return options;
}

// A ball on a slope: the scenario in which inertia shows.
Scene RollingDown() {
  Scene scene = BallAboveFloor(0.0, 0.0);
  Body& slope = scene.bodies[0];
  slope.world_from_body.rotation =
      Eigen::Quaterniond(Eigen::AngleAxisd(0.3, Eigen::Vector3d::UnitY()));
  const Eigen::Vector3d normal = slope.world_from_body.rotation * Eigen::Vector3d::UnitZ();
  slope.world_from_body.translation = -0.25 * normal;
  Body& ball = scene.bodies[1];
  ball.material.pattern = Pattern::kChecker;
  ball.material.friction = 1;
  ball.world_from_body.translation = 0.15 * normal;
  return scene;
}

std::string ScenarioOf(const std::string& law) {
  if (law == "inertia") return "slope";
  for (const char* scenario :
       {"drop", "bounce", "collide", "incline_slide", "occluder_pass", "orbit_room"}) {
    if (CanShow(FindLaw(law), scenario)) return scenario;
  }
  return "";
}

const Truth& TruthOf(const std::string& scenario) {
  static std::map<std::string, Truth> truths;
  const auto found = truths.find(scenario);
  if (found != truths.end()) return found->second;
  const Scene scene = scenario == "slope" ? RollingDown() : MakeScene(scenario, 47, 2);
  return truths.emplace(scenario, MakeTruth(scene, TinyOptions())).first->second;
}

// The same sabotage is asked for more than once.
const SabotagedVideo& Made(const std::string& law, double amount) {
  static std::map<std::pair<std::string, double>, SabotagedVideo> made;
  const auto found = made.find({law, amount});
  if (found != made.end()) return found->second;
  const Sabotage sabotage{law, amount, -1, "", ""};
  return made
      .emplace(std::pair(law, amount),
               MakeSabotaged(TruthOf(ScenarioOf(law)), sabotage, kConditioning))
      .first->second;
}

double Distance(const Video& a, const Video& b) {
  double sum = 0;
  for (int f = 0; f < a.num_frames(); ++f) {
    for (size_t i = 0; i < a.frame(f).rgb.size(); ++i) {
      sum += std::abs(a.frame(f).rgb[i] - b.frame(f).rgb[i]);
    }
  }
  return sum;
}

std::string Refusal(const Truth& truth, const Sabotage& sabotage) {
  try {
    MakeSabotaged(truth, sabotage, kConditioning);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

std::vector<std::string> LawIds(bool only_of_bodies = false) {
  std::vector<std::string> ids;
  for (const Law& law : AllLaws()) {
    if (law.takes_body || !only_of_bodies) ids.emplace_back(law.id);
  }
  return ids;
}

class EveryLawTest : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryLawTest, TheNeutralAmountGivesTheTruthsBytesAndAnEmptyRecord) {
  const Law& law = FindLaw(GetParam());
  const Truth& truth = TruthOf(ScenarioOf(GetParam()));
  const SabotagedVideo& same = Made(GetParam(), law.neutral);
  EXPECT_EQ(same.video.frames(), truth.video.frames());
  EXPECT_EQ(same.record.law, law.id);
  EXPECT_EQ(same.record.first_frame, -1);
  EXPECT_EQ(same.record.last_frame, -1);
  EXPECT_TRUE(same.record.regions.empty());
}

TEST_P(EveryLawTest, TheDefaultShowsAndTheRecordSaysWhere) {
  const Law& law = FindLaw(GetParam());
  const Truth& truth = TruthOf(ScenarioOf(GetParam()));
  const auto& [video, record] = Made(GetParam(), law.default_amount);
  EXPECT_EQ(video.times_s(), truth.video.times_s());
  EXPECT_EQ(record.amount, law.default_amount);
  EXPECT_GE(record.onset_frame, kConditioning);
  ASSERT_GE(record.first_frame, record.onset_frame);
  EXPECT_LT(record.last_frame, kFrames);
  if (!record.body.empty() && law.id != "appear") {
    EXPECT_GE(FindBody(truth.scene, record.body), 0) << record.body;
  }
  // Frame by frame: equal where the record has no region; else nothing differs outside of it.
  std::map<int, ChangedRegion> regions;
  for (const ChangedRegion& region : record.regions) regions[region.frame] = region;
  EXPECT_EQ(regions.begin()->first, record.first_frame);
  EXPECT_EQ(regions.rbegin()->first, record.last_frame);
  for (int f = 0; f < kFrames; ++f) {
    const ChangedRegion& region = regions[f];
    int inside = 0;
    for (int y = 0; y < 64; ++y) {
      for (int x = 0; x < 64; ++x) {
        const uint8_t* a = truth.video.frame(f).Pixel(x, y);
        const uint8_t* b = video.frame(f).Pixel(x, y);
        if (std::equal(a, a + 3, b)) continue;
        ++inside;
        ASSERT_TRUE(x >= region.left_px && x < region.left_px + region.width_px) << f;
        ASSERT_TRUE(y >= region.top_px && y < region.top_px + region.height_px) << f;
      }
    }
    EXPECT_EQ(inside, region.changed_px) << f;
  }
}

TEST_P(EveryLawTest, LargerDosesAreFurtherFromTheTruth) {
  const Law& law = FindLaw(GetParam());
  const Truth& truth = TruthOf(ScenarioOf(GetParam()));
  double last = 0;
  for (const int k : {0, 2, 4}) {
    const double distance = Distance(truth.video, Made(GetParam(), law.doses[k]).video);
    // Pictures are an uneven measure: where bodies pass each other or leave, more is not always
    // more.
    EXPECT_GT(distance, 0.95 * last) << law.doses[k];
    last = distance;
  }
  EXPECT_GT(last, 1.05 * Distance(truth.video, Made(GetParam(), law.doses[0]).video));
}

TEST_P(EveryLawTest, NothingBeforeAnOnsetAskedForIsTouched) {
  const Law& law = FindLaw(GetParam());
  const Truth& truth = TruthOf(ScenarioOf(GetParam()));
  // Flight ends early in the scenario of freezing.
  const int onset = law.id == "freeze_mid_air" ? 7 : 20;
  const Sabotage sabotage{GetParam(), law.default_amount, onset, "", ""};
  const auto& [video, record] = MakeSabotaged(truth, sabotage, kConditioning);
  EXPECT_GE(record.onset_frame, onset);
  for (int f = 0; f < onset; ++f) EXPECT_EQ(video.frame(f), truth.video.frame(f)) << f;
}

TEST_P(EveryLawTest, AmountsOutOfRangeAndUnknownBodiesAreRefused) {
  const Law& law = FindLaw(GetParam());
  const Truth& truth = TruthOf(ScenarioOf(GetParam()));
  EXPECT_THAT(Refusal(truth, {GetParam(), law.high + 0.5, -1, "", ""}), HasSubstr("expected"));
  EXPECT_THAT(Refusal(truth, {GetParam(), law.low - 0.5, -1, "", ""}),
              HasSubstr("sabotage '" + GetParam() + "': the amount is"));
  EXPECT_THAT(Refusal(truth, {GetParam(), law.default_amount, -1, "elephant", ""}),
              HasSubstr("has no body 'elephant'"));
}

// Broken for one body, the record names it.
class EveryLawTestOfBodies : public ::testing::TestWithParam<std::string> {};
TEST_P(EveryLawTestOfBodies, TheRecordNamesTheBodyThatWasNamed) {
  const Law& law = FindLaw(GetParam());
  const Truth& truth = TruthOf(ScenarioOf(GetParam()));
  const Body& body = truth.scene.bodies[ChosenBody(truth.scene, "")];
  const Sabotage sabotage{GetParam(), law.default_amount, -1, body.name, ""};
  const SabotageRecord record = MakeSabotaged(truth, sabotage, kConditioning).record;
  // What appears or is copied has the name of what it is like, and a number.
  EXPECT_EQ(record.body.substr(0, body.name.size()), body.name);
  EXPECT_GE(record.first_frame, kConditioning);
}

INSTANTIATE_TEST_SUITE_P(All, EveryLawTest, ::testing::ValuesIn(LawIds()), [](const auto& info) {
  return info.param;
});
INSTANTIATE_TEST_SUITE_P(All,
                         EveryLawTestOfBodies,
                         ::testing::ValuesIn(LawIds(true)),
                         [](const auto& info) { return info.param; });

// A plan knows of every scenario what can show in it.
TEST(EveryLawTestOfTheCatalogue, EachScenarioHasItsTraits) {
  for (const ScenarioInfo& info : ListScenarios()) EXPECT_NE(TraitsOf(info.id), 0u) << info.id;
}

}  // namespace
}  // namespace plumb
