// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/results.h"
#include "core/seed.h"

namespace plumb {
namespace {

const ScoreInfo kShare{.id = "permanence.kept", .unit = "share", .better = Direction::kHigher};
const ScoreInfo kLost{.id = "permanence.lost", .unit = "share", .better = Direction::kLower};
const ScoreInfo kPixels{.id = "geometry.error_px", .unit = "px", .better = Direction::kLower};

Score Exactly(const ScoreInfo& info, double value) {
  return Score::Measured(info, value, value, value);
}

Cell CellWith(const std::string& model, const std::string& scene, std::vector<Score> scores) {
  Cell cell;
  cell.key = {model, scene, 0};
  cell.status = CellStatus::kDone;
  cell.scores = std::move(scores);
  return cell;
}

// A run of random outcomes: done cells whose score is there, absent, not measurable or not tested,
// failed and missing ones.
Results RandomRun(uint64_t seed, const ScoreInfo& info) {
  Random random(seed);
  Results results;
  results.models = {"m"};
  results.scores = {info};
  for (int i = 0; i < 60; ++i) {
    Cell cell = CellWith("m", "s-" + std::to_string(i / 4), {});
    cell.key.seed = i % 4;
    switch (random.Index(7)) {
      case 0:
        cell.status = CellStatus::kFailed;
        break;
      case 1:
        cell.status = CellStatus::kMissing;
        break;
      case 2:
        cell.scores = {Score::NotMeasurable(info, {ReasonCode::kNoParallax, "turned"})};
        break;
      case 3:
        cell.scores = {Score::NotTested(info, {ReasonCode::kNoEvent, "nothing"})};
        break;
      case 4:
        break;  // the family was not asked for
      default:
        cell.scores = {Exactly(info, random.Uniform())};
    }
    results.cells.push_back(cell);
  }
  return results;
}

TEST(SummaryTest, VerdictsHaveTheIntervalOfShares) {
  const ScoreInfo verdict{.id = "dynamics.verdict", .unit = "won", .better = Direction::kNone};
  Results results;
  results.models = {"m"};
  results.scores = {verdict};
  for (int i = 0; i < 20; ++i) {
    results.cells.push_back(
        CellWith("m", "s-" + std::to_string(i), {Exactly(verdict, i < 15 ? 1.0 : 0.0)}));
  }
  ModelScore summary = Summarise(results)[0];
  EXPECT_EQ(summary.mean, 0.75);
  // Wilson's interval of 15 of 20.
  EXPECT_NEAR(summary.low, 0.5313, 1e-4);
  EXPECT_NEAR(summary.high, 0.8881, 1e-4);
  EXPECT_FALSE(summary.worst_bound.has_value()) << "neither way is better";
  for (Cell& cell : results.cells) cell.scores = {Exactly(verdict, 1.0)};
  EXPECT_LT(Summarise(results)[0].low, 0.85) << "twenty of twenty are not all";
  // Several verdicts of one scene are not independent: scenes are resampled.
  results.cells.push_back(results.cells.front());
  EXPECT_EQ(Summarise(results)[0].low, 1.0);
}

TEST(SummaryTest, EveryPlannedCellIsMeasuredOrHasAReason) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const Results results = RandomRun(seed, kShare);
    const ModelScore summary = Summarise(results)[0];
    int unmeasured = 0;
    for (const auto& [reason, count] : summary.reasons) unmeasured += count;
    EXPECT_EQ(summary.planned, summary.measured + unmeasured);
    const auto not_asked =
        std::count_if(results.cells.begin(), results.cells.end(), [](const Cell& cell) {
          return cell.status == CellStatus::kDone && cell.scores.empty();
        });
    EXPECT_EQ(summary.planned + summary.not_tested + not_asked, 60);
  }
}

// Whatever the unmeasured cells would have given, the mean over all lies between the bounds.
TEST(SummaryTest, TheBoundsHoldForEveryFillingOfTheGaps) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const Results results = RandomRun(seed, kShare);
    const ModelScore summary = Summarise(results)[0];
    ASSERT_TRUE(summary.worst_bound && summary.best_bound);
    EXPECT_LE(*summary.worst_bound, *summary.mean + 1e-12);
    EXPECT_GE(*summary.best_bound, *summary.mean - 1e-12);
    Random random(seed + 1000);
    double sum = *summary.mean * summary.measured;
    for (int i = summary.measured; i < summary.planned; ++i) sum += random.Uniform();
    EXPECT_GE(sum / summary.planned, *summary.worst_bound - 1e-12);
    EXPECT_LE(sum / summary.planned, *summary.best_bound + 1e-12);
  }
}

TEST(SummaryTest, OfALowerIsBetterShareTheWorstBoundIsTheHighOne) {
  Results results;
  results.models = {"m"};
  results.scores = {kLost};
  results.cells = {
      CellWith("m", "a", {Exactly(kLost, 0.25)}),
      CellWith("m", "b", {Score::NotMeasurable(kLost, {ReasonCode::kTooFewTracks, "two"})})};
  const ModelScore summary = Summarise(results)[0];
  EXPECT_DOUBLE_EQ(*summary.worst_bound, 1.25 / 2);
  EXPECT_DOUBLE_EQ(*summary.best_bound, 0.25 / 2);
}

TEST(SummaryTest, FullCoverageMakesBothBoundsTheMean) {
  Results results;
  results.models = {"m"};
  results.scores = {kShare};
  for (const double value : {0.25, 0.5, 1.0}) {
    results.cells.push_back(CellWith("m", std::to_string(value), {Exactly(kShare, value)}));
  }
  const ModelScore summary = Summarise(results)[0];
  EXPECT_DOUBLE_EQ(*summary.worst_bound, *summary.mean);
  EXPECT_DOUBLE_EQ(*summary.best_bound, *summary.mean);
}

TEST(SummaryTest, ScoresWithoutALimitHaveNoBounds) {
  const ModelScore summary = Summarise(RandomRun(1, kPixels))[0];
  EXPECT_TRUE(summary.mean);
  EXPECT_FALSE(summary.worst_bound);
  EXPECT_FALSE(summary.best_bound);
}

TEST(SummaryTest, ModelsAndScoresComeInTheirOrderWithTheirOwnCells) {
  Results results;
  results.models = {"zebra", "ant", "idle"};
  results.scores = {kPixels, kShare};
  results.cells = {CellWith("ant", "a", {Exactly(kShare, 0.5), Exactly(kPixels, 3)}),
                   CellWith("zebra", "a", {Exactly(kShare, 1.0), Exactly(kPixels, 1)})};
  const std::vector<ModelScore> summaries = Summarise(results);
  ASSERT_EQ(summaries.size(), 6u);
  EXPECT_EQ(summaries[0].model, "zebra");
  EXPECT_EQ(summaries[0].info.id, kPixels.id);
  EXPECT_EQ(*summaries[0].mean, 1.0);
  EXPECT_EQ(*summaries[3].mean, 0.5);
  EXPECT_EQ(summaries[4].planned, 0);  // "idle" has no cell at all
  EXPECT_FALSE(summaries[4].mean);
  EXPECT_FALSE(summaries[5].worst_bound);
}

// The interval is a function of the values: the order of cells inside the run changes nothing.
TEST(SummaryTest, TheOrderOfScenesChangesNothing) {
  Results results = RandomRun(3, kShare);
  const ModelScore forward = Summarise(results)[0];
  std::stable_sort(results.cells.begin(), results.cells.end(), [](const Cell& a, const Cell& b) {
    return a.key.scene > b.key.scene;
  });
  const ModelScore backward = Summarise(results)[0];
  EXPECT_EQ(forward.mean, backward.mean);
  EXPECT_EQ(forward.low, backward.low);
  EXPECT_EQ(forward.high, backward.high);
}

TEST(SummaryTest, AgreeingSeedsOfAFewScenesDoNotNarrowTheInterval) {
  const auto run = [](int scenes, int seeds) {
    Results results;
    results.models = {"m"};
    results.scores = {kShare};
    for (int i = 0; i < scenes * seeds; ++i) {
      const int scene = i / seeds;
      results.cells.push_back(
          CellWith("m", "s-" + std::to_string(scene), {Exactly(kShare, 0.1 * (scene % 8))}));
    }
    const ModelScore summary = Summarise(results)[0];
    return summary.high - summary.low;
  };
  EXPECT_NEAR(run(8, 1), run(8, 20), 0.02);
  EXPECT_GT(run(8, 20), 2 * run(160, 1));
}

}  // namespace
}  // namespace plumb
