// SPDX-License-Identifier: Apache-2.0
// What a cell's keys depend on, and what not: the reason why the same command does nothing twice.
#include <functional>
#include <map>
#include <set>

#include <gmock/gmock.h>

#include "core/errors.h"
#include "tests/app/tiny_run.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;

// The keys of a plan's cells by name.
std::map<CellKey, PlannedCell> CellsOf(const Suite& suite,
                                       const std::vector<std::string>& models = {"oracle"}) {
  PlanOptions options;
  options.models = models;
  std::map<CellKey, PlannedCell> cells;
  for (const PlannedCell& cell : MakePlan(suite, options).cells) cells[cell.key] = cell;
  return cells;
}

const CellKey kDrop = {"oracle", "drop-1", 0};

TEST(PlanDigestTest, TheSamePlanTwiceHasTheSameKeys) {
  const Plan one = TinyPlan();
  const Plan two = TinyPlan();
  ASSERT_EQ(one.cells.size(), two.cells.size());
  for (size_t i = 0; i < one.cells.size(); ++i) {
    EXPECT_EQ(one.cells[i].cell_key, two.cells[i].cell_key);
    EXPECT_EQ(one.cells[i].sample_key, two.cells[i].sample_key);
    EXPECT_EQ(one.cells[i].truth, two.cells[i].truth);
  }
}

TEST(PlanDigestTest, WhatDecidesATruthChangesAllThreeKeys) {
  const PlannedCell cell = CellsOf(TinySuite()).at(kDrop);
  const std::vector<std::function<void(Suite&)>> changes = {
      [](Suite& suite) { suite.seed = 4; },
      [](Suite& suite) { suite.protocol.width = 64; },
      [](Suite& suite) { suite.protocol.height = 64; },
      [](Suite& suite) { suite.protocol.frames = 9; },
      [](Suite& suite) { suite.protocol.fps = 12.0; }};
  for (size_t i = 0; i < changes.size(); ++i) {
    Suite suite = TinySuite();
    changes[i](suite);
    const PlannedCell other = CellsOf(suite).at(kDrop);
    EXPECT_NE(other.truth, cell.truth) << i;
    EXPECT_NE(other.sample_key, cell.sample_key) << i;
    EXPECT_NE(other.cell_key, cell.cell_key) << i;
  }
}

TEST(PlanDigestTest, KnownFramesChangeTheSampleAndNotTheTruth) {
  Suite suite = TinySuite();
  suite.protocol.conditioning_frames = 2;
  const PlannedCell cell = CellsOf(TinySuite()).at(kDrop);
  const PlannedCell other = CellsOf(suite).at(kDrop);
  EXPECT_EQ(other.truth, cell.truth);
  EXPECT_NE(other.sample_key, cell.sample_key);
}

TEST(PlanDigestTest, WhatDecidesNothingChangesNothing) {
  const auto cells = CellsOf(TinySuite());
  const std::vector<std::function<void(Suite&)>> changes = {
      [](Suite& suite) { suite.name = "other"; },
      [](Suite& suite) { suite.version = 9; },
      [](Suite& suite) { suite.models = {"noise"}; },
      [](Suite& suite) {
        suite.scenes.insert(suite.scenes.begin(), {"bounce", {7}});
      },
      [](Suite& suite) { suite.protocol.samples_per_scene = 3; }};
  for (size_t i = 0; i < changes.size(); ++i) {
    Suite suite = TinySuite();
    changes[i](suite);
    const auto others = CellsOf(suite, {"frozen", "oracle"});
    for (const auto& [key, cell] : cells) {
      EXPECT_EQ(others.at(key).cell_key, cell.cell_key) << i << " " << ToString(key);
    }
  }
}

TEST(PlanDigestTest, SamplesOfOneSceneDiffer) {
  Suite suite = TinySuite();
  suite.protocol.samples_per_scene = 3;
  std::set<std::string> samples, truths;
  for (const auto& [key, cell] : CellsOf(suite)) {
    samples.insert(cell.sample_key);
    truths.insert(cell.truth);
  }
  EXPECT_EQ(samples.size(), 6u);
  EXPECT_EQ(truths.size(), 2u);
}

TEST(PlanDigestTest, AmountsAreKeysAndSpellingsAreNot) {
  const auto key_of = [](const std::string& model) {
    return CellsOf(TinySuite(), {model}).begin()->second.sample_key;
  };
  EXPECT_EQ(key_of("sabotage:gravity"), key_of("sabotage:gravity=0.5"));
  EXPECT_EQ(key_of("sabotage:gravity=0.50"), key_of("sabotage:gravity=0.5"));
  EXPECT_NE(key_of("sabotage:gravity=0.5"), key_of("sabotage:gravity=0.25"));
  EXPECT_NE(key_of("sabotage:gravity=0.5"), key_of("sabotage:gravity=0.5,onset=6"));
  EXPECT_NE(key_of("command:a b"), key_of("command:a c"));
}

TEST(PlanDigestTest, RefreshingKeepsTodaysKeysAndRenewsOlderOnes) {
  const Plan plan = TinyPlan();
  const Plan same = Refreshed(plan);
  ASSERT_EQ(same.cells.size(), plan.cells.size());
  for (size_t i = 0; i < plan.cells.size(); ++i) {
    EXPECT_EQ(same.cells[i].cell_key, plan.cells[i].cell_key);
  }
  // A plan of a time when a metric had another version and a model other weights.
  Plan old = plan;
  old.scores.front().version += 1;
  for (PlannedCell& cell : old.cells) cell.cell_key = cell.sample_key = "old";
  const Plan renewed = Refreshed(old);
  EXPECT_EQ(renewed.scores.front().version, plan.scores.front().version);
  for (size_t i = 0; i < plan.cells.size(); ++i) {
    EXPECT_EQ(renewed.cells[i].cell_key, plan.cells[i].cell_key);
    EXPECT_EQ(renewed.cells[i].sample_key, plan.cells[i].sample_key);
  }
}

TEST(PlanDigestTest, TheSuitesDigestFollowsWhatIsShownAndMeasured) {
  const std::string digest = SuiteDigest(TinySuite());
  const auto digest_with = [](const std::function<void(Suite&)>& change) {
    Suite suite = TinySuite();
    change(suite);
    return SuiteDigest(suite);
  };
  EXPECT_EQ(digest_with([](Suite& suite) { suite.models = {}; }), digest);
  EXPECT_NE(digest_with([](Suite& suite) { suite.name = "other"; }), digest);
  EXPECT_NE(digest_with([](Suite& suite) { suite.version = 2; }), digest);
  EXPECT_NE(digest_with([](Suite& suite) { suite.seed = 4; }), digest);
  EXPECT_NE(digest_with([](Suite& suite) { suite.families = {}; }), digest);
  EXPECT_NE(digest_with([](Suite& suite) { suite.scenes[0].seeds = {2}; }), digest);
}

TEST(PlanDigestTest, AFolderModelFollowsItsVideosCellByCell) {
  const TestFolder folder;
  const std::string spec = "folder:" + folder.path().string();
  const CellKey drop = {spec, "drop-1", 0};
  const CellKey room = {spec, "orbit_room-1", 0};
  WriteText(folder / "drop-1_0.mp4", "a");
  WriteText(folder / "orbit_room-1_0.mp4", "b");
  const auto before = CellsOf(TinySuite(), {spec});
  WriteText(folder / "drop-1_0.mp4", "c");
  const auto after = CellsOf(TinySuite(), {spec});
  EXPECT_NE(after.at(drop).sample_key, before.at(drop).sample_key);
  EXPECT_EQ(after.at(room).sample_key, before.at(room).sample_key);
}

TEST(PlanDigestTest, PlansSayWhetherSamplesAreKept) {
  PlanOptions options;
  EXPECT_TRUE(PlanFromJson(ToJson(MakePlan(TinySuite(), options)), "here").keep_samples);
  options.keep_samples = false;
  Json json = ToJson(MakePlan(TinySuite(), options));
  EXPECT_FALSE(PlanFromJson(json, "here").keep_samples);
  // Earlier plans kept all.
  json.erase("keep_samples");
  EXPECT_TRUE(PlanFromJson(json, "here").keep_samples);
}

TEST(PlanDigestTest, PlansThatAreNoneAreRefusedWithTheirPlace) {
  const Json good = ToJson(TinyPlan());
  const auto refusal = [&](const std::function<void(Json&)>& change) {
    Json json = good;
    change(json);
    return ErrorTextOf([&] { PlanFromJson(json, "runs/a/plan.json"); });
  };
  EXPECT_EQ(refusal([](Json&) {}), "no error");
  for (const char* key : {"schema",
                          "name",
                          "suite",
                          "suite_digest",
                          "models",
                          "started",
                          "versions",
                          "machine",
                          "scores",
                          "cells",
                          "left_out"}) {
    EXPECT_THAT(refusal([&](Json& json) { json.erase(key); }), HasSubstr("runs/a/plan.json"))
        << key;
  }
  for (const auto& [key, value] : good["cells"][0].items()) {
    EXPECT_THAT(refusal([&](Json& json) { json["cells"][0].erase(key); }), HasSubstr(key)) << value;
  }
  EXPECT_THAT(refusal([](Json& json) { json["scores"][0]["better"] = "up"; }),
              HasSubstr("expected higher, lower or null"));
  EXPECT_THAT(refusal([](Json& json) { json["cells"][0]["seed"] = "x"; }),
              HasSubstr("runs/a/plan.json"));
}

}  // namespace
}  // namespace plumb
