// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/score_sheet.h"

#include "core/check.h"
#include "core/seed.h"
#include "metrics/metrics.h"

namespace plumb {
namespace {

const ScoreInfo& Info(GeometryScore which) {
  return GeometryScores().at(static_cast<size_t>(which));
}

}  // namespace

const std::vector<ScoreInfo>& GeometryScores() {
  using enum Direction;
  static const std::vector<ScoreInfo> scores = {
      {"geometry.consistency",
       "share",
       kHigher,
       1,
       true,
       "how well one rigid world (or one turning camera) explains point tracks that had no part in "
       "fitting it"},
      {"geometry.registered_share",
       "share",
       kHigher,
       1,
       false,
       "frames whose camera could be found from the reconstructed points"},
      {"geometry.reprojection_px",
       "px",
       kLower,
       1,
       false,
       "median distance of held-out track points from where the reconstruction puts them"},
      {"geometry.inlier_share",
       "share",
       kHigher,
       1,
       false,
       "held-out tracks that agree with the world at least half of the time"},
      {"geometry.rotation_residual_px",
       "px",
       kLower,
       1,
       false,
       "median distance of held-out track points from where a turning camera puts them"},
      {"geometry.background_drift_px",
       "px",
       kLower,
       1,
       false,
       "how far the points of a still camera's picture wander from where they began"},
  };
  return scores;
}

ScoreSheet::ScoreSheet(uint64_t seed) : seed_(seed), scores_(GeometryScores().size()) {}

void ScoreSheet::Put(GeometryScore which, const Interval& interval, Evidence evidence) {
  scores_[static_cast<size_t>(which)] = Score::Measured(
      Info(which), interval.value, interval.low, interval.high, std::move(evidence));
}

void ScoreSheet::PutMedian(GeometryScore which,
                           const std::vector<double>& values,
                           Evidence evidence) {
  const auto median = [](const std::vector<double>& v) { return Median(v); };
  Put(which, Bootstrap(values, median, BootstrapOf("median")), std::move(evidence));
}

void ScoreSheet::Refuse(std::initializer_list<GeometryScore> which,
                        const Reason& reason,
                        const Json& details) {
  for (const GeometryScore score : which) {
    scores_[static_cast<size_t>(score)] = Score::NotMeasurable(Info(score), reason, {{}, details});
  }
}

void ScoreSheet::LeaveOut(std::initializer_list<GeometryScore> which, const std::string& text) {
  for (const GeometryScore score : which) {
    scores_[static_cast<size_t>(score)] =
        Score::NotTested(Info(score), {ReasonCode::kLawNotApplicable, text});
  }
}

BootstrapOptions ScoreSheet::BootstrapOf(std::string_view purpose) const {
  return {1000, 0.95, DeriveSeed(seed_, "geometry", purpose)};
}

std::vector<Score> ScoreSheet::Finish() {
  std::vector<Score> finished;
  for (std::optional<Score>& score : scores_) {
    PLUMB_CHECK(score.has_value(), "score {} was never filled in", finished.size());
    finished.push_back(std::move(*score));
  }
  return finished;
}

}  // namespace plumb
