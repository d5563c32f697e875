// SPDX-License-Identifier: Apache-2.0
// Permanence and dynamics on the renderer's own scenes: the oracle at the top, every broken law
// noticed.
#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "core/laws.h"
#include "metrics/metrics.h"
#include "scenes/catalogue.h"
#include "scenes/reference_models.h"
#include "scenes/render.h"
#include "scenes/sabotage.h"

namespace plumb {
namespace {

constexpr int kShown = 5;
constexpr uint64_t kSuiteSeed = 7;

using Scores = std::map<std::string, Score>;

Truth Render(const std::string& scenario, uint64_t seed) {
  RenderOptions options;
  options.width = 160;
  options.height = 160;
  options.depth = options.normals = options.flow = options.amodal = false;
  return MakeTruth(MakeScene(scenario, kSuiteSeed, seed), options);
}

Scores MeasureBoth(const Truth& truth, const Video& sample) {
  MetricInput input;
  input.sample = &sample;
  input.truth = &truth;
  input.conditioning_frames = kShown;
  Scores scores;
  for (const Score& score : Measure(input, {{"permanence", "dynamics"}}, {}).scores) {
    scores.emplace(score.id(), score);
  }
  return scores;
}

bool Worse(const Score& score, const Score& than) {
  if (!than.measured()) return false;
  if (!score.measured()) return score.status() == ScoreStatus::kNotMeasurable;
  return score.info().better == Direction::kHigher ? score.value() < than.value() - 0.01
                                                   : score.value() > than.value() + 0.01;
}

// Whether one of the law's scores is worse than the oracle's when it is broken by default.
bool IsNoticed(const Law& law, const Truth& truth, const Scores& oracle) {
  const Scores broken =
      MeasureBoth(truth, MakeSabotaged(truth, ParseSabotage(law.id), kShown).video);
  return std::any_of(law.scores.begin(), law.scores.end(), [&](std::string_view id) {
    const auto found = broken.find(std::string(id));
    return found != broken.end() && Worse(found->second, oracle.at(found->first));
  });
}

// Laws of the quick suite are noticed in each of its scenarios in which they can show.
constexpr const char* kNoticedEverywhere[] = {
    "gravity", "restitution", "vanish", "teleport", "swap"};

bool OfTheseFamilies(const Law& law) {
  return std::any_of(law.scores.begin(), law.scores.end(), [](std::string_view id) {
    return !id.starts_with("geometry.");
  });
}

class RenderedScenesTest : public testing::TestWithParam<const char*> {};

TEST_P(RenderedScenesTest, TheOracleIsAtTheTopAndEveryLawIsNoticed) {
  const Truth truth = Render(GetParam(), 1);
  const Scores oracle = MeasureBoth(truth, truth.video);
  for (const auto& [id, score] : oracle) {
    if (!score.info().headline || !score.measured()) continue;
    EXPECT_GE(score.value(), 0.95) << id;
  }
  EXPECT_TRUE(oracle.at("permanence.persistence").measured());
  for (const char* id : kNoticedEverywhere) {
    const Law& law = FindLaw(id);
    if (!CanShow(law, GetParam())) continue;
    EXPECT_TRUE(IsNoticed(law, truth, oracle)) << law.id;
  }
}

TEST_P(RenderedScenesTest, ReferenceRowsAreAtTheBottomOrHaveAReason) {
  const Truth truth = Render(GetParam(), 2);
  const Scores noise = MeasureBoth(truth, NoiseVideo(truth.video, kShown, 1));
  for (const auto& [id, score] : noise) {
    ASSERT_FALSE(score.measured()) << id;
    EXPECT_FALSE(score.reason().text.empty()) << id;
  }
  const Scores frozen = MeasureBoth(truth, FrozenVideo(truth.video, kShown));
  EXPECT_EQ(frozen.at("permanence.persistence").reason().code, ReasonCode::kNoEvent);
  const Score& lawfulness = frozen.at("dynamics.lawfulness");
  EXPECT_TRUE(!lawfulness.measured() || lawfulness.value() < 0.2);
  const Scores reversed = MeasureBoth(truth, ReversedVideo(truth.video, kShown));
  EXPECT_LT(reversed.at("permanence.persistence").value(), 0.85);
  const Score& backwards = reversed.at("dynamics.lawfulness");
  EXPECT_TRUE(!backwards.measured() || backwards.value() < 0.6);
}

INSTANTIATE_TEST_SUITE_P(
    Scenarios,
    RenderedScenesTest,
    testing::Values("drop", "bounce", "collide", "incline_slide", "occluder_pass", "orbit_room"));

std::vector<std::string> LawsNoticed() {
  std::vector<std::string> ids;
  for (const Law& law : AllLaws()) {
    if (OfTheseFamilies(law)) ids.emplace_back(law.id);
  }
  return ids;
}

// The first of a few scenarios in which the law can show; a moving camera for what geometry sees.
std::string ScenarioOf(const Law& law) {
  const bool is_of_the_view =
      std::any_of(law.scores.begin(), law.scores.end(), [](std::string_view id) {
        return id.starts_with("geometry.");
      });
  if (is_of_the_view && CanShow(law, "orbit_room")) return "orbit_room";
  for (const char* scenario : {"collide", "bounce", "incline_slide", "u_slope", "orbit_room"}) {
    if (CanShow(law, scenario)) return scenario;
  }
  return "";
}

class RenderedScenesTestOfLaws : public testing::TestWithParam<std::string> {};

TEST_P(RenderedScenesTestOfLaws, IsNoticedByAScoreThatItLists) {
  static std::map<std::string, std::pair<Truth, Scores>> seen;
  const Law& law = FindLaw(GetParam());
  const std::string scenario = ScenarioOf(law);
  if (seen.find(scenario) == seen.end()) {
    Truth truth = Render(scenario, 3);
    Scores oracle = MeasureBoth(truth, truth.video);
    seen.emplace(scenario, std::pair(std::move(truth), std::move(oracle)));
  }
  const auto& [truth, oracle] = seen.at(scenario);
  for (const std::string_view id : law.scores) {
    if (id.starts_with("geometry.")) continue;
    EXPECT_TRUE(oracle.contains(std::string(id))) << id;
  }
  EXPECT_TRUE(IsNoticed(law, truth, oracle));
}

INSTANTIATE_TEST_SUITE_P(All,
                         RenderedScenesTestOfLaws,
                         testing::ValuesIn(LawsNoticed()),
                         [](const auto& info) { return info.param; });

TEST(RenderedScenesTestLaws, EveryScoreOfALawExistsAndHasADirection) {
  for (const Law& law : AllLaws()) {
    for (const std::string_view id : law.scores) {
      const auto info = std::find_if(AllScores().begin(),
                                     AllScores().end(),
                                     [&](const ScoreInfo& score) { return score.id == id; });
      ASSERT_NE(info, AllScores().end()) << law.id << " " << id;
      EXPECT_NE(info->better, Direction::kNone) << id;
    }
  }
}

TEST(RenderedScenesTestLaws, GravityComesBackFromThePictures) {
  const Truth truth = Render("bounce", 3);
  const Scores scores = MeasureBoth(truth, truth.video);
  const Score& gravity = scores.at("dynamics.gravity_mps2");
  EXPECT_NEAR(gravity.value(), 9.81, 0.3);
  EXPECT_LE(gravity.low(), 9.81);
  EXPECT_GE(gravity.high(), 9.81);
  EXPECT_LT(scores.at("dynamics.contact_frame_error").value(), 0.3);
}

TEST(RenderedScenesTestLaws, StrongerDosesAreWorse) {
  const Truth truth = Render("drop", 0);
  const Law& gravity = FindLaw("gravity");
  double last = -1.0;
  for (const double dose : {gravity.doses[0], gravity.doses[2], gravity.doses[4]}) {
    Sabotage sabotage = ParseSabotage("gravity");
    sabotage.amount = dose;
    const Scores scores = MeasureBoth(truth, MakeSabotaged(truth, sabotage, kShown).video);
    const double error = scores.at("dynamics.trajectory_error").value();
    EXPECT_GT(error, last) << dose;
    EXPECT_NEAR(scores.at("dynamics.gravity_error").value(), std::abs(1.0 - dose), 0.1) << dose;
    last = error;
  }
}

}  // namespace
}  // namespace plumb
