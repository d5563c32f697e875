// SPDX-License-Identifier: Apache-2.0
#include "reports/page_data.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/check.h"
#include "reports/text.h"
#include "tests/reports/sample_results.h"

namespace plumb {
namespace {

const Cell& FindCell(const Results& results, const std::string& model, const std::string& scene) {
  for (const Cell& cell : results.cells) {
    if (cell.key.model == model && cell.key.scene == scene) return cell;
  }
  throw std::runtime_error("no such cell");
}

TEST(PageDataTest, SummaryHasOneEntryPerModelAndScore) {
  const Json data = PageData(SampleReport(SampleResults(), {}));
  ASSERT_EQ(data["summary"].size(), data["models"].size());
  for (const Json& row : data["summary"]) EXPECT_EQ(row.size(), data["scores"].size());
  const Json& frozen = data["summary"][1][0];
  EXPECT_TRUE(frozen["mean"].is_null());
  EXPECT_TRUE(frozen["low"].is_null());
  EXPECT_EQ(frozen["planned"], 12);
  EXPECT_EQ(frozen["reasons"]["no_camera_motion"], 12);
}

TEST(PageDataTest, AScoreHasAValueOrAReasonNeverBoth) {
  const Json data = PageData(SampleReport(SampleResults(), {}));
  int values = 0, reasons = 0;
  for (const Json& cell : data["cells"]) {
    ASSERT_EQ(cell["scores"].size(), data["scores"].size());
    for (const Json& score : cell["scores"]) {
      if (score.is_null()) {
        EXPECT_NE(cell["status"], "done");
        continue;
      }
      EXPECT_NE(score.contains("value"), score.contains("code"));
      values += score.contains("value");
      reasons += score.contains("code");
    }
  }
  EXPECT_GT(values, 300);
  EXPECT_GT(reasons, 40);
}

TEST(PageDataTest, SeedsKeepAllTheirDigits) {
  Results results = SampleResults();
  results.cells[0].key.seed = 18446744073709551615u;
  EXPECT_EQ(PageData(SampleReport(results, {}))["cells"][0]["seed"], "18446744073709551615");
}

TEST(PageDataTest, CellsPointToSharedVideos) {
  const Json data = PageData(SampleReport(SampleResults(), {{"half", "h"}, {"truth", "t"}}));
  ASSERT_EQ(data["videos"].size(), 2u);
  for (const Json& cell : data["cells"]) {
    EXPECT_EQ(cell["videos"]["truth"], 1);
    if (cell["model"] == "sabotage:gravity=0.5") {
      EXPECT_EQ(cell["videos"]["sample"], 0);
    } else if (cell["model"] == "frozen") {
      EXPECT_TRUE(cell["videos"]["sample"].is_null());
    }
  }
}

// The page reads what every other reader of a comparison reads, to six digits.
TEST(PageDataTest, TheComparisonIsCoresOwn) {
  ReportInput input = SampleReport(SampleResults(), {});
  ASSERT_TRUE(input.comparison);
  input.comparison->metrics[0].pairs = 0;
  const Json page = PageData(input)["comparison"];
  const Json core = ToJson(*input.comparison);
  ASSERT_EQ(page["metrics"].size(), core["metrics"].size());
  EXPECT_TRUE(page["metrics"][0]["difference"].is_null());
  const Json page_values = page.flatten();
  const Json core_values = core.flatten();
  for (const auto& [pointer, value] : core_values.items()) {
    if (value.is_number_float()) {
      const double exact = value.get<double>();
      EXPECT_NEAR(page_values.at(pointer).get<double>(), exact, 1e-5 * std::abs(exact)) << pointer;
    } else {
      EXPECT_EQ(page_values.at(pointer), value) << pointer;
    }
  }
}

TEST(PageDataTest, ColumnsAreTheRunsOwn) {
  const Results results = SampleResults();
  const Json data = PageData(SampleReport(results, {}));
  for (size_t i = 0; i < results.scores.size(); ++i) {
    EXPECT_EQ(data["scores"][i], ToJson(results.scores[i]));
  }
}

TEST(PageDataTest, RoundedKeepsSixDigits) {
  EXPECT_EQ(Rounded(0.0), 0);
  EXPECT_EQ(Rounded(-0.0).dump(), "0");
  EXPECT_EQ(Rounded(1.0 / 3.0), 0.333333);
  EXPECT_EQ(Rounded(-1234567.8), -1234570.0);
  EXPECT_EQ(Rounded(5e-324), 5e-324);
  EXPECT_EQ(Rounded(1.7976931348623157e308), 1.79769e308);
  EXPECT_THROW(Rounded(std::nan("")), CheckFailure);
}

TEST(PageDataTest, EvidenceIsKeptByScore) {
  const Results results = SampleResults();
  const Json evidence = CellEvidence(results, FindCell(results, "sabotage:gravity=0.5", "drop-1"));
  ASSERT_TRUE(evidence.contains("0"));  // geometry.consistency
  ASSERT_TRUE(evidence.contains("3"));  // permanence.persistence
  ASSERT_TRUE(evidence.contains("5"));  // dynamics.lawfulness
  EXPECT_EQ(evidence["5"]["frames"][0], 17);
  EXPECT_EQ(evidence["5"]["per_frame"]["values"].size(), 48u);
  EXPECT_EQ(evidence["5"]["trajectories"][0]["truth"].size(), 48u);
  EXPECT_EQ(evidence["5"]["facts"]["recovered_gravity_mps2"], 4.9);
  EXPECT_EQ(evidence["3"]["boxes"].size(), 48u);
}

TEST(PageDataTest, CoordinatesHaveTenths) {
  const Results results = SampleResults();
  const Json evidence = CellEvidence(results, FindCell(results, "oracle", "drop-1"));
  for (const Json& point : evidence["5"]["trajectories"][0]["truth"]) {
    const double tenths = point[1].get<double>() * 10.0;
    EXPECT_NEAR(tenths, std::round(tenths), 1e-9);
  }
}

TEST(PageDataTest, ManyTracksAreThinnedBrokenOnesFirst) {
  Results results = SampleResults();
  const ScoreInfo info = results.scores[0];
  Evidence evidence;
  Json tracks = Json::array();
  for (int i = 0; i < 1000; ++i) {
    tracks.push_back({{"ok", i % 20 != 0}, {"points", {{0, 1.0 * i, 2.0}}}});
  }
  evidence.details["tracks"] = tracks;
  Cell cell = results.cells[0];
  cell.scores = {Score::Measured(info, 0.5, 0.4, 0.6, evidence)};
  const Json kept = CellEvidence(results, cell)["0"]["tracks"];
  ASSERT_EQ(kept.size(), kMaxTracks);
  int broken = 0;
  for (const Json& track : kept) broken += !track["ok"].get<bool>();
  EXPECT_EQ(broken, 50);
  EXPECT_GT(kept.back()["points"][0][1].get<double>(), 900.0);
}

TEST(PageDataTest, OddEvidenceIsSurvived) {
  const Results results = SampleResults();
  Evidence evidence;
  evidence.details = {{"tracks", "no list"},
                      {"per_frame", 3},
                      {"boxes", nullptr},
                      {"note", "text"},
                      {"worlds", "no list"}};
  Cell cell = results.cells[0];
  cell.scores = {Score::Measured(results.scores[0], 0.5, 0.4, 0.6, evidence)};
  const Json one = CellEvidence(results, cell)["0"];
  EXPECT_EQ(one["tracks"].size(), 0u);
  EXPECT_TRUE(one["per_frame"].is_null());
  EXPECT_EQ(one["facts"]["note"], "text");
}

TEST(PageDataTest, WhatIsNotDrawnIsTold) {
  const Results results = SampleResults();
  Evidence evidence;
  Json rows = Json::array();
  for (int i = 0; i < 40; ++i) rows.push_back({{"frame", i}, {"at", {{"x", 0.5}}}});
  evidence.details["motion"] = {{"class", "rotation"}, {"angle_deg", 12.3456789}};
  evidence.details["ends"] = Json::array({1.5, 2});
  evidence.details["rebounds"] = rows;
  evidence.details["deep"] = Json::array({Json::array({1, 2})});
  Cell cell = results.cells[0];
  cell.scores = {Score::Measured(results.scores[0], 0.5, 0.4, 0.6, evidence)};
  const Json one = CellEvidence(results, cell)["0"];
  EXPECT_EQ(one["facts"]["motion.class"], "rotation");
  EXPECT_EQ(one["facts"]["motion.angle_deg"], 12.3457);
  EXPECT_EQ(one["facts"]["ends"], "1.500, 2");
  EXPECT_FALSE(one["facts"].contains("deep"));
  EXPECT_EQ(one["tables"]["rebounds"].size(), kMaxFacts);
  EXPECT_EQ(one["tables"]["rebounds"][3]["at.x"], 0.5);
}

TEST(PageDataTest, CleanedReachesKeysAndDepth) {
  const Json cleaned = Cleaned({{"a\x1b", {"b\x01", {{"\u202Ec", "d\xFF"}}}}, {"n", 1.5}});
  EXPECT_EQ(cleaned.dump(), "{\"a\uFFFD\":[\"b\uFFFD\",{\"\uFFFDc\":\"d\uFFFD\"}],\"n\":1.5}");
  EXPECT_NO_THROW(PageData(SampleReport(HostileResults(), {})).dump());
}

}  // namespace
}  // namespace plumb
