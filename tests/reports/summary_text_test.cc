// SPDX-License-Identifier: Apache-2.0
#include "reports/summary_text.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace plumb
