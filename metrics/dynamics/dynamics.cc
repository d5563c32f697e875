// SPDX-License-Identifier: Apache-2.0
// dynamics.*: bodies that move as the truth and its laws say.
#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "metrics/dynamics/laws.h"
#include "metrics/dynamics/trajectory.h"
#include "metrics/metrics.h"
#include "metrics/permanence/evidence.h"
#include "metrics/permanence/observed_family.h"

namespace plumb {
namespace {

constexpr int kVersion = 1;
constexpr double kTrajectoryWeight = 0.5;
constexpr double kFarOffSizes = 0.25;  // frames beyond are shown as offending

enum Index { kLawfulness, kTrajectory, kContact, kGravity, kGravityError, kRebound, kReboundError };

const ScoreInfo& Info(Index index) { return DynamicsScores()[index]; }

// Mean over the moving objects of each frame, NaN where none is asked.
std::vector<double> FrameMeans(const std::vector<std::vector<double>>& values, size_t pairs) {
  std::vector<double> means(pairs, std::numeric_limits<double>::quiet_NaN());
  for (size_t k = 0; k < pairs; ++k) {
    double sum = 0.0;
    int count = 0;
    for (const std::vector<double>& object : values) {
      if (!std::isfinite(object[k])) continue;
      sum += object[k];
      ++count;
    }
    if (count > 0) means[k] = sum / count;
  }
  return means;
}

Evidence TrajectoryEvidence(const Observation& observation, const TrajectoryError& error) {
  const std::vector<double> means = FrameMeans(error.sizes, observation.times_s.size());
  std::vector<size_t> order;
  for (size_t k = 0; k < means.size(); ++k) {
    if (std::isfinite(means[k]) && means[k] > kFarOffSizes) order.push_back(k);
  }
  std::stable_sort(
      order.begin(), order.end(), [&](size_t a, size_t b) { return means[a] > means[b]; });
  Evidence evidence;
  for (const size_t k : order) evidence.frames.push_back(observation.paired.pairs[k].sample);
  evidence.details["asked"] = error.asked;
  evidence.details["missing"] = error.missing;
  evidence.details["per_frame"] =
      StripJson(observation, "distance from the truth", "object sizes", means);
  evidence.details["trajectories"] = TrajectoriesJson(observation);
  return evidence;
}

// The parts of the headline: the trajectory counts half, the laws that the truth shows share the
// rest.
Score LawfulnessScore(const Interval& trajectory,
                      const std::vector<LawCredit>& laws,
                      Evidence evidence) {
  Json parts = {{"trajectory", trajectory.value}};
  Interval mean;
  for (const LawCredit& law : laws) {
    parts[law.law] = law.credit.value;
    mean.value += law.credit.value / laws.size();
    mean.low += law.credit.low / laws.size();
    mean.high += law.credit.high / laws.size();
  }
  const double weight = laws.empty() ? 1.0 : kTrajectoryWeight;
  const auto mix = [&](double a, double b) {
    return std::clamp(weight * a + (1.0 - weight) * b, 0.0, 1.0);
  };
  const double value = mix(trajectory.value, mean.value);
  evidence.details["parts"] = std::move(parts);
  return Score::Measured(Info(kLawfulness),
                         value,
                         std::min(value, mix(trajectory.low, mean.low)),
                         std::max(value, mix(trajectory.high, mean.high)),
                         std::move(evidence));
}

std::vector<Score> ScoresOf(const MetricInput& input,
                            const Observation& observation,
                            const TrajectoryError& error) {
  const std::vector<ScoreInfo> law_infos(DynamicsScores().begin() + kContact,
                                         DynamicsScores().end());
  const LawReport laws = MeasureLaws(input, observation, error.moving, law_infos);
  const Evidence evidence = TrajectoryEvidence(observation, error);
  const Interval sizes = MeanOfAsked(error.sizes, input.seed);
  std::vector<Score> scores;
  scores.push_back(LawfulnessScore(MeanOfAsked(error.credits, input.seed), laws.credits, evidence));
  scores.push_back(
      Score::Measured(Info(kTrajectory), sizes.value, sizes.low, sizes.high, evidence));
  scores.insert(scores.end(), laws.scores.begin(), laws.scores.end());
  return scores;
}

}  // namespace

const std::vector<ScoreInfo>& DynamicsScores() {
  constexpr Direction kUp = Direction::kHigher;
  constexpr Direction kDown = Direction::kLower;
  static const std::vector<ScoreInfo> scores = {
      {"dynamics.lawfulness",
       "share",
       kUp,
       kVersion,
       true,
       "how far the objects move as the truth and the laws it shows demand"},
      {"dynamics.trajectory_error",
       "object sizes",
       kDown,
       kVersion,
       false,
       "Mean distance of the moving objects from the truth; a missing one counts as far as can be"},
      {"dynamics.contact_frame_error",
       "frames",
       kDown,
       kVersion,
       false,
       "how much too early or late first contacts are"},
      {"dynamics.gravity_mps2",
       "m/s2",
       Direction::kNone,
       kVersion,
       false,
       "recovered downward acceleration in free flight (judged by gravity_error)"},
      {"dynamics.gravity_error",
       "share",
       kDown,
       kVersion,
       false,
       "difference of the recovered from the scene's gravity, as a share of it"},
      {"dynamics.restitution",
       "ratio",
       Direction::kNone,
       kVersion,
       false,
       "recovered parting over closing speed at first contacts (judged by restitution_error)"},
      {"dynamics.restitution_error",
       "ratio",
       kDown,
       kVersion,
       false,
       "difference of the recovered restitution from what the truth's own pictures give"},
  };
  return scores;
}

FamilyReport MeasureDynamics(const MetricInput& input, const Progress& progress) {
  const auto scores_of = [&](const Observation& observation) {
    const TrajectoryError error = MeasureTrajectories(observation, input.truth);
    if (!error.moving.empty()) return ScoresOf(input, observation, error);
    return AllNotTested(DynamicsScores(),
                        {ReasonCode::kLawNotApplicable,
                         fmt::format("none of the {} objects moves after the conditioning frames",
                                     observation.objects.size())});
  };
  return MeasureObserved(input, DynamicsScores(), scores_of, progress);
}

}  // namespace plumb
