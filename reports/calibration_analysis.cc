// SPDX-License-Identifier: Apache-2.0
#include "reports/calibration_analysis.h"

#include <algorithm>
#include <set>
#include <string>

#include <fmt/format.h>

#include "core/detection.h"
#include "core/errors.h"
#include "core/laws.h"
#include "core/nuisances.h"

namespace plumb {
namespace {

constexpr double kFalseAlarms = 0.05;
constexpr std::string_view kOracle = "oracle";
constexpr std::string_view kSabotage = "sabotage:";
constexpr std::string_view kNuisance = "nuisance:";
// What every clip that people send has been through.
constexpr std::string_view kCodec = "nuisance:reencode=23";

// "nuisance:blur" of "nuisance:blur=0.7".
std::string KindOf(const std::string& model) { return model.substr(0, model.find('=')); }

bool IsDefaultNuisance(const std::string& model) {
  if (!model.starts_with(kNuisance)) return false;
  const NuisanceAmount amount = ParseNuisance(std::string_view(model).substr(kNuisance.size()));
  return amount.amount == FindNuisance(amount.id).default_amount;
}

// Everything about one score: values by model and scene, with the sign that makes higher better.
class OneScore {
 public:
  OneScore(const Results& results, const ScoreInfo& info)
      : info_(info), sign_(info.better == Direction::kLower ? -1.0 : 1.0) {
    for (const Cell& cell : results.cells) Add(cell);
    for (const std::string& model : results.models) {
      if (RoleOf(model) == ModelRole::kIntact) intact_.push_back(model);
    }
  }

  bool HasIntact() const { return !IntactValues().empty(); }

  CalibratedScore Calibrate() {
    CalibratedScore score;
    score.info = info_;
    score.info.summary.clear();
    std::vector<double> truths = ValuesOf(std::string(kOracle));
    score.truths = static_cast<int>(truths.size());
    // A still camera's rendered truth repeats its pictures to the bit: only its nuisances have a
    // value.
    if (truths.empty()) truths = IntactValues();
    score.truth_median = sign_ * Median(truths);
    score.truth_worst = sign_ * *std::min_element(truths.begin(), truths.end());
    const std::vector<double> coded = ValuesOf(std::string(kCodec));
    score.noise_floor = coded.empty() ? score.truth_median : sign_ * Median(coded);
    tolerance_ = Tolerance();
    threshold_ = FalseAlarmThreshold(IntactValues(), kFalseAlarms);
    score.tolerance = tolerance_;
    score.threshold = sign_ * threshold_;
    return score;
  }

  // After Calibrate().
  CalibrationRow RowOf(const std::string& model) const {
    CalibrationRow row;
    row.model = model;
    row.score = info_.id;
    const auto counted = counts_.find(model);
    if (counted == counts_.end()) return row;
    row.planned = counted->second.planned;
    row.reasons = counted->second.reasons;
    const std::vector<double> values = ValuesOf(model);
    row.measured = static_cast<int>(values.size());
    if (values.empty()) return row;
    row.mean = sign_ * Mean(values);
    row.flagged = static_cast<int>(std::count_if(
        values.begin(), values.end(), [&](double value) { return value < threshold_; }));
    if (RoleOf(model) != ModelRole::kIntact) row.auc = AreaOf(model, counted->second.scenes);
    return row;
  }

  // After Calibrate(). `models` are a law's in the order of its doses.
  DoseSeries SeriesOf(const std::string& law, const std::vector<std::string>& models) const {
    DoseSeries all{law, info_.id};
    for (const auto& [scene, truth] : Truths()) {
      std::vector<std::optional<double>> series = {truth};
      for (const std::string& model : models) series.push_back(ValueAt(model, scene));
      const DoseTrend trend = TrendOf(series, tolerance_);
      if (trend == DoseTrend::kTooFewValues) continue;
      ++all.series;
      all.falls += trend == DoseTrend::kFalls;
      all.falls_exactly += TrendOf(series, 0.0) == DoseTrend::kFalls;
    }
    return all;
  }

 private:
  struct Counts {
    int planned = 0;
    std::map<std::string, int> reasons;
    std::set<std::string> scenes;
  };

  void Add(const Cell& cell) {
    Counts& counts = counts_[cell.key.model];
    counts.scenes.insert(cell.key.scene);
    if (cell.status != CellStatus::kDone) {
      ++counts.planned;
      ++counts.reasons[fmt::format("cell {}", CellStatusName(cell.status))];
      return;
    }
    for (const Score& score : cell.scores) {
      if (score.id() != info_.id || score.status() == ScoreStatus::kNotTested) continue;
      ++counts.planned;
      if (score.measured()) {
        values_[cell.key.model][cell.key.scene] = sign_ * score.value();
      } else {
        ++counts.reasons[std::string(ReasonCodeName(score.reason().code))];
      }
    }
  }

  std::optional<double> ValueAt(const std::string& model, const std::string& scene) const {
    const auto of_model = values_.find(model);
    if (of_model == values_.end()) return std::nullopt;
    const auto value = of_model->second.find(scene);
    return value == of_model->second.end() ? std::nullopt : std::optional(value->second);
  }

  std::vector<double> ValuesOf(const std::string& model) const {
    std::vector<double> values;
    const auto of_model = values_.find(model);
    if (of_model == values_.end()) return values;
    for (const auto& [scene, value] : of_model->second) values.push_back(value);
    return values;
  }

  double Tolerance() const {
    std::vector<double> drops = {0.0};
    for (const std::string& model : intact_) {
      if (!IsDefaultNuisance(model)) continue;
      for (const auto& [scene, truth] : Truths()) {
        const std::optional<double> value = ValueAt(model, scene);
        if (value) drops.push_back(std::max(0.0, truth - *value));
      }
    }
    return Quantile(drops, 1.0 - kFalseAlarms);
  }

  std::map<std::string, double> Truths() const {
    const auto truths = values_.find(std::string(kOracle));
    return truths == values_.end() ? std::map<std::string, double>() : truths->second;
  }

  std::vector<double> IntactValues() const {
    std::vector<double> values;
    for (const std::string& model : intact_) {
      for (const double value : ValuesOf(model)) values.push_back(value);
    }
    return values;
  }

  std::optional<Interval> AreaOf(const std::string& model,
                                 const std::set<std::string>& scenes) const {
    std::vector<double> intact;
    std::set<std::string> measured;
    for (const std::string& other : intact_) {
      for (const std::string& scene : scenes) {
        const std::optional<double> value = ValueAt(other, scene);
        if (!value) continue;
        intact.push_back(*value);
        measured.insert(scene);
      }
    }
    const std::vector<double> broken = ValuesOf(model);
    if (intact.empty()) return std::nullopt;
    return AucInterval(
        Auc(broken, intact), static_cast<int>(broken.size()), static_cast<int>(measured.size()));
  }

  ScoreInfo info_;
  double sign_;
  double tolerance_ = 0.0;
  double threshold_ = 0.0;  // with the sign
  std::vector<std::string> intact_;
  std::map<std::string, std::map<std::string, double>> values_;  // model → scene
  std::map<std::string, Counts> counts_;                         // model
};

// The models of each law that bends or zooms or shakes, in the order of their distance from
// neutral.
std::vector<std::pair<std::string, std::vector<std::string>>> DosesIn(const Results& results) {
  std::vector<std::pair<std::string, std::vector<std::string>>> laws;
  for (const Law& law : AllLaws()) {
    std::vector<std::pair<double, std::string>> doses;
    for (const std::string& model : results.models) {
      if (KindOf(model) != fmt::format("{}{}", kSabotage, law.id)) continue;
      const Sabotage sabotage = ParseSabotage(std::string_view(model).substr(kSabotage.size()));
      doses.emplace_back(std::abs(sabotage.amount - law.neutral), model);
    }
    std::sort(doses.begin(), doses.end());
    if (doses.empty()) continue;
    laws.emplace_back(law.id, std::vector<std::string>());
    for (const auto& [distance, model] : doses) laws.back().second.push_back(model);
  }
  return laws;
}

std::vector<std::string> ScenesOf(const Results& results) {
  std::vector<std::string> scenes;
  for (const Cell& cell : results.cells) {
    if (std::find(scenes.begin(), scenes.end(), cell.key.scene) == scenes.end()) {
      scenes.push_back(cell.key.scene);
    }
  }
  return scenes;
}

}  // namespace

CalibrationTable CalibrationOf(const Results& results, const Suite& suite) {
  if (std::find(results.models.begin(), results.models.end(), kOracle) == results.models.end()) {
    throw UsageError("a calibration needs the model oracle");
  }
  CalibrationTable table;
  table.family = suite.families.size() == 1 ? suite.families.front() : "";
  table.suite_version = suite.version;
  table.protocol = suite.protocol;
  table.false_alarms = kFalseAlarms;
  table.scenes = ScenesOf(results);
  const auto doses = DosesIn(results);
  std::vector<OneScore> scores;
  for (const ScoreInfo& info : results.scores) {
    if (info.better == Direction::kNone) continue;
    OneScore score(results, info);
    if (!score.HasIntact()) continue;
    table.scores.push_back(score.Calibrate());
    scores.push_back(std::move(score));
  }
  for (const std::string& model : results.models) {
    for (const OneScore& score : scores) {
      CalibrationRow row = score.RowOf(model);
      if (row.planned > 0) table.rows.push_back(std::move(row));
    }
  }
  for (const auto& [law, models] : doses) {
    for (const OneScore& score : scores) {
      DoseSeries series = score.SeriesOf(law, models);
      if (series.series > 0) table.series.push_back(std::move(series));
    }
  }
  return table;
}

}  // namespace plumb
