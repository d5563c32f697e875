// SPDX-License-Identifier: Apache-2.0
#include "reports/calibration_tables.h"

#include <map>

#include <gmock/gmock.h>

#include "core/errors.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

CalibrationTable SmallTable() {
  CalibrationTable table;
  table.family = "geometry";
  table.protocol = {96, 64, 24, 12.5, 1, 1};
  table.scenes = {"orbit_room-1", "orbit_room-2", "static_room-1"};
  table.digest = "0123456789abcdef0123";
  CalibratedScore share;
  share.info = {"geometry.consistency", "share", Direction::kHigher, 4, true, ""};
  share.truths = 2;
  share.truth_median = 0.993;
  share.truth_worst = 0.981;
  share.noise_floor = 0.991;
  share.tolerance = 0.012;
  share.threshold = 0.912;
  CalibratedScore drift = share;
  drift.info = {"geometry.background_drift_px", "px", Direction::kLower, 1, false, ""};
  table.scores = {share, drift};
  const std::string id = share.info.id;
  table.rows = {{"oracle", id, 2, 2, 0, 0.987, {}, {}},
                {"nuisance:blur=0.7", id, 3, 2, 1, 0.95, {}, {{"no_parallax", 1}}},
                {"nuisance:blur=0.7", drift.info.id, 20, 20, 2, 0.1, {}, {}},
                {"sabotage:warp_px=4", id, 2, 1, 1, 0.4, Interval{1, 0.25, 1}, {{"shot_cut", 1}}},
                {"sabotage:warp_px=4", drift.info.id, 1, 1, 1, 3.5, Interval{0.995, 0.2, 1}, {}},
                {"sabotage:focal_breathe=0.1", id, 2, 2, 1, 0.9, Interval{0.8, 0.5, 0.9}, {}},
                {"frozen", id, 2, 0, 0, {}, {}, {{"no_camera_motion", 2}}},
                {"sabotage:cut=1", id, 2, 2, 1, 0.7, Interval{0.8, 0.5, 0.9}, {}}};
  table.series = {{"warp_px", id, 20, 19, 11},
                  {"warp_px", drift.info.id, 20, 3, 1},
                  {"focal_breathe", id, 20, 20, 20}};
  return table;
}

std::map<std::string, std::string> Tables() {
  std::map<std::string, std::string> tables;
  for (const auto& [name, rows] : CalibrationTables(SmallTable())) tables[name] = rows;
  return tables;
}

TEST(CalibrationTablesTest, SayWhatWasMeasured) {
  const std::string setting = Tables().at("setting");
  EXPECT_THAT(setting, HasSubstr("| scenes | 3: `orbit_room` × 2, `static_room` × 1 |"));
  EXPECT_THAT(setting, HasSubstr("| clips | 96x64 pixels, 24 frames at 12.5 a second |"));
  EXPECT_THAT(setting, HasSubstr("| versions of the scores | 1, 4 |"));
  EXPECT_THAT(setting, HasSubstr("| digest | `0123456789abcdef` |"));
  EXPECT_THAT(
      Tables().at("floors"),
      HasSubstr("| `geometry.consistency` | share | higher | 4 | 2 | 0.993, 0.981 | 0.991 | 0.012 "
                "| 0.912 |"));
}

TEST(CalibrationTablesTest, FewScenesAreCalledAPilot) {
  CalibrationTable table = SmallTable();
  EXPECT_THAT(CalibrationTables(table)[0].second, HasSubstr("| standing | a pilot"));
  table.scenes.resize(20, "orbit_room-3");
  EXPECT_THAT(CalibrationTables(table)[0].second, Not(HasSubstr("pilot")));
}

TEST(CalibrationTablesTest, FalseAlarmsNameTheOtherScoresThatHaveTooMany) {
  const std::string rows = Tables().at("nuisances");
  EXPECT_THAT(rows, HasSubstr("| `oracle` | – | 0.987 | 0 of 2 | – | – |"));
  EXPECT_THAT(rows,
              HasSubstr("| `blur` | 0.7 | 0.950 | 1 of 2 | no_parallax × 1 | "
                        "`geometry.background_drift_px` 2 of 20 |"));
  EXPECT_THAT(rows, Not(HasSubstr("warp_px")));
}

TEST(CalibrationTablesTest, BentWorldsHaveAreasAndOtherWitnesses) {
  const std::string rows = Tables().at("bends");
  EXPECT_THAT(rows,
              HasSubstr("| `warp_px` | 4 | 0.400 | 1.000 [0.25, 1.00] | 1 of 1 | shot_cut × 1 | "
                        "`geometry.background_drift_px` 0.995 (1 clip) |"));
  EXPECT_THAT(rows, Not(HasSubstr("focal_breathe")));
  EXPECT_THAT(rows, Not(HasSubstr("cut=")));
}

TEST(CalibrationTablesTest, SeriesShowTheHeadlineAndWhatFollowsTheDose) {
  const std::string rows = Tables().at("series");
  EXPECT_THAT(rows, HasSubstr("| `warp_px` | `geometry.consistency` | 20 | 19 of 20 | 11 of 20 |"));
  EXPECT_THAT(rows, Not(HasSubstr("background_drift")));
  EXPECT_THAT(rows, Not(HasSubstr("focal_breathe")));
}

TEST(CalibrationTablesTest, RigidWorldsAndControlsStandApart) {
  EXPECT_THAT(Tables().at("rigid"),
              HasSubstr("| `focal_breathe` | 0.1 | 0.900 | 1 of 2 | – | – |"));
  const std::string controls = Tables().at("controls");
  EXPECT_THAT(controls, HasSubstr("| `frozen` | 0 of 2 | – | 0 of 2 | no_camera_motion × 2 |"));
  EXPECT_THAT(controls, HasSubstr("| `cut=1` | 2 of 2 | 0.700 | 1 of 2 | – |"));
}

TEST(CalibrationTablesTest, FillAPageBetweenItsMarks) {
  const std::string page =
      "# A\n<!-- table: one -->\nold\nolder\n<!-- /table -->\nb\n<!-- table: two -->\n<!-- /table "
      "-->\n";
  const std::string filled = WithTables(page, {{"two", "| 2 |\n"}, {"one", "| 1 |\n"}});
  EXPECT_EQ(filled,
            "# A\n<!-- table: one -->\n| 1 |\n<!-- /table -->\nb\n<!-- table: two -->\n| 2 |\n<!-- "
            "/table -->\n");
  EXPECT_EQ(WithTables(filled, {{"two", "| 2 |\n"}, {"one", "| 1 |\n"}}), filled);
  EXPECT_THROW(WithTables(page, {{"three", ""}}), UsageError);
}

}  // namespace
}  // namespace plumb
