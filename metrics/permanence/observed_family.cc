// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/observed_family.h"

#include <cmath>

#include "core/check.h"

namespace plumb {
namespace {

constexpr size_t kBlockFrames = 6;

}  // namespace

Interval MeanOfAsked(const std::vector<std::vector<double>>& values, uint64_t seed) {
  std::vector<std::vector<double>> blocks;
  for (const std::vector<double>& object : values) {
    std::vector<double> block;
    for (const double value : object) {
      if (!std::isfinite(value)) continue;
      block.push_back(value);
      if (block.size() < kBlockFrames) continue;
      blocks.push_back(std::move(block));
      block.clear();
    }
    if (!block.empty()) blocks.push_back(std::move(block));
  }
  return ClusteredBootstrapMean(blocks, {.seed = seed});
}

std::vector<Score> AllNotMeasurable(const std::vector<ScoreInfo>& infos, const Reason& reason) {
  std::vector<Score> scores;
  for (const ScoreInfo& info : infos) scores.push_back(Score::NotMeasurable(info, reason));
  return scores;
}

std::vector<Score> AllNotTested(const std::vector<ScoreInfo>& infos, const Reason& reason) {
  std::vector<Score> scores;
  for (const ScoreInfo& info : infos) scores.push_back(Score::NotTested(info, reason));
  return scores;
}

FamilyReport MeasureObserved(const MetricInput& input,
                             const std::vector<ScoreInfo>& infos,
                             const ScoresOfObservation& scores_of,
                             const Progress& progress) {
  PLUMB_CHECK(input.sample != nullptr, "no sample");
  FamilyReport report;
  const Observation observation = Observe(input, progress);
  report.notes = observation.notes;
  report.scores = observation.unmeasurable ? AllNotMeasurable(infos, *observation.unmeasurable)
                                           : scores_of(observation);
  return report;
}

}  // namespace plumb
