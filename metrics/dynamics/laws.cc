// SPDX-License-Identifier: Apache-2.0
#include "metrics/dynamics/laws.h"

#include <algorithm>

#include "core/check.h"
#include "metrics/dynamics/law.h"
#include "metrics/permanence/observed_family.h"

namespace plumb {
namespace {

constexpr double kNoiseFloor_px = 0.1;

enum Index { kContact, kGravity, kGravityError, kRebound, kReboundError };

MotionRecord Recorded(const Truth& truth,
                      const Observation& observation,
                      const std::vector<size_t>& moving) {
  MotionRecord record{truth, observation, {}, {}};
  for (const size_t object : moving) {
    ObjectPaths paths;
    paths.object = object;
    paths.body = observation.objects[object].body;
    const std::vector<FramePair>& pairs = observation.paired.pairs;
    paths.plane = PlaneOf(truth, paths.body, pairs);
    paths.noise_floor_m = kNoiseFloor_px * MetresPerPixel(truth, paths.plane, observation);
    paths.states = StatePath(truth, paths.plane, paths.body, pairs);
    paths.truth =
        SeenPath(truth, paths.plane, observation, object, observation.truth_tracks[object]);
    paths.sample =
        SeenPath(truth, paths.plane, observation, object, observation.sample_tracks[object]);
    record.paths.push_back(std::move(paths));
  }
  const double start_s = observation.times_s[observation.first_scored];
  record.contacts = FirstContacts(truth, record.paths, start_s, observation.times_s.back());
  return record;
}

void Append(const LawResult& result, LawReport& report) {
  report.scores.insert(report.scores.end(), result.scores.begin(), result.scores.end());
  if (result.credit) report.credits.push_back(*result.credit);
}

bool HasStates(const MetricInput& input, const Observation& observation) {
  if (input.truth == nullptr || input.truth->motion.states.empty()) return false;
  return std::all_of(observation.objects.begin(),
                     observation.objects.end(),
                     [](const FollowedObject& object) { return object.body >= 0; });
}

}  // namespace

LawReport MeasureLaws(const MetricInput& input,
                      const Observation& observation,
                      const std::vector<size_t>& moving,
                      const std::vector<ScoreInfo>& infos) {
  PLUMB_CHECK(infos.size() == 5, "{} infos", infos.size());
  LawReport report;
  if (!HasStates(input, observation)) {
    report.scores = AllNotMeasurable(
        infos,
        {ReasonCode::kNoStates,
         "only pictures of the truth are known: there are no metres and no states"});
    return report;
  }
  const MotionRecord record = Recorded(*input.truth, observation, moving);
  Append(MeasureContacts(record, infos[kContact]), report);
  Append(MeasureGravity(record, infos[kGravity], infos[kGravityError]), report);
  Append(MeasureRestitution(record, infos[kRebound], infos[kReboundError]), report);
  return report;
}

}  // namespace plumb
