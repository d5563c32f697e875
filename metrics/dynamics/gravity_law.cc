// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "metrics/dynamics/error_interval.h"
#include "metrics/dynamics/law.h"

namespace plumb {
namespace {

// One estimate over all objects, each weighed by its inverse variance.
std::optional<Interval> GravityIn(const MotionRecord& record, PathChoice choice) {
  double weights = 0.0;
  double weighted = 0.0;
  for (const ObjectPaths& paths : record.paths) {
    const std::vector<Flight> flights = FreeFlights(
        record.truth, paths.body, record.observation.paired.pairs, record.observation.first_scored);
    const std::optional<Interval> fall =
        RecoverGravity(paths.*choice, flights, paths.noise_floor_m);
    if (!fall) continue;
    const double half = 0.5 * (fall->high - fall->low);
    const double weight = 1.0 / (half * half + 1e-12);
    weights += weight;
    weighted += weight * fall->value;
  }
  if (weights == 0.0) return std::nullopt;
  const double value = weighted / weights;
  return Interval{value, value - 1.0 / std::sqrt(weights), value + 1.0 / std::sqrt(weights)};
}

}  // namespace

LawResult MeasureGravity(const MotionRecord& record,
                         const ScoreInfo& value_info,
                         const ScoreInfo& error_info) {
  const double g = record.truth.scene.gravity_mps2.norm();
  const std::optional<Interval> truth = GravityIn(record, &ObjectPaths::truth);
  if (!truth) {
    const Reason reason{ReasonCode::kLawNotApplicable,
                        "no object is followed through five frames of free flight in the truth"};
    return {{Score::NotTested(value_info, reason), Score::NotTested(error_info, reason)}, {}};
  }
  const std::optional<Interval> sample = GravityIn(record, &ObjectPaths::sample);
  if (!sample) {
    const Reason reason{ReasonCode::kObjectNotFound,
                        "no object is followed through five frames of the truth's free flight"};
    return {{Score::NotMeasurable(value_info, reason), Score::NotMeasurable(error_info, reason)},
            LawCredit{"gravity", {0.0, 0.0, 0.0}}};
  }
  // What the measure is off in the truth's own pictures is part of its uncertainty.
  const double bias = std::abs(truth->value - g);
  const Interval fall = Widened(*sample, bias);
  const Interval off = Distance(fall, g);
  const Interval error{off.value / g, off.low / g, off.high / g};
  Evidence evidence;
  evidence.details["gravity_mps2"] = IntervalJson(fall);
  evidence.details["in_truth_pictures_mps2"] = IntervalJson(*truth);
  evidence.details["scene_mps2"] = g;
  return {{Score::Measured(value_info, fall.value, fall.low, fall.high, evidence),
           Score::Measured(error_info, error.value, error.low, error.high, evidence)},
          LawCredit{"gravity", CreditOf(error, bias / g, 1.0)}};
}

}  // namespace plumb
