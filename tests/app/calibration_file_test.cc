// SPDX-License-Identifier: Apache-2.0
#include "app/calibration_file.h"

#include <gmock/gmock.h>

#include "core/errors.h"
#include "core/json.h"
#include "reports/summary_text.h"
#include "tests/app/tiny_run.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;

const ScoreInfo kShare = {"geometry.consistency", "share", Direction::kHigher, 4, true, ""};

CalibrationTable TableOfOneScore() {
  CalibrationTable table;
  table.family = "geometry";
  CalibratedScore score;
  score.info = kShare;
  score.noise_floor = 0.99123456789;
  score.threshold = 0.9;
  table.scores = {score};
  return Signed(table);
}

Results ResultsOf(std::vector<Score> scores) {
  Results results;
  results.models = {"video"};
  Cell cell;
  cell.key = {"video", "a.mp4", 0};
  cell.status = CellStatus::kDone;
  for (const Score& score : scores) results.scores.push_back(score.info());
  cell.scores = std::move(scores);
  results.cells = {cell};
  return results;
}

TEST(CalibrationFileTest, ComesBackFromItsFileAndRefusesAChangedOne) {
  const TestFolder folder;
  const CalibrationTable table = TableOfOneScore();
  EXPECT_EQ(table.digest.size(), 64u);
  WriteCalibration(folder / "t.json", table);
  EXPECT_EQ(CalibrationText(ReadCalibration(folder / "t.json")), CalibrationText(table));
  EXPECT_EQ(Signed(table).digest, table.digest);
  std::string text = CalibrationText(table);
  text.replace(text.find("0.9}"), 3, "0.8");
  EXPECT_THAT(ErrorTextOf([&] { CalibrationFromText(text, "here"); }),
              HasSubstr("here: key 'digest'"));
}

TEST(CalibrationFileTest, WhatIsCompiledInIsWhole) {
  EXPECT_EQ(GeometryCalibration().family, "geometry");
  EXPECT_EQ(CalibrationText(GeometryCalibration()), GeometryCalibrationJson());
}

TEST(CalibrationFileTest, ScoresOfTheTablesVersionAreJudged) {
  const Score good = Score::Measured(kShare, 0.95, 0.94, 0.96, {{3}, {{"held_out_tracks", 7}}});
  const Score bad = Score::Measured(kShare, 0.8, 0.7, 0.9);
  const Score refused = Score::NotMeasurable(kShare, {ReasonCode::kShotCut, "a cut"});
  ScoreInfo newer = kShare;
  newer.version = 5;
  const Score other = Score::Measured(newer, 0.8, 0.7, 0.9);
  const Results results = Calibrated(ResultsOf({good, bad, refused, other}), TableOfOneScore());
  const std::vector<Score>& scores = results.cells[0].scores;
  EXPECT_EQ(*scores[0].noise_floor(), 0.991235);
  EXPECT_EQ(*ThresholdOf(scores[0]), 0.9);
  EXPECT_EQ(scores[0].value(), 0.95);
  EXPECT_EQ(scores[0].low(), 0.94);
  EXPECT_EQ(scores[0].high(), 0.96);
  EXPECT_EQ(scores[0].evidence().frames, std::vector<int>{3});
  EXPECT_EQ(scores[0].evidence().details["held_out_tracks"], 7);
  EXPECT_EQ(ThresholdText(scores[0]), "as clips of intact worlds (threshold 0.900)");
  EXPECT_EQ(ThresholdText(scores[1]),
            "worse than 95 % of the clips of intact worlds (threshold 0.900)");
  EXPECT_FALSE(scores[2].noise_floor());
  EXPECT_EQ(ThresholdText(scores[2]), "");
  EXPECT_FALSE(scores[3].noise_floor());
  EXPECT_FALSE(ThresholdOf(scores[3]));
  EXPECT_EQ(ToJson(scores[3]), ToJson(other));
}

TEST(CalibrationFileTest, JudgingTwiceIsJudgingOnce) {
  const Results once =
      Calibrated(ResultsOf({Score::Measured(kShare, 0.8, 0.7, 0.9)}), TableOfOneScore());
  EXPECT_EQ(ToJson(Calibrated(once, TableOfOneScore())), ToJson(once));
}

TEST(CalibrationFileTest, AnotherVersionIsToldOnce) {
  ScoreInfo newer = kShare;
  newer.version = 5;
  ScoreInfo unknown = kShare;
  unknown.id = "geometry.loop_drift";
  EXPECT_EQ(CalibrationWarning({kShare, unknown}, TableOfOneScore()), "");
  const std::string warning = CalibrationWarning({newer, unknown}, TableOfOneScore());
  EXPECT_THAT(warning, HasSubstr("geometry.consistency (version 5, calibrated: 4)"));
  EXPECT_THAT(warning, HasSubstr("plumb calibrate geometry"));
}

}  // namespace
}  // namespace plumb
