// SPDX-License-Identifier: Apache-2.0
// Means per model with everything that a mean hides (declared in results.h).
#include <algorithm>
#include <map>

#include "core/results.h"
#include "core/seed.h"
#include "core/statistics.h"

namespace plumb {
namespace {

bool IsShare(const ScoreInfo& info) { return info.unit == "share"; }

// A verdict on a pair: 1 won, 0 lost.
bool IsVerdict(const ScoreInfo& info) { return info.unit == "won"; }

const Score* FindScore(const Cell& cell, const std::string& id) {
  for (const Score& score : cell.scores) {
    if (score.id() == id) return &score;
  }
  return nullptr;
}

// What one cell adds to the summary of one score.
void Count(const Cell& cell,
           const ScoreInfo& info,
           ModelScore& summary,
           std::map<std::string, std::vector<double>>& by_scene) {
  if (cell.status != CellStatus::kDone) {
    ++summary.planned;
    ++summary.reasons[std::string("cell ") + std::string(CellStatusName(cell.status))];
    return;
  }
  const Score* score = FindScore(cell, info.id);
  if (score == nullptr) return;  // the family was not asked for
  if (score->status() == ScoreStatus::kNotTested) {
    ++summary.not_tested;
    return;
  }
  ++summary.planned;
  if (score->measured()) {
    ++summary.measured;
    by_scene[cell.key.scene].push_back(score->value());
  } else {
    ++summary.reasons[std::string(ReasonCodeName(score->reason().code))];
  }
}

void AddBounds(ModelScore& summary) {
  if (!IsShare(summary.info) || summary.planned == 0) return;
  if (summary.info.better == Direction::kNone) return;
  const double sum = summary.mean.value_or(0.0) * summary.measured;
  const double unmeasured = summary.planned - summary.measured;
  const bool higher = summary.info.better == Direction::kHigher;
  summary.worst_bound = (sum + (higher ? 0.0 : unmeasured)) / summary.planned;
  summary.best_bound = (sum + (higher ? unmeasured : 0.0)) / summary.planned;
}

// Verdicts, one a scene, have an interval of shares, which knows that twenty of twenty are not all.
Interval IntervalOf(const ScoreInfo& info,
                    const std::vector<std::vector<double>>& scenes,
                    const BootstrapOptions& options) {
  const bool alone = std::all_of(
      scenes.begin(), scenes.end(), [](const auto& values) { return values.size() == 1; });
  if (!IsVerdict(info) || !alone) return ClusteredBootstrapMean(scenes, options);
  int won = 0;
  for (const std::vector<double>& verdict : scenes) won += verdict.front() > 0.5 ? 1 : 0;
  return WilsonShare(won, static_cast<int>(scenes.size()));
}

ModelScore SummariseOne(const Results& results, const std::string& model, const ScoreInfo& info) {
  ModelScore summary;
  summary.model = model;
  summary.info = info;
  std::map<std::string, std::vector<double>> by_scene;
  for (const Cell& cell : results.cells) {
    if (cell.key.model == model) Count(cell, info, summary, by_scene);
  }
  if (summary.measured > 0) {
    std::vector<std::vector<double>> clusters;
    clusters.reserve(by_scene.size());
    for (const auto& [scene, values] : by_scene) clusters.push_back(values);
    const Interval interval =
        IntervalOf(info, clusters, {.seed = DeriveSeed(0, model, "interval of " + info.id)});
    summary.mean = interval.value;
    summary.low = interval.low;
    summary.high = interval.high;
  }
  AddBounds(summary);
  return summary;
}

}  // namespace

std::vector<ModelScore> Summarise(const Results& results) {
  std::vector<ModelScore> summaries;
  for (const std::string& model : results.models) {
    for (const ScoreInfo& info : results.scores) {
      summaries.push_back(SummariseOne(results, model, info));
    }
  }
  return summaries;
}

}  // namespace plumb
