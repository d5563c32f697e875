// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/jumps.h"

#include <algorithm>
#include <cmath>

namespace plumb {
namespace {

constexpr double kGapSizes = 0.5;
constexpr double kShapeChange = 0.3;  // of the area; steps across it are uncertain
constexpr double kShapeSizes = 0.25;

using Sightings = std::vector<Sighting>;

// Consecutive sightings of one track.
struct Step {
  size_t from;
  size_t to;
  double speed_pxps;
};

std::vector<Step> StepsOf(const Sightings& sightings, const std::vector<double>& times_s) {
  std::vector<Step> steps;
  size_t last = sightings.size();
  for (size_t k = 0; k < sightings.size(); ++k) {
    if (!sightings[k].found) continue;
    if (last < k) {
      const double length_px = (sightings[k].centroid_px - sightings[last].centroid_px).norm();
      steps.push_back({last, k, length_px / (times_s[k] - times_s[last])});
    }
    last = k;
  }
  return steps;
}

bool Adjacent(const Step& step) { return step.from + 1 == step.to; }

// How much longer each step is than the steps around it, px by frame of arrival; 0 across gaps.
std::vector<double> ExcessSteps(const Sightings& sightings, const std::vector<double>& times_s) {
  const std::vector<Step> steps = StepsOf(sightings, times_s);
  std::vector<double> excess(sightings.size(), 0.0);
  for (size_t s = 0; s < steps.size(); ++s) {
    if (!Adjacent(steps[s])) continue;
    double allowed_pxps = -1.0;
    if (s > 0 && Adjacent(steps[s - 1])) allowed_pxps = steps[s - 1].speed_pxps;
    if (s + 1 < steps.size() && Adjacent(steps[s + 1])) {
      allowed_pxps = std::max(allowed_pxps, steps[s + 1].speed_pxps);
    }
    if (allowed_pxps < 0.0) continue;
    const double duration_s = times_s[steps[s].to] - times_s[steps[s].from];
    excess[steps[s].to] = std::max(0.0, steps[s].speed_pxps - allowed_pxps) * duration_s;
  }
  return excess;
}

double FastestTruth(const Observation& observation) {
  double fastest_pxps = 0.0;
  for (size_t i = 0; i < observation.objects.size(); ++i) {
    for (const Step& step : StepsOf(observation.truth_tracks[i].sightings, observation.times_s)) {
      const bool sure = observation.trusted[i][step.from] && observation.trusted[i][step.to];
      if (sure && Adjacent(step)) fastest_pxps = std::max(fastest_pxps, step.speed_pxps);
    }
  }
  return fastest_pxps;
}

// The jump across a gap: how the distance from the truth changes, beyond what a lawful but slower
// or faster object would gather.
double GapJump(const Observation& observation, size_t object, const Step& step) {
  const Sightings& sightings = observation.sample_tracks[object].sightings;
  const Eigen::Vector2d truth_from = observation.TruthPlace(object, step.from);
  const Eigen::Vector2d truth_to = observation.TruthPlace(object, step.to);
  const Eigen::Vector2d change =
      (sightings[step.to].centroid_px - truth_to) - (sightings[step.from].centroid_px - truth_from);
  const double size_px = observation.objects[object].expected[step.to].size_px;
  return (change.norm() - 0.5 * (truth_to - truth_from).norm()) / size_px - kGapSizes;
}

double AreaChange(const Sightings& sightings, const Step& step) {
  return std::abs(std::log(sightings[step.to].area_px / sightings[step.from].area_px));
}

// Unexplained jumps into each pair, in sizes (raw: small ones are noise).
std::vector<double> JumpsWithin(const Observation& observation,
                                size_t object,
                                double fastest_pxps) {
  const Sightings& sightings = observation.sample_tracks[object].sightings;
  const std::vector<double>& times_s = observation.times_s;
  const std::vector<double> excess = ExcessSteps(sightings, times_s);
  const std::vector<double> truth_excess =
      ExcessSteps(observation.truth_tracks[object].sightings, times_s);
  std::vector<double> jumps(sightings.size(), 0.0);
  for (const Step& step : StepsOf(sightings, times_s)) {
    if (static_cast<int>(step.to) < observation.first_scored) continue;
    const double size_px = observation.objects[object].expected[step.to].size_px;
    if (!Adjacent(step)) {
      jumps[step.to] = std::max(0.0, GapJump(observation, object, step));
      continue;
    }
    const double duration_s = times_s[step.to] - times_s[step.from];
    const double too_fast_px = (step.speed_pxps - 1.5 * fastest_pxps) * duration_s;
    double truth_px = 0.0;
    for (size_t k = step.to - 1; k <= std::min(step.to + 1, truth_excess.size() - 1); ++k) {
      truth_px = std::max(truth_px, truth_excess[k]);
    }
    const double jump_px = std::max(excess[step.to] - truth_px, too_fast_px);
    double jump = jump_px / size_px;
    if (AreaChange(sightings, step) > kShapeChange) jump -= kShapeSizes;
    jumps[step.to] = std::max(0.0, jump);
  }
  return jumps;
}

// The same object already stands elsewhere in the first frame that the sample shows it in.
double FirstJump(const Observation& observation, size_t object) {
  const Sightings& sightings = observation.sample_tracks[object].sightings;
  for (size_t k = 0; k < sightings.size(); ++k) {
    if (!sightings[k].found) continue;
    if (!observation.trusted[object][k] || observation.first_scored == 0) return 0.0;
    const double px = (sightings[k].centroid_px - observation.TruthPlace(object, k)).norm();
    return std::max(0.0, px / observation.objects[object].expected[k].size_px - kGapSizes);
  }
  return 0.0;
}

}  // namespace

std::vector<double> UnexplainedJumps(const Observation& observation, size_t object) {
  std::vector<double> jumps = JumpsWithin(observation, object, FastestTruth(observation));
  if (jumps.empty()) return jumps;
  double& first = jumps[observation.first_scored];
  first = std::max(first, FirstJump(observation, object));
  return jumps;
}

}  // namespace plumb
