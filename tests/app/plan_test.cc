// SPDX-License-Identifier: Apache-2.0
#include "app/plan.h"

#include <set>

#include <gmock/gmock.h>

#include "app/suite_file.h"
#include "core/errors.h"
#include "tests/app/tiny_run.h"
#include "tests/paths.h"

namespace plumb {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;

PlanOptions Models(std::vector<std::string> models) {
  PlanOptions options;
  options.models = std::move(models);
  return options;
}

TEST(PlanTest, TheBuiltInSuiteIsTheFile) {
  const Suite built_in = LoadSuite("quick");
  const Suite file = LoadSuite(SourceFolder() / "scenes/suites/quick.yaml");
  EXPECT_EQ(ToJson(built_in).dump(), ToJson(file).dump());
}

TEST(PlanTest, HeldOutSuitesShowTheSameHundredScenesWithOneFrameAndWithFive) {
  Suite image = LoadSuite(SourceFolder() / "scenes/suites/heldout_image.yaml");
  const Suite prefix = LoadSuite(SourceFolder() / "scenes/suites/heldout_prefix.yaml");
  EXPECT_EQ(ScenesOf(image).size(), 100u);
  EXPECT_EQ(image.protocol.conditioning_frames, 1);
  EXPECT_EQ(prefix.protocol.conditioning_frames, 5);
  image.protocol.conditioning_frames = prefix.protocol.conditioning_frames;
  image.name = prefix.name;
  EXPECT_EQ(ToJson(image).dump(), ToJson(prefix).dump());
}

TEST(PlanTest, EveryPairIsPlannedOrLeftOutWithAReason) {
  const Suite suite = LoadSuite("quick");
  const Plan plan = MakePlan(suite, {});
  EXPECT_EQ(plan.cells.size() + plan.left_out.size(),
            plan.models.size() * ScenesOf(suite).size() * suite.protocol.samples_per_scene);
  for (const LeftOut& entry : plan.left_out) EXPECT_THAT(entry.reason, HasSubstr("cannot show"));
  std::set<std::string> keys;
  for (const PlannedCell& cell : plan.cells) keys.insert(cell.cell_key);
  EXPECT_EQ(keys.size(), plan.cells.size());
}

TEST(PlanTest, KeysFollowContent) {
  Suite suite = LoadSuite("quick");
  const Plan plan = MakePlan(suite, Models({"oracle"}));
  EXPECT_EQ(MakePlan(suite, Models({"frozen", "oracle"})).cells.back().cell_key,
            plan.cells.back().cell_key);
  suite.protocol.frames = 24;
  EXPECT_NE(MakePlan(suite, Models({"oracle"})).cells.back().cell_key, plan.cells.back().cell_key);
  Suite fewer = LoadSuite("quick");
  fewer.families = {"geometry"};
  const Plan geometry = MakePlan(fewer, Models({"oracle"}));
  // Other scores, the same sample: it is scored again without being made again.
  EXPECT_EQ(geometry.cells[0].sample_key, plan.cells[0].sample_key);
  EXPECT_NE(geometry.cells[0].cell_key, plan.cells[0].cell_key);
}

TEST(PlanTest, FilterAndLimit) {
  const Suite suite = LoadSuite("quick");
  PlanOptions options = Models({"oracle", "frozen"});
  options.filter = "^bounce-1/.* frozen$";
  const Plan plan = MakePlan(suite, options);
  ASSERT_EQ(plan.cells.size(), 1u);
  EXPECT_EQ(plan.cells[0].key.model, "frozen");
  options.filter.clear();
  options.limit = 2;
  EXPECT_EQ(MakePlan(suite, options).cells.size(), 4u);
  options.filter = "nothing";
  EXPECT_THROW(MakePlan(suite, options), UsageError);
  options.filter = "(";
  EXPECT_THROW(MakePlan(suite, options), UsageError);
  EXPECT_THROW(MakePlan(suite, Models({"sabotage:gravity=0.5", "oracel"})), UsageError);
}

TEST(PlanTest, TheFilterTakesPairsThatAreLeftOutAsWell) {
  Suite suite = LoadSuite("quick");
  suite.protocol.samples_per_scene = 2;
  PlanOptions options = Models({"oracle", "sabotage:gravity=0.5"});
  const Plan all = MakePlan(suite, options);
  ASSERT_GT(all.left_out.size(), 1u);
  const std::string scene = all.left_out[0].scene;
  options.filter = "^" + scene + "/1 ";
  Plan plan = MakePlan(suite, options);
  ASSERT_EQ(plan.left_out.size(), 1u);
  EXPECT_EQ(plan.left_out[0].scene, scene);
  EXPECT_EQ(plan.cells.size(), 1u);
  options.filter = "oracle$";
  EXPECT_TRUE(MakePlan(suite, options).left_out.empty());
  options.filter = "^" + scene + "/.*gravity";
  EXPECT_THAT(ErrorTextOf([&] { MakePlan(suite, options); }), HasSubstr("laws cannot show"));
}

TEST(PlanTest, JsonComesBack) {
  const Plan plan = MakePlan(LoadSuite("quick"), {});
  EXPECT_EQ(ToJson(PlanFromJson(ToJson(plan), "p")).dump(), ToJson(plan).dump());
  Json json = ToJson(plan);
  json.erase("cells");
  EXPECT_THROW(PlanFromJson(json, "p"), InputError);
  json = ToJson(plan);
  json["schema"] = 2;
  EXPECT_THROW(PlanFromJson(json, "p"), InputError);
}

TEST(PlanTest, AmendingAddsModelsAndKeepsOrder) {
  const Suite suite = LoadSuite("quick");
  const Plan both =
      Amended(MakePlan(suite, Models({"oracle"})), MakePlan(suite, Models({"frozen"})));
  EXPECT_EQ(both.models, (std::vector<std::string>{"oracle", "frozen"}));
  EXPECT_EQ(both.cells.size(), 24u);
  EXPECT_EQ(both.cells.front().key.model, "oracle");
  EXPECT_EQ(both.cells.back().key.model, "frozen");
  const Plan again = Amended(both, MakePlan(suite, Models({"oracle"})));
  EXPECT_EQ(again.cells.size(), 24u);
  Suite other = suite;
  other.seed = 9;
  EXPECT_THROW(Amended(both, MakePlan(other, Models({"oracle"}))), UsageError);
}

TEST(PlanTest, WhatIsNotInTheStoreIsMissing) {
  const TestFolder folder;
  const Plan plan = MakePlan(LoadSuite("quick"), Models({"oracle"}));
  const Results results = ResultsOf(plan, Store::OpenForReading(folder / "none"));
  ASSERT_EQ(results.cells.size(), 12u);
  for (const Cell& cell : results.cells) {
    EXPECT_EQ(cell.status, CellStatus::kMissing);
    EXPECT_FALSE(cell.caption.empty());
  }
}

TEST(PlanTest, SuiteErrorsNameFileLineAndNearestName) {
  const TestFolder folder;
  const auto error_of = [&](const std::string& text) -> std::string {
    WriteText(folder / "s.yaml", text);
    try {
      LoadSuite((folder / "s.yaml").string());
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  const std::string head = "schema: 1\nname: s\n";
  EXPECT_THAT(error_of(head + "scenes:\n  - {scenario: dorp, seeds: [1]}\n"),
              ::testing::AllOf(HasSubstr("s.yaml:4"), HasSubstr("did you mean 'drop'")));
  EXPECT_THAT(error_of(head + "familes: []\nscenes:\n  - {scenario: drop, seeds: [1]}\n"),
              ::testing::AllOf(HasSubstr("s.yaml:3"), HasSubstr("families")));
  EXPECT_THAT(error_of(head + "scenes:\n  - {scenario: drop, seeds: [1]}\nmodels: [orcale]\n"),
              ::testing::AllOf(HasSubstr("s.yaml:5"), HasSubstr("did you mean 'oracle'")));
  EXPECT_THAT(error_of(head + "scenes:\n  - {scenario: drop, seeds: [1]}\nfamilies: [geometri]\n"),
              HasSubstr("did you mean 'geometry'"));
  EXPECT_THROW(LoadSuite("nowhere.yaml"), UsageError);
}

TEST(PlanTest, TextShowsMatrixAndReasons) {
  const std::string text = PlanText(MakePlan(LoadSuite("quick"), {}));
  EXPECT_THAT(text, HasSubstr("orbit_room"));
  EXPECT_THAT(text, HasSubstr("sabotage:gravity=0.5 cannot show in"));
  EXPECT_THAT(text, HasSubstr("cells"));
}

}  // namespace
}  // namespace plumb
