// SPDX-License-Identifier: Apache-2.0
#include "reports/summary_text.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/calibration.h"

namespace plumb {
namespace {

ModelScore Summary(int measured, int planned) {
  ModelScore summary;
  summary.planned = planned;
  summary.measured = measured;
  if (measured > 0) {
    summary.mean = 0.9;
    summary.low = 0.8;
    summary.high = 0.95;
  }
  return summary;
}

TEST(SummaryTextTest, MeanIntervalCoverage) {
  EXPECT_EQ(MeanText(Summary(11, 12)), "0.900 ±0.100 11/12");
}

TEST(SummaryTextTest, WithoutAHeadlineEveryScoreIsAColumn) {
  Results results;
  results.scores = {{.id = "a.head", .headline = true}, {.id = "a.part"}};
  ASSERT_EQ(ColumnsOf(results).size(), 1U);
  EXPECT_EQ(ColumnsOf(results)[0].id, "a.head");
  results.scores[0].headline = false;
  EXPECT_EQ(ColumnsOf(results).size(), 2U);
}

TEST(SummaryTextTest, OneCellHasNoInterval) { EXPECT_EQ(MeanText(Summary(1, 12)), "0.900 1/12"); }

TEST(SummaryTextTest, NoMeanSaysWhichKind) {
  EXPECT_EQ(MeanText(Summary(0, 12)), "not measurable 0/12");
  EXPECT_EQ(MeanText(Summary(0, 0)), "–");
  ModelScore untested = Summary(0, 0);
  untested.not_tested = 3;
  EXPECT_EQ(MeanText(untested), "not tested");
}

TEST(SummaryTextTest, BoundsOnlyWhereCellsLackAValue) {
  ModelScore summary = Summary(6, 12);
  EXPECT_EQ(BoundsText(summary), "");
  summary.worst_bound = 0.95;  // a score of which less is better
  summary.best_bound = 0.45;
  EXPECT_EQ(BoundsText(summary), "bounds 0.450–0.950");
  summary.measured = 12;
  EXPECT_EQ(BoundsText(summary), "");
  summary.mean.reset();
  EXPECT_EQ(BoundsText(summary), "");
}

Score JudgedAt(double value) {
  CalibratedScore calibrated;
  calibrated.info = {"geometry.consistency", "share", Direction::kHigher, 1, true, ""};
  calibrated.noise_floor = 0.99;
  calibrated.threshold = 0.9;
  return Judged(Score::Measured(calibrated.info, value, value, value), calibrated);
}

TEST(SummaryTextTest, ThresholdsAreToldWhereThereAreSome) {
  EXPECT_EQ(ThresholdText(JudgedAt(0.95)), "as clips of intact worlds (threshold 0.900)");
  EXPECT_EQ(ThresholdText(JudgedAt(0.5)),
            "worse than 95 % of the clips of intact worlds (threshold 0.900)");
  const ScoreInfo info = JudgedAt(0.5).info();
  EXPECT_EQ(ThresholdText(Score::Measured(info, 0.5, 0.5, 0.5)), "");
  EXPECT_EQ(ThresholdText(Score::NotMeasurable(info, {ReasonCode::kShotCut, "a cut"})), "");
}

TEST(SummaryTextTest, CellsBeyondTheThresholdAreCountedByModel) {
  Results results;
  results.models = {"oracle", "sabotage:warp_px=4"};
  results.scores = {JudgedAt(1).info()};
  const double values[] = {0.99, 0.95, 0.3, 0.92};
  for (int i = 0; i < 4; ++i) {
    Cell cell;
    cell.key = {results.models[i / 2], "s" + std::to_string(i % 2), 0};
    cell.status = CellStatus::kDone;
    cell.scores = {JudgedAt(values[i])};
    results.cells.push_back(cell);
  }
  EXPECT_EQ(BeyondThreshold(results),
            std::vector<std::string>{"geometry.consistency, sabotage:warp_px=4: 1 of 2 cells"});
  // Only headlines are told.
  results.scores[0].headline = false;
  EXPECT_TRUE(BeyondThreshold(results).empty());
}

}  // namespace
}  // namespace plumb
