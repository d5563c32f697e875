// SPDX-License-Identifier: Apache-2.0
#include "metrics/dynamics/laws.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/check.h"
#include "metrics/dynamics/contacts.h"

namespace plumb {
namespace {

constexpr double kNoCreditFrames = 6.0;       // a contact this much off earns nothing
constexpr double kNoCreditRestitution = 0.5;  // the same of a rebound
constexpr double kTimingFrames = 2.0;  // contacts timed worse in the truth itself are not asked
constexpr double kNoiseFloor_px = 0.1;

enum Index { kContact, kGravity, kGravityError, kRebound, kReboundError };

// Everything the laws are read from.
struct Scene2D {
  const Truth& truth;
  const Observation& observation;
  std::vector<ObjectPaths> paths;
  std::vector<AskedContact> contacts;
};

Scene2D Flattened(const Truth& truth,
                  const Observation& observation,
                  const std::vector<size_t>& moving) {
  Scene2D scene{truth, observation, {}, {}};
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
    scene.paths.push_back(std::move(paths));
  }
  const double start_s = observation.times_s[observation.first_scored];
  scene.contacts = FirstContacts(truth, scene.paths, start_s, observation.times_s.back());
  return scene;
}

// |value − reference| over an interval.
Interval Distance(const Interval& interval, double reference) {
  const double low = std::abs(interval.low - reference);
  const double high = std::abs(interval.high - reference);
  const bool inside = interval.low <= reference && reference <= interval.high;
  return {std::abs(interval.value - reference),
          inside ? 0.0 : std::min(low, high),
          std::max(low, high)};
}

Interval Widened(const Interval& interval, double by) {
  return {interval.value, interval.low - by, interval.high + by};
}

// Credit falls from 1 to 0 while an error grows from what the truth's own pictures show to `none`
// beyond it.
Interval CreditOf(const Interval& error, double truth_error, double none) {
  const auto credit = [&](double e) {
    return std::clamp(1.0 - std::max(0.0, e - truth_error) / none, 0.0, 1.0);
  };
  return {credit(error.value), credit(error.high), credit(error.low)};
}

Interval MeanInterval(const std::vector<Interval>& intervals) {
  Interval mean;
  for (const Interval& interval : intervals) {
    mean.value += interval.value / intervals.size();
    mean.low += interval.low / intervals.size();
    mean.high += interval.high / intervals.size();
  }
  return mean;
}

// One estimate over all objects, each weighed by its inverse variance.
std::optional<Interval> GravityIn(const Scene2D& scene, PathChoice choice) {
  double weights = 0.0;
  double weighted = 0.0;
  for (const ObjectPaths& paths : scene.paths) {
    const std::vector<Flight> flights = FreeFlights(
        scene.truth, paths.body, scene.observation.paired.pairs, scene.observation.first_scored);
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

Json IntervalJson(const Interval& interval) {
  return {{"value", interval.value}, {"low", interval.low}, {"high", interval.high}};
}

struct LawResult {
  std::vector<Score> scores;
  std::optional<LawCredit> credit;
};

LawResult MeasureGravity(const Scene2D& scene,
                         const ScoreInfo& value_info,
                         const ScoreInfo& error_info) {
  const double g = scene.truth.scene.gravity_mps2.norm();
  const std::optional<Interval> truth = GravityIn(scene, &ObjectPaths::truth);
  if (!truth) {
    const Reason reason{ReasonCode::kLawNotApplicable,
                        "no object is followed through five frames of free flight in the truth"};
    return {{Score::NotTested(value_info, reason), Score::NotTested(error_info, reason)}, {}};
  }
  const std::optional<Interval> sample = GravityIn(scene, &ObjectPaths::sample);
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

// Contacts that the finder can time in the truth's own pictures.
std::vector<AskedContact> TimedContacts(const Scene2D& scene) {
  const double frame_s = 1.0 / scene.truth.video.fps();
  std::vector<AskedContact> timed;
  for (const AskedContact& contact : scene.contacts) {
    const std::optional<Break> found = FindContact(contact, scene.paths, &ObjectPaths::truth);
    if (found && std::abs(found->time_s - contact.time_s) <= kTimingFrames * frame_s) {
      timed.push_back(contact);
    }
  }
  return timed;
}

// Time error of one contact in frames of the truth; the worst the clip allows when there is none in
// the sample.
Interval ContactError(const Scene2D& scene, const AskedContact& contact, PathChoice choice) {
  const double fps = scene.truth.video.fps();
  const std::optional<Break> found = FindContact(contact, scene.paths, choice);
  if (!found) {
    const double start_s = scene.observation.times_s[scene.observation.first_scored];
    const double end_s = scene.observation.times_s.back();
    const double worst = fps * std::max(contact.time_s - start_s, end_s - contact.time_s);
    return {worst, worst, worst};
  }
  const double change = (found->velocity_after_mps - found->velocity_before_mps).norm();
  const double half_s = 1.96 * found->noise_m / change;
  return Distance(
      {fps * found->time_s, fps * (found->time_s - half_s), fps * (found->time_s + half_s)},
      fps * contact.time_s);
}

LawResult MeasureContacts(const Scene2D& scene, const ScoreInfo& info) {
  const std::vector<AskedContact> timed = TimedContacts(scene);
  if (timed.empty()) {
    return {{Score::NotTested(info,
                              {ReasonCode::kNoEvent,
                               "no first contact at 0.3 m/s or more that can be timed in "
                               "the truth's own pictures"})},
            {}};
  }
  std::vector<Interval> errors;
  std::vector<Interval> credits;
  Evidence evidence;
  Json events = Json::array();
  for (const AskedContact& contact : timed) {
    const Interval error = ContactError(scene, contact, &ObjectPaths::sample);
    const double own = ContactError(scene, contact, &ObjectPaths::truth).value;
    errors.push_back(error);
    credits.push_back(CreditOf(error, own, kNoCreditFrames));
    const std::string& name = scene.observation.objects[scene.paths[contact.path].object].name;
    const int frame = static_cast<int>(std::lround(contact.time_s * scene.truth.video.fps()));
    events.push_back(
        {{"frame", frame},
         {"kind", "contact"},
         {"body", name},
         {"text", fmt::format("first contact of '{}' is {:.2f} frames off", name, error.value)}});
    if (error.value > 1.0) evidence.frames.push_back(frame);
  }
  evidence.details["events"] = std::move(events);
  const Interval mean = MeanInterval(errors);
  return {{Score::Measured(info, mean.value, mean.low, mean.high, std::move(evidence))},
          LawCredit{"contact", MeanInterval(credits)}};
}

// What all asked rebounds say together.
struct Rebounds {
  std::vector<Interval> ratios;  // of the sample
  std::vector<Interval> errors;
  std::vector<Interval> credits;  // 0 where the sample shows no rebound
  Json list = Json::array();
};

Rebounds MeasureRebounds(const Scene2D& scene) {
  Rebounds rebounds;
  for (const AskedContact& contact : TimedContacts(scene)) {
    const auto exact = ReboundRatio(contact, scene.paths, &ObjectPaths::states);
    const auto truth = ReboundRatio(contact, scene.paths, &ObjectPaths::truth);
    if (!exact || !truth) continue;
    const auto sample = ReboundRatio(contact, scene.paths, &ObjectPaths::sample);
    Json entry = {{"body", scene.observation.objects[scene.paths[contact.path].object].name},
                  {"simulated", exact->value},
                  {"in_truth_pictures", truth->value}};
    if (sample) {
      // Friction and spin change speeds within a frame of the contact: the truth's pictures carry
      // the same bias.
      const Interval ratio = Widened(*sample, 0.5 * (truth->high - truth->low));
      const Interval error = Distance(ratio, truth->value);
      entry["recovered"] = IntervalJson(*sample);
      rebounds.ratios.push_back(*sample);
      rebounds.errors.push_back(error);
      rebounds.credits.push_back(CreditOf(error, 0.0, kNoCreditRestitution));
    } else {
      rebounds.credits.push_back({0.0, 0.0, 0.0});
    }
    rebounds.list.push_back(std::move(entry));
  }
  return rebounds;
}

LawResult MeasureRestitution(const Scene2D& scene,
                             const ScoreInfo& value_info,
                             const ScoreInfo& error_info) {
  const Rebounds rebounds = MeasureRebounds(scene);
  if (rebounds.credits.empty()) {
    const Reason reason{ReasonCode::kNoEvent,
                        "the truth shows no rebound with three clear frames on either side"};
    return {{Score::NotTested(value_info, reason), Score::NotTested(error_info, reason)}, {}};
  }
  const LawCredit credit{"restitution", MeanInterval(rebounds.credits)};
  if (rebounds.ratios.empty()) {
    const Reason reason{ReasonCode::kNoEvent,
                        "the sample shows none of the truth's rebounds with three clear frames on "
                        "either side"};
    return {{Score::NotMeasurable(value_info, reason), Score::NotMeasurable(error_info, reason)},
            credit};
  }
  Evidence evidence;
  evidence.details["rebounds"] = rebounds.list;
  const Interval ratio = MeanInterval(rebounds.ratios);
  const Interval error = MeanInterval(rebounds.errors);
  return {{Score::Measured(value_info, ratio.value, ratio.low, ratio.high, evidence),
           Score::Measured(error_info, error.value, error.low, error.high, evidence)},
          credit};
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
    const Reason reason{ReasonCode::kNoStates,
                        "only pictures of the truth are known: there are no metres and no states"};
    for (const ScoreInfo& info : infos) {
      report.scores.push_back(Score::NotMeasurable(info, reason));
    }
    return report;
  }
  const Scene2D scene = Flattened(*input.truth, observation, moving);
  Append(MeasureContacts(scene, infos[kContact]), report);
  Append(MeasureGravity(scene, infos[kGravity], infos[kGravityError]), report);
  Append(MeasureRestitution(scene, infos[kRebound], infos[kReboundError]), report);
  return report;
}

}  // namespace plumb
