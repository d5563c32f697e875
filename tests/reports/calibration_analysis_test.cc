// SPDX-License-Identifier: Apache-2.0
#include "reports/calibration_analysis.h"

#include <gmock/gmock.h>

#include "core/check.h"
#include "core/detection.h"
#include "core/errors.h"

namespace plumb {
namespace {

const ScoreInfo kShare = {"geometry.consistency", "share", Direction::kHigher, 3, true, "a share"};
const ScoreInfo kPixels = {"geometry.reprojection_px", "px", Direction::kLower, 1, false, "px"};
const ScoreInfo kPlain = {"geometry.focal_px", "px", Direction::kNone, 1, false, "plain"};

// A run that is filled cell by cell: the share, and a twentieth of what it lacks in pixels.
class MadeRun {
 public:
  MadeRun() {
    results_.scores = {kShare, kPixels, kPlain};
    suite_.families = {"geometry"};
    suite_.version = 5;
    suite_.protocol.width = 96;
  }

  MadeRun& Add(const std::string& model, const std::string& scene, double share) {
    Cell& cell = AddCell(model, scene);
    cell.status = CellStatus::kDone;
    const double px = 0.05 * (1.0 - share);
    cell.scores = {Score::Measured(kShare, share, share, share),
                   Score::Measured(kPixels, px, px, px),
                   Score::Measured(kPlain, 100, 100, 100)};
    return *this;
  }

  MadeRun& Refuse(const std::string& model, const std::string& scene, ReasonCode code) {
    Cell& cell = AddCell(model, scene);
    cell.status = CellStatus::kDone;
    cell.scores = {Score::NotMeasurable(kShare, {code, "why"}),
                   Score::NotTested(kPixels, {ReasonCode::kLawNotApplicable, "why"})};
    return *this;
  }

  Cell& AddCell(const std::string& model, const std::string& scene) {
    if (std::find(results_.models.begin(), results_.models.end(), model) == results_.models.end()) {
      results_.models.push_back(model);
    }
    results_.cells.emplace_back();
    results_.cells.back().key = {model, scene, 0};
    return results_.cells.back();
  }

  CalibrationTable Table() const { return CalibrationOf(results_, suite_); }

 private:
  Results results_;
  Suite suite_;
};

const CalibrationRow& RowOf(const CalibrationTable& table,
                            const std::string& model,
                            const std::string& score = kShare.id) {
  const CalibrationRow* row = table.FindRow(model, score);
  PLUMB_CHECK(row != nullptr, "{} {}", model, score);
  return *row;
}

TEST(CalibrationAnalysisTest, FloorsOfBothDirections) {
  MadeRun run;
  run.Add("oracle", "a", 1.0).Add("oracle", "b", 0.98).Add("oracle", "c", 0.96);
  run.Add("nuisance:reencode=23", "a", 0.97).Add("nuisance:reencode=23", "b", 0.96);
  run.Add("nuisance:reencode=23", "c", 0.95);
  const CalibrationTable table = run.Table();
  EXPECT_EQ(table.family, "geometry");
  EXPECT_EQ(table.suite_version, 5);
  EXPECT_EQ(table.protocol.width, 96);
  EXPECT_EQ(table.scenes, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_TRUE(table.digest.empty());
  // What has no direction can't be worse than anything.
  ASSERT_EQ(table.scores.size(), 2u);
  const CalibratedScore& share = table.scores[0];
  EXPECT_EQ(share.info.id, kShare.id);
  EXPECT_EQ(share.info.version, 3);
  EXPECT_TRUE(share.info.summary.empty());
  EXPECT_EQ(share.truths, 3);
  EXPECT_DOUBLE_EQ(share.truth_median, 0.98);
  EXPECT_DOUBLE_EQ(share.truth_worst, 0.96);
  EXPECT_DOUBLE_EQ(share.noise_floor, 0.96);
  EXPECT_DOUBLE_EQ(share.threshold, 0.95);
  const CalibratedScore& pixels = table.scores[1];
  EXPECT_DOUBLE_EQ(pixels.truth_median, 0.05 * 0.02);
  EXPECT_DOUBLE_EQ(pixels.truth_worst, 0.05 * 0.04);
  EXPECT_DOUBLE_EQ(pixels.noise_floor, 0.05 * 0.04);
  EXPECT_DOUBLE_EQ(pixels.threshold, 0.05 * 0.05);
}

TEST(CalibrationAnalysisTest, ToleranceIsWhatDefaultNuisancesTakeOff) {
  MadeRun run;
  run.Add("oracle", "a", 1.0).Add("oracle", "b", 0.9);
  run.Add("nuisance:blur=0.7", "a", 0.9).Add("nuisance:blur=0.7", "b", 0.95);  // 0.1 and nothing
  run.Add("nuisance:blur=1.5", "a", 0.2);  // no default, so no part of it
  // Quantiles at 0.95 of {0, 0.1, 0}, linear as NumPy has it.
  EXPECT_NEAR(run.Table().scores[0].tolerance, 0.09, 1e-12);
}

TEST(CalibrationAnalysisTest, ThresholdIsThatOfAllIntactClipsTogether) {
  MadeRun run;
  for (int i = 0; i < 40; ++i) {
    const std::string scene = "s" + std::to_string(i);
    run.Add("oracle", scene, 0.99 - 0.001 * i);
    run.Add("nuisance:blur=0.7", scene, 0.98 - 0.001 * i);
    // The ten hardest of one nuisance fall far below everything else.
    run.Add("nuisance:noise=3", scene, i < 10 ? 0.5 + 0.01 * i : 0.95);
    run.Add("nuisance:noise=1", scene, 0.97);
    run.Add("sabotage:warp_px=4", scene, 0.1);
  }
  const CalibrationTable table = run.Table();
  // Of 160 clips eight may lie below; whose they are is told by nuisance.
  EXPECT_DOUBLE_EQ(table.scores[0].threshold, 0.58);
  EXPECT_EQ(RowOf(table, "nuisance:noise=3").flagged, 8);
  EXPECT_EQ(RowOf(table, "nuisance:noise=1").flagged, 0);
  EXPECT_EQ(RowOf(table, "nuisance:blur=0.7").flagged, 0);
  EXPECT_EQ(RowOf(table, "oracle").flagged, 0);
  EXPECT_EQ(RowOf(table, "sabotage:warp_px=4").flagged, 40);
  EXPECT_FALSE(RowOf(table, "oracle").auc);
}

TEST(CalibrationAnalysisTest, AreasAreThoseOfTheSameScenes) {
  MadeRun run;
  run.Add("oracle", "a", 0.9).Add("oracle", "b", 0.8).Add("oracle", "c", 0.1);
  run.Add("nuisance:blur=0.7", "a", 0.85).Add("nuisance:blur=0.7", "b", 0.7);
  run.Add("sabotage:warp_px=4", "a", 0.75).Add("sabotage:warp_px=4", "b", 0.6);
  const CalibrationRow row = RowOf(run.Table(), "sabotage:warp_px=4");
  ASSERT_TRUE(row.auc);
  // Scene c, where the law was not broken, does not count: 7 of 8 pairs.
  EXPECT_DOUBLE_EQ(row.auc->value, 7.0 / 8.0);
  EXPECT_DOUBLE_EQ(row.auc->low, AucInterval(7.0 / 8.0, 2, 2).low);
  EXPECT_DOUBLE_EQ(*row.mean, 0.675);
  // The same in pixels, where lower is better.
  EXPECT_DOUBLE_EQ(RowOf(run.Table(), "sabotage:warp_px=4", kPixels.id).auc->value, 7.0 / 8.0);
}

TEST(CalibrationAnalysisTest, WhatHasNoValueIsCountedWithItsReason) {
  MadeRun run;
  run.Add("oracle", "a", 0.9).Add("oracle", "b", 0.9);
  run.Refuse("frozen", "a", ReasonCode::kNoCameraMotion);
  run.Refuse("frozen", "b", ReasonCode::kNoCameraMotion);
  run.Add("noise", "a", 0.2);
  run.AddCell("noise", "b").status = CellStatus::kFailed;
  const CalibrationTable table = run.Table();
  const CalibrationRow& frozen = RowOf(table, "frozen");
  EXPECT_EQ(frozen.planned, 2);
  EXPECT_EQ(frozen.measured, 0);
  EXPECT_FALSE(frozen.mean);
  EXPECT_FALSE(frozen.auc);
  EXPECT_EQ(frozen.reasons.at("no_camera_motion"), 2);
  // Not tested is not planned.
  EXPECT_EQ(table.FindRow("frozen", kPixels.id), nullptr);
  const CalibrationRow& noise = RowOf(table, "noise");
  EXPECT_EQ(noise.planned, 2);
  EXPECT_EQ(noise.measured, 1);
  EXPECT_EQ(noise.flagged, 1);
  EXPECT_EQ(noise.reasons.at("cell failed"), 1);
}

TEST(CalibrationAnalysisTest, SeriesFollowTheDosesWhateverTheirOrder) {
  MadeRun run;
  for (const char* scene : {"a", "b", "c"}) run.Add("oracle", scene, 1.0);
  run.Add("nuisance:blur=0.7", "a", 0.95);
  const double doses[] = {8, 1, 4, 2};
  for (const double dose : doses) {
    const std::string model = "sabotage:warp_px=" + std::to_string(static_cast<int>(dose));
    run.Add(model, "a", 1.0 - 0.1 * dose);                      // falls at every step
    run.Add(model, "b", dose == 2 ? 0.92 : 0.95 - 0.1 * dose);  // rises once by 0.07
    run.Add(model, "c", dose == 8 ? 0.5 : 0.999);               // rises once, within the tolerance
  }
  run.Add("sabotage:drift_px=1", "a", 0.5);  // too few doses
  const CalibrationTable table = run.Table();
  EXPECT_GT(table.scores[0].tolerance, 0.0);
  EXPECT_LT(table.scores[0].tolerance, 0.07);
  ASSERT_EQ(table.series.size(), 2u);  // share and pixels
  EXPECT_EQ(table.series[0].law, "warp_px");
  EXPECT_EQ(table.series[0].series, 3);
  EXPECT_EQ(table.series[0].falls, 2);
  EXPECT_EQ(table.series[0].falls_exactly, 2);
  EXPECT_EQ(table.series[1].score, kPixels.id);
  EXPECT_EQ(table.series[1].falls, 2);
}

TEST(CalibrationAnalysisTest, WithoutATruthsValueThoseOfItsNuisancesStandForIt) {
  MadeRun run;
  run.Refuse("oracle", "still", ReasonCode::kNoCameraMotion);
  run.Add("nuisance:noise=3", "still", 0.9).Add("nuisance:grain=3", "still", 0.8);
  run.Add("sabotage:warp_px=4", "still", 0.4);
  const CalibrationTable table = run.Table();
  ASSERT_EQ(table.scores.size(), 2u);
  EXPECT_EQ(table.scores[0].truths, 0);
  EXPECT_DOUBLE_EQ(table.scores[0].truth_median, 0.85);
  EXPECT_DOUBLE_EQ(table.scores[0].truth_worst, 0.8);
  EXPECT_DOUBLE_EQ(table.scores[0].threshold, 0.8);
  EXPECT_DOUBLE_EQ(RowOf(table, "sabotage:warp_px=4").auc->value, 1.0);
  EXPECT_TRUE(table.series.empty());
}

TEST(CalibrationAnalysisTest, NeedsTheTruth) {
  MadeRun run;
  run.Add("noise", "a", 0.9);
  EXPECT_THROW(run.Table(), UsageError);
  MadeRun refused;
  refused.Refuse("oracle", "a", ReasonCode::kNoParallax);
  // A score that no truth could be measured with has no floor.
  EXPECT_TRUE(refused.Table().scores.empty());
  EXPECT_TRUE(refused.Table().rows.empty());
}

}  // namespace
}  // namespace plumb
