// SPDX-License-Identifier: Apache-2.0
#include "core/results.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "tests/core/message_of.h"

namespace plumb {
namespace {

ScoreInfo Consistency() {
  return {.id = "geometry.consistency",
          .unit = "share",
          .better = Direction::kHigher,
          .headline = true,
          .summary = "one rigid world"};
}

Cell CellOf(const std::string& scene, CellStatus status, std::vector<Score> scores) {
  Cell cell;
  cell.key = {"oracle", scene, 0};
  cell.scenario = "orbit_room";
  cell.status = status;
  cell.scores = std::move(scores);
  if (status != CellStatus::kDone) cell.reason = "worker ended";
  return cell;
}

Results Example() {
  Results results;
  results.name = "a";
  results.suite = "quick v1";
  results.models = {"oracle"};
  results.scores = {Consistency()};
  results.cells = {
      CellOf("s-1", CellStatus::kDone, {Score::Measured(Consistency(), 0.9, 0.8, 1.0)}),
      CellOf("s-2", CellStatus::kDone, {Score::Measured(Consistency(), 0.7, 0.6, 0.8)}),
      CellOf("s-3",
             CellStatus::kDone,
             {Score::NotMeasurable(Consistency(), {ReasonCode::kNoParallax, "turned only"})}),
      CellOf("s-4",
             CellStatus::kDone,
             {Score::NotTested(Consistency(), {ReasonCode::kNoEvent, "nothing happened"})}),
      CellOf("s-5", CellStatus::kFailed, {})};
  results.left_out = {{"sabotage:gravity=0.5", "orbit_room-1", "gravity cannot show"}};
  return results;
}

TEST(ResultsTest, ComesBackFromItsOwnJson) {
  const Json json = ToJson(Example());
  EXPECT_EQ(ToJson(ResultsFromJson(json, "r.json")), json);
}

TEST(ResultsTest, ForeignSchemasAndBrokenCellsAreRefused) {
  Json json = ToJson(Example());
  json["schema"] = 2;
  EXPECT_THROW(ResultsFromJson(json, "r.json"), InputError);
  json = ToJson(Example());
  json["cells"][0]["status"] = "perfect";
  EXPECT_THROW(ResultsFromJson(json, "r.json"), InputError);
  json["cells"][0].erase("sample");
  EXPECT_THROW(ResultsFromJson(json, "r.json"), InputError);
}

TEST(ResultsTest, SummaryCountsEverythingOnce) {
  const std::vector<ModelScore> summaries = Summarise(Example());
  ASSERT_EQ(summaries.size(), 1u);
  const ModelScore& s = summaries[0];
  EXPECT_EQ(s.planned, 4);  // the not-tested cell does not count
  EXPECT_EQ(s.measured, 2);
  EXPECT_EQ(s.not_tested, 1);
  EXPECT_EQ(s.reasons.at("no_parallax"), 1);
  EXPECT_EQ(s.reasons.at("cell failed"), 1);
  EXPECT_DOUBLE_EQ(*s.mean, 0.8);
  EXPECT_LE(s.low, 0.8);
  EXPECT_GE(s.high, 0.8);
  EXPECT_DOUBLE_EQ(*s.worst_bound, 1.6 / 4);  // unmeasured as 0
  EXPECT_DOUBLE_EQ(*s.best_bound, 3.6 / 4);   // unmeasured as 1
}

TEST(ResultsTest, NothingMeasuredHasNoMean) {
  Results results = Example();
  results.cells.erase(results.cells.begin(), results.cells.begin() + 2);
  const ModelScore s = Summarise(results)[0];
  EXPECT_FALSE(s.mean.has_value());
  EXPECT_DOUBLE_EQ(*s.worst_bound, 0.0);
  EXPECT_DOUBLE_EQ(*s.best_bound, 1.0);
}

// Any value of any key that is taken away from a stored run is missed.
TEST(ResultsTest, EveryMissingKeyIsRefused) {
  const Json whole = ToJson(Example());
  for (const auto& [key, value] : whole.items()) {
    Json json = whole;
    json.erase(key);
    EXPECT_THROW(ResultsFromJson(json, "r.json"), InputError) << key;
  }
  for (const auto& [key, value] : whole["cells"][0].items()) {
    Json json = whole;
    json["cells"][0].erase(key);
    EXPECT_THROW(ResultsFromJson(json, "r.json"), InputError) << key;
  }
  for (const auto& [key, value] : whole["scores"][0].items()) {
    Json json = whole;
    json["scores"][0].erase(key);
    EXPECT_THROW(ResultsFromJson(json, "r.json"), InputError) << key;
  }
}

TEST(ResultsTest, ABrokenScoreIsNamedWithItsCell) {
  Json json = ToJson(Example());
  json["cells"][1]["scores"]["geometry.consistency"]["value"] = nullptr;
  EXPECT_THAT(MessageOf<InputError>([&] { ResultsFromJson(json, "results.json"); }),
              testing::HasSubstr("results.json: s-2/0 oracle: geometry.consistency"));
}

TEST(ResultsTest, NoJsonAtAllIsRefused) {
  for (const Json& json : {Json(), Json::array(), Json("text"), Json(3)}) {
    EXPECT_THAT(MessageOf<InputError>([&] { ResultsFromJson(json, "r.json"); }),
                testing::StartsWith("r.json: no valid results"));
  }
}

TEST(ResultsTest, SeedsAndTimesKeepAllTheirDigits) {
  Results results = Example();
  results.cells[0].key.seed = 18446744073709551615ULL;
  results.cells[0].stage_seconds = {{"decode", 0.1}, {"score", 1.0 / 3.0}};
  const Results back = ResultsFromJson(Json::parse(DumpJson(ToJson(results))), "r.json");
  EXPECT_EQ(back.cells[0].key.seed, 18446744073709551615ULL);
  EXPECT_EQ(back.cells[0].stage_seconds, results.cells[0].stage_seconds);
}

TEST(ResultsTest, OddNamesComeBack) {
  Results results = Example();
  results.name = "a \"name\" with / and \\ and \n and 世界";
  results.cells[0].sample.source = "clips/ä b.mp4";
  results.cells[0].sample.notes = {"", "trimmed"};
  const Results back = ResultsFromJson(Json::parse(DumpJson(ToJson(results))), "r.json");
  EXPECT_EQ(back.name, results.name);
  EXPECT_EQ(back.cells[0].sample.source, results.cells[0].sample.source);
  EXPECT_EQ(back.cells[0].sample.notes, results.cells[0].sample.notes);
}

TEST(ResultsTest, CellsAreOrderedByModelSceneAndSeed) {
  const CellKey a{"m", "drop-1", 0}, b{"m", "drop-1", 1}, c{"m", "drop-2", 0}, d{"n", "a", 0};
  EXPECT_LT(a, b);
  EXPECT_LT(b, c);
  EXPECT_LT(c, d);
  EXPECT_EQ(ToString(b), "drop-1/1 m");
}

TEST(ResultsTest, StatusNamesArePinned) {
  EXPECT_EQ(CellStatusName(CellStatus::kMissing), "missing");
  EXPECT_EQ(CellStatusName(CellStatus::kDone), "done");
  EXPECT_EQ(CellStatusName(CellStatus::kFailed), "failed");
}

}  // namespace
}  // namespace plumb
