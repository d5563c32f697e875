// SPDX-License-Identifier: Apache-2.0
#include "core/comparison.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plumb {
namespace {

MetricComparison Reprojection() {
  MetricComparison metric;
  metric.info = {.id = "geometry.reprojection_px", .unit = "px", .better = Direction::kLower};
  metric.verdict = Verdict::kImproved;
  metric.why = "the interval lies below 0";
  metric.pairs = 12;
  metric.scenes = 6;
  metric.only_base = 1;
  metric.only_head = 2;
  metric.base_mean = 0.75;
  metric.head_mean = 0.5;
  metric.difference = -0.25;
  metric.low = -0.375;
  metric.high = -0.125;
  return metric;
}

TEST(ComparisonTest, VerdictsHaveDistinctNames) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Verdict::kNotJudged); ++i) {
    names.insert(VerdictName(static_cast<Verdict>(i)));
  }
  EXPECT_EQ(names.size(), 6u);
  EXPECT_EQ(VerdictName(Verdict::kNoChange), "no change");
}

TEST(ComparisonTest, JsonHoldsEveryNumber) {
  Comparison comparison;
  comparison.base = "runs/a · oracle";
  comparison.head = "runs/b · oracle";
  comparison.metrics = {Reprojection()};
  comparison.newly_failing = {"drop-1/0 oracle"};
  comparison.fixed = {"drop-2/0 oracle"};
  comparison.warnings = {"other machine"};
  const Json json = ToJson(comparison);
  EXPECT_EQ(json["schema"], 1);
  EXPECT_EQ(json["base"], "runs/a · oracle");
  EXPECT_EQ(json["newly_failing"], Json::array({"drop-1/0 oracle"}));
  EXPECT_EQ(json["fixed"], Json::array({"drop-2/0 oracle"}));
  EXPECT_EQ(json["warnings"], Json::array({"other machine"}));
  const Json& metric = json["metrics"][0];
  EXPECT_EQ(metric["better"], "lower");
  EXPECT_EQ(metric["verdict"], "improved");
  EXPECT_EQ(metric["pairs"], 12);
  EXPECT_EQ(metric["scenes"], 6);
  EXPECT_EQ(metric["only_base"], 1);
  EXPECT_EQ(metric["only_head"], 2);
  EXPECT_EQ(metric["head_mean"].get<double>() - metric["base_mean"].get<double>(),
            metric["difference"].get<double>());
  EXPECT_EQ(metric["low"], -0.375);
  EXPECT_EQ(metric["high"], -0.125);
}

// 0 would read as "no difference".
TEST(ComparisonTest, WithoutPairsEveryNumberIsNull) {
  Comparison comparison;
  comparison.metrics = {Reprojection()};
  comparison.metrics[0].pairs = 0;
  comparison.metrics[0].verdict = Verdict::kNotEnoughData;
  const Json metric = ToJson(comparison)["metrics"][0];
  for (const char* key : {"base_mean", "head_mean", "difference", "low", "high"}) {
    EXPECT_TRUE(metric.contains(key)) << key;
    EXPECT_TRUE(metric[key].is_null()) << key;
  }
  EXPECT_EQ(metric["verdict"], "not enough data");
}

TEST(ComparisonTest, AnEmptyComparisonStillHasAllItsKeys) {
  const Json json = ToJson(Comparison{});
  for (const char* key : {"metrics", "newly_failing", "fixed", "warnings"}) {
    EXPECT_TRUE(json[key].is_array()) << key;
    EXPECT_TRUE(json[key].empty()) << key;
  }
}

}  // namespace
}  // namespace plumb
