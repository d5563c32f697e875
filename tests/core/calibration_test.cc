// SPDX-License-Identifier: Apache-2.0
#include "core/calibration.h"

#include <gmock/gmock.h>

#include "core/check.h"
#include "core/errors.h"
#include "core/laws.h"
#include "core/nuisances.h"
#include "tests/core/message_of.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;

CalibrationTable SmallTable() {
  CalibrationTable table;
  table.family = "geometry";
  table.suite_version = 3;
  table.protocol = {96, 64, 24, 12.5, 1, 1};
  table.scenes = {"orbit_room-1", "dolly_room-2"};
  CalibratedScore score;
  score.info = {"geometry.consistency", "share", Direction::kHigher, 4, true, ""};
  score.truths = 2;
  score.truth_median = 0.993;
  score.truth_worst = 0.98125;
  score.noise_floor = 0.991;
  score.tolerance = 0.0123456;
  score.threshold = 0.91234567890123;
  table.scores = {score};
  table.rows = {{"oracle", "geometry.consistency", 2, 2, 0, 0.987, {}, {}},
                {"sabotage:warp_px=4",
                 "geometry.consistency",
                 2,
                 1,
                 1,
                 0.4,
                 Interval{1, 0.25, 1},
                 {{"shot_cut", 1}}}};
  table.series = {{"warp_px", "geometry.consistency", 2, 2, 1}};
  table.digest = "abc";
  return table;
}

TEST(CalibrationTest, EveryModelHasItsRole) {
  EXPECT_EQ(RoleOf("oracle"), ModelRole::kIntact);
  for (const Nuisance& nuisance : AllNuisances()) {
    EXPECT_EQ(RoleOf("nuisance:" + std::string(nuisance.id) + "=1"), ModelRole::kIntact);
  }
  EXPECT_EQ(RoleOf("sabotage:warp_px=4"), ModelRole::kBends);
  EXPECT_EQ(RoleOf("sabotage:scale_breathe=0.1"), ModelRole::kBends);
  EXPECT_EQ(RoleOf("sabotage:focal_breathe=0.1"), ModelRole::kRigid);
  EXPECT_EQ(RoleOf("sabotage:pose_jitter=4"), ModelRole::kRigid);
  EXPECT_EQ(RoleOf("sabotage:parallax_flat=1"), ModelRole::kRigid);
  for (const char* control : {"sabotage:cut=1", "frozen", "noise", "unrelated", "shuffle"}) {
    EXPECT_EQ(RoleOf(control), ModelRole::kControl) << control;
  }
  EXPECT_EQ(ModelRoleName(ModelRole::kBends), "bends");
}

TEST(CalibrationTest, WorseDependsOnTheDirection) {
  const ScoreInfo share{"a", "share", Direction::kHigher};
  const ScoreInfo pixels{"b", "px", Direction::kLower};
  const ScoreInfo plain{"c", "m", Direction::kNone};
  EXPECT_TRUE(IsWorse(share, 0.8, 0.9));
  EXPECT_FALSE(IsWorse(share, 0.9, 0.9));
  EXPECT_TRUE(IsWorse(pixels, 0.8, 0.7));
  EXPECT_FALSE(IsWorse(pixels, 0.6, 0.7));
  EXPECT_FALSE(IsWorse(plain, 0.6, 0.7));
  EXPECT_FALSE(IsWorse(plain, 0.8, 0.7));
}

TEST(CalibrationTest, FindsScoresAndRows) {
  const CalibrationTable table = SmallTable();
  ASSERT_NE(table.FindScore("geometry.consistency"), nullptr);
  EXPECT_EQ(table.FindScore("geometry.consistency")->info.version, 4);
  EXPECT_EQ(table.FindScore("geometry.other"), nullptr);
  ASSERT_NE(table.FindRow("oracle", "geometry.consistency"), nullptr);
  EXPECT_EQ(table.FindRow("oracle", "geometry.consistency")->planned, 2);
  EXPECT_EQ(table.FindRow("oracle", "geometry.other"), nullptr);
  EXPECT_EQ(table.FindRow("frozen", "geometry.consistency"), nullptr);
}

TEST(CalibrationTest, ComesBackFromItsText) {
  const CalibrationTable table = SmallTable();
  const std::string text = CalibrationText(table);
  const CalibrationTable back = CalibrationTableFromJson(Json::parse(text), "here");
  EXPECT_EQ(CalibrationText(back), text);
  EXPECT_EQ(back.family, "geometry");
  EXPECT_EQ(back.suite_version, 3);
  EXPECT_EQ(back.protocol.height, 64);
  EXPECT_EQ(back.protocol.fps, 12.5);
  EXPECT_EQ(back.scenes, table.scenes);
  EXPECT_EQ(back.digest, "abc");
  ASSERT_EQ(back.scores.size(), 1u);
  EXPECT_EQ(back.scores[0].info.id, "geometry.consistency");
  EXPECT_EQ(back.scores[0].info.better, Direction::kHigher);
  EXPECT_TRUE(back.scores[0].info.headline);
  EXPECT_EQ(back.scores[0].truths, 2);
  EXPECT_EQ(back.scores[0].tolerance, 0.0123456);
  // Verdicts hang on it: to the last bit.
  EXPECT_EQ(back.scores[0].threshold, 0.91234567890123);
  ASSERT_EQ(back.rows.size(), 2u);
  EXPECT_FALSE(back.rows[0].auc);
  EXPECT_EQ(back.rows[0].mean, 0.987);
  EXPECT_EQ(back.rows[1].auc->low, 0.25);
  EXPECT_EQ(back.rows[1].flagged, 1);
  EXPECT_EQ(back.rows[1].reasons.at("shot_cut"), 1);
  ASSERT_EQ(back.series.size(), 1u);
  EXPECT_EQ(back.series[0].falls_exactly, 1);
}

TEST(CalibrationTest, TextHasOneRowALine) {
  const std::string text = CalibrationText(SmallTable());
  EXPECT_THAT(text, HasSubstr("\n    {\"model\":\"oracle\",\"score\":\"geometry.consistency\","));
  EXPECT_THAT(text, HasSubstr("},\n    {\"model\":\"sabotage:warp_px=4\""));
  EXPECT_EQ(text.substr(text.size() - 3), "\n}\n");
}

TEST(CalibrationTest, RefusesWhatIsNoTable) {
  Json json = ToJson(SmallTable());
  json["schema"] = 2;
  EXPECT_THAT(MessageOf<InputError>([&] { CalibrationTableFromJson(json, "here"); }),
              HasSubstr("here: has schema 2"));
  json = ToJson(SmallTable());
  json["rows"][1].erase("planned");
  EXPECT_THAT(MessageOf<InputError>([&] { CalibrationTableFromJson(json, "here"); }),
              HasSubstr("planned"));
  json = ToJson(SmallTable());
  json["scores"][0]["better"] = "sideways";
  EXPECT_THAT(MessageOf<InputError>([&] { CalibrationTableFromJson(json, "here"); }),
              HasSubstr("sideways"));
}

}  // namespace
}  // namespace plumb
