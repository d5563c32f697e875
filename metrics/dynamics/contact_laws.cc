// SPDX-License-Identifier: Apache-2.0
// What first contacts tell: when they happen and how bodies part.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "metrics/dynamics/error_interval.h"
#include "metrics/dynamics/law.h"

namespace plumb {
namespace {

constexpr double kNoCreditFrames = 6.0;       // a contact this much off earns nothing
constexpr double kNoCreditRestitution = 0.5;  // the same of a rebound
constexpr int kSettleSteps = 3;               // physics steps before and after a contact
constexpr double kTimingFrames = 2.0;  // contacts timed worse in the truth itself are not asked

// Contacts that the finder can time in the truth's own pictures.
std::vector<AskedContact> TimedContacts(const MotionRecord& record) {
  const double frame_s = 1.0 / record.truth.video.fps();
  std::vector<AskedContact> timed;
  for (const AskedContact& contact : record.contacts) {
    const std::optional<Break> found = FindContact(contact, record.paths, &ObjectPaths::truth);
    if (found && std::abs(found->time_s - contact.time_s) <= kTimingFrames * frame_s) {
      timed.push_back(contact);
    }
  }
  return timed;
}

// Time error of one contact in frames of the truth; the worst the clip allows when there is none in
// the sample.
Interval ContactError(const MotionRecord& record, const AskedContact& contact, PathChoice choice) {
  const double fps = record.truth.video.fps();
  const std::optional<Break> found = FindContact(contact, record.paths, choice);
  if (!found) {
    const double start_s = record.observation.times_s[record.observation.first_scored];
    const double end_s = record.observation.times_s.back();
    const double worst = fps * std::max(contact.time_s - start_s, end_s - contact.time_s);
    return {worst, worst, worst};
  }
  const double change = (found->velocity_after_mps - found->velocity_before_mps).norm();
  const double half_s = 1.96 * found->noise_m / change;
  return Distance(
      {fps * found->time_s, fps * (found->time_s - half_s), fps * (found->time_s + half_s)},
      fps * contact.time_s);
}

// What all asked rebounds say together.
struct Rebounds {
  std::vector<Interval> ratios;  // of the sample
  std::vector<Interval> errors;
  std::vector<Interval> credits;  // 0 where the sample shows no rebound
  Json list = Json::array();
};

// Parting over closing speed as the simulation has it, a few steps before and after the contact.
double SimulatedRatio(const Truth& truth, const AskedContact& contact) {
  const ContactEvent& event = truth.motion.contacts[contact.event];
  const int last = static_cast<int>(truth.motion.states.size()) - 1;
  const auto closing_mps = [&](double step) {
    const auto& states = truth.motion.states[std::clamp(static_cast<int>(step), 0, last)];
    return (states[event.body_a].velocity_mps - states[event.body_b].velocity_mps)
        .dot(event.normal);
  };
  const double step = event.time_s * truth.motion.rate_hz;
  const double before_mps = closing_mps(std::floor(step) - kSettleSteps);
  return before_mps == 0.0 ? 0.0 : -closing_mps(std::ceil(step) + kSettleSteps) / before_mps;
}

Rebounds MeasureRebounds(const MotionRecord& record) {
  Rebounds rebounds;
  for (const AskedContact& contact : TimedContacts(record)) {
    const auto exact = ReboundRatio(contact, record.paths, &ObjectPaths::states);
    const auto truth = ReboundRatio(contact, record.paths, &ObjectPaths::truth);
    if (!exact || !truth) continue;
    const auto sample = ReboundRatio(contact, record.paths, &ObjectPaths::sample);
    Json entry = {{"body", record.observation.objects[record.paths[contact.path].object].name},
                  {"simulated", exact->value},
                  {"in_truth_pictures", truth->value}};
    if (sample) {
      // Friction and spin change speeds within a frame of the contact: the truth's pictures carry
      // the same bias.
      const Interval ratio = Widened(*sample, 0.5 * (truth->high - truth->low));
      const Interval error = Distance(ratio, truth->value);
      entry["recovered"] = IntervalJson(*sample);
      // What low bounces and tumbling do to the measure in the truth's own pictures is part of its
      // uncertainty.
      const double bias = std::abs(truth->value - SimulatedRatio(record.truth, contact));
      rebounds.ratios.push_back(Widened(*sample, bias));
      rebounds.errors.push_back(error);
      rebounds.credits.push_back(CreditOf(error, 0.0, kNoCreditRestitution));
    } else {
      rebounds.credits.push_back({0.0, 0.0, 0.0});
    }
    rebounds.list.push_back(std::move(entry));
  }
  return rebounds;
}

}  // namespace

LawResult MeasureContacts(const MotionRecord& record, const ScoreInfo& info) {
  const std::vector<AskedContact> timed = TimedContacts(record);
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
    const Interval error = ContactError(record, contact, &ObjectPaths::sample);
    const double own = ContactError(record, contact, &ObjectPaths::truth).value;
    errors.push_back(error);
    credits.push_back(CreditOf(error, own, kNoCreditFrames));
    const std::string& name = record.observation.objects[record.paths[contact.path].object].name;
    const int frame = static_cast<int>(std::lround(contact.time_s * record.truth.video.fps()));
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

LawResult MeasureRestitution(const MotionRecord& record,
                             const ScoreInfo& value_info,
                             const ScoreInfo& error_info) {
  const Rebounds rebounds = MeasureRebounds(record);
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

}  // namespace plumb
