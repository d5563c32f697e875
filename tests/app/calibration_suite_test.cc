// SPDX-License-Identifier: Apache-2.0
#include "app/calibration_suite.h"

#include <map>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "app/plan.h"
#include "core/calibration.h"
#include "core/laws.h"
#include "core/nuisances.h"
#include "tests/app/tiny_run.h"

namespace plumb {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

int ScenesIn(const Suite& suite) {
  int count = 0;
  for (const SceneSet& set : suite.scenes) count += static_cast<int>(set.seeds.size());
  return count;
}

TEST(CalibrationSuiteTest, HoldsTwentyScenesAndMoreOfEveryKindOfCamera) {
  const Suite suite = CalibrationSuite("geometry", {});
  EXPECT_GE(ScenesIn(suite), 20);
  EXPECT_EQ(suite.families, std::vector<std::string>{"geometry"});
  std::set<std::string> scenarios;
  for (const SceneSet& set : suite.scenes) scenarios.insert(set.scenario);
  for (const char* scenario : {"orbit_room",
                               "dolly_room",
                               "loop_room",
                               "handheld_room",
                               "dynamic_room",
                               "yaw_room",
                               "static_room",
                               "planar_wall",
                               "look_away",
                               "low_texture_room"}) {
    EXPECT_THAT(scenarios, Contains(scenario));
  }
}

TEST(CalibrationSuiteTest, BendsWorldsByAllDosesOfTheTableOfLaws) {
  const Suite suite = CalibrationSuite("geometry", {});
  std::set<std::string> bent;
  for (const Law& law : AllLaws()) {
    const std::string model = fmt::format("sabotage:{}=", law.id);
    if (RoleOf(model) != ModelRole::kBends) continue;
    bent.insert(std::string(law.id));
    for (const double dose : law.doses) {
      EXPECT_THAT(suite.models, Contains(fmt::format("{}{}", model, dose)));
    }
  }
  EXPECT_EQ(bent.size(), 5u);
}

TEST(CalibrationSuiteTest, NuisancesAreGradedAndHoldTheirDefault) {
  const Suite suite = CalibrationSuite("geometry", {});
  std::map<std::string, int> amounts;
  for (const std::string& model : suite.models) {
    if (!model.starts_with("nuisance:")) continue;
    ++amounts[ParseNuisance(model.substr(9)).id];
  }
  for (const char* id : {"reencode", "blur", "noise", "resize", "brightness", "grain"}) {
    EXPECT_GE(amounts[id], 3) << id;
    EXPECT_THAT(suite.models,
                Contains(fmt::format("nuisance:{}={}", id, FindNuisance(id).default_amount)));
  }
  EXPECT_EQ(amounts["reencode"], 5);
  EXPECT_EQ(suite.models.front(), "oracle");
}

TEST(CalibrationSuiteTest, FewerScenesAreTakenRoundByRound) {
  const Suite all = CalibrationSuite("geometry", {});
  const Suite some = CalibrationSuite("geometry", {.scenes = 13});
  EXPECT_EQ(ScenesIn(some), 13);
  // Eleven scenarios: all first seeds and the first two second ones.
  ASSERT_EQ(some.scenes.size(), all.scenes.size());
  for (size_t i = 0; i < some.scenes.size(); ++i) {
    EXPECT_EQ(some.scenes[i].scenario, all.scenes[i].scenario);
    EXPECT_EQ(some.scenes[i].seeds.size(), i < 2 ? 2u : 1u);
  }
  EXPECT_EQ(ScenesIn(CalibrationSuite("geometry", {.scenes = 2})), 2);
  EXPECT_EQ(ScenesIn(CalibrationSuite("geometry", {.scenes = 1000})), ScenesIn(all));
}

TEST(CalibrationSuiteTest, SizeAndLengthAreThoseAskedFor) {
  const Suite suite = CalibrationSuite("geometry", {.size = 96, .frames = 20});
  EXPECT_EQ(suite.protocol.width, 96);
  EXPECT_EQ(suite.protocol.height, 96);
  EXPECT_EQ(suite.protocol.frames, 20);
  EXPECT_NE(SuiteDigest(suite), SuiteDigest(CalibrationSuite("geometry", {})));
}

TEST(CalibrationSuiteTest, RefusesWhatMakesNoSense) {
  EXPECT_THAT(ErrorTextOf([] { CalibrationSuite("geometry", {.size = 8}); }),
              HasSubstr("--size 8"));
  EXPECT_THAT(ErrorTextOf([] { CalibrationSuite("geometry", {.frames = 2}); }),
              HasSubstr("--frames 2"));
  EXPECT_THAT(ErrorTextOf([] { CalibrationSuite("geometry", {.scenes = -1}); }),
              HasSubstr("--scenes -1"));
  EXPECT_THAT(ErrorTextOf([] { CalibrationSuite("likelihood", {}); }), HasSubstr("likelihood"));
}

}  // namespace
}  // namespace plumb
