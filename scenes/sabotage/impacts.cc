// SPDX-License-Identifier: Apache-2.0
// Impacts that lose or win what they should keep, or come at the wrong time.
#include <algorithm>
#include <cmath>

#include "scenes/sabotage/internal_impacts.h"
#include "scenes/sabotage/internal_restart.h"

namespace plumb {
namespace {

// Slower touches are no impacts.
constexpr double kImpact_mps = 0.15;
// The solver has done its work this many steps after two bodies met.
constexpr int kSettled_steps = 2;
constexpr int kMost_impacts = 12;
// Whose velocity changes by less was not reached by a blow: gravity alone gives that much.
constexpr double kLeastGain_mps = 0.05;

bool IsObject(const Scene& scene, int body) { return scene.bodies[body].role == Role::kObject; }
bool IsFree(const Scene& scene, int body) { return !scene.bodies[body].fixed; }

// The first impact after a time: of an object with anything, or of two objects. `body` -1: of any.
struct ImpactQuery {
  double after_s = 0;
  bool both_objects = false;
  int body = -1;
};
std::optional<ContactEvent> NextImpact(const Scene& scene,
                                       const Motion& motion,
                                       const ImpactQuery& query) {
  for (const ContactEvent& contact : motion.contacts) {
    const int a = contact.body_a;
    const int b = contact.body_b;
    if (contact.time_s <= query.after_s || contact.approach_mps < kImpact_mps) continue;
    if (query.body >= 0 && a != query.body && b != query.body) continue;
    if (!IsFree(scene, a) && !IsFree(scene, b)) continue;
    const bool objects[] = {IsObject(scene, a), IsObject(scene, b)};
    if (query.both_objects ? objects[0] && objects[1] : objects[0] || objects[1]) return contact;
  }
  return std::nullopt;
}

double TimeBeforeFirst(const SabotageJob& job) { return (job.first_frame - 1) / job.options.fps; }

// The first frame at or after a time, but not before the job's first.
int FrameAfter(const SabotageJob& job, double time_s) {
  const int frame = static_cast<int>(std::ceil(time_s * job.options.fps - 1e-6));
  return std::min(std::max(job.first_frame, frame), job.truth.num_frames());
}

// The velocities of those who met, times a factor right after each impact.
BrokenVideo WithOtherOutcome(const SabotageJob& asked, bool both_objects, double factor) {
  SabotageJob job = asked;
  const Scene& scene = job.truth.scene;
  Motion motion = job.truth.motion;
  ImpactQuery query{TimeBeforeFirst(job), both_objects, NamedBody(job)};
  for (int k = 0; k < kMost_impacts; ++k) {
    const std::optional<ContactEvent> impact = NextImpact(scene, motion, query);
    if (!impact) break;
    const int step = static_cast<int>(std::ceil(impact->time_s * motion.rate_hz)) + kSettled_steps;
    if (step >= LastStep(job)) break;
    if (k == 0) job.first_frame = FrameAfter(job, step / motion.rate_hz);
    motion = Restarted(job, motion, {step, LastStep(job), [&](Scene& restarted) {
                                       for (const int b : {impact->body_a, impact->body_b}) {
                                         if (!IsObject(scene, b)) continue;
                                         restarted.bodies[b].velocity_mps *= factor;
                                         restarted.bodies[b].angular_velocity_radps *= factor;
                                       }
                                     }});
    // What touches already when the motion is taken up again meets a second time.
    query.after_s = (step + kSettled_steps) / motion.rate_hz;
  }
  return Rendered(job, motion, {}, query.body);
}

// The last step before an impact.
int StepBefore(const Motion& motion, const ContactEvent& impact) {
  return std::max(0, static_cast<int>(std::floor(impact.time_s * motion.rate_hz)) - 1);
}

// Whoever was slower before an impact was struck.
int StruckBody(const SabotageJob& job, const ContactEvent& impact) {
  if (const int named = NamedBody(job); named >= 0) return named;
  const int a = impact.body_a;
  const int b = impact.body_b;
  const Scene& scene = job.truth.scene;
  if (!IsFree(scene, a)) return b;
  if (!IsFree(scene, b)) return a;
  const Motion& motion = job.truth.motion;
  const std::vector<BodyState>& states = motion.states[StepBefore(motion, impact)];
  return states[a].velocity_mps.norm() < states[b].velocity_mps.norm() ? a : b;
}

// Both stand still where they touch; then the blow comes, with the velocities that they had.
Motion WithBlowAfter(const SabotageJob& job, const ContactEvent& impact, double delay_s) {
  const Motion& truth = job.truth.motion;
  const int from = StepBefore(truth, impact);
  const int to =
      std::min(LastStep(job), from + static_cast<int>(std::lround(delay_s * truth.rate_hz)));
  const Motion held = Restarted(job, truth, {from, to, [&](Scene& scene) {
                                               scene.bodies[impact.body_a].fixed = true;
                                               scene.bodies[impact.body_b].fixed = true;
                                             }});
  return Restarted(job, held, {to, LastStep(job), [&](Scene& scene) {
                                 for (const int b : {impact.body_a, impact.body_b}) {
                                   if (!IsFree(scene, b)) continue;
                                   const BodyState& before = truth.states[from][b];
                                   scene.bodies[b].velocity_mps = before.velocity_mps;
                                   scene.bodies[b].angular_velocity_radps =
                                       before.angular_velocity_radps;
                                 }
                               }});
}

// All whom the blow reaches get what it gives them at a step before it, across the gap.
Motion WithBlowAt(const SabotageJob& job, const ContactEvent& impact, int early_step) {
  const Motion& truth = job.truth.motion;
  const int step = StepBefore(truth, impact);
  const std::vector<BodyState>& before = truth.states[step];
  const std::vector<BodyState>& after =
      truth.states[std::min(LastStep(job), step + 2 + kSettled_steps)];
  return Restarted(job, truth, {early_step, LastStep(job), [&](Scene& scene) {
                                  for (size_t b = 0; b < before.size(); ++b) {
                                    const Eigen::Vector3d gained_mps =
                                        after[b].velocity_mps - before[b].velocity_mps;
                                    if (gained_mps.norm() < kLeastGain_mps) continue;
                                    Body& body = scene.bodies[b];
                                    if (body.fixed) continue;
                                    body.velocity_mps += gained_mps;
                                    body.angular_velocity_radps += after[b].angular_velocity_radps -
                                                                   before[b].angular_velocity_radps;
                                  }
                                }});
}

}  // namespace

BrokenVideo BreakMomentum(const SabotageJob& job) {
  return WithOtherOutcome(job, true, 1 - job.sabotage.amount);
}

BrokenVideo BreakEnergy(const SabotageJob& job) {
  return WithOtherOutcome(job, false, std::sqrt(1 + job.sabotage.amount));
}

std::optional<ShiftedBlow> WithBlowShifted(const SabotageJob& job, double by_s) {
  const double earliest_s = TimeBeforeFirst(job);
  const Motion& truth = job.truth.motion;
  const auto impact = NextImpact(job.truth.scene, truth, {earliest_s, true, NamedBody(job)});
  if (!impact) return std::nullopt;
  const int struck = StruckBody(job, *impact);
  if (by_s > 0) {
    const int frame = FrameAfter(job, StepBefore(truth, *impact) / truth.rate_hz);
    return ShiftedBlow{WithBlowAfter(job, *impact, by_s), struck, frame};
  }
  // No earlier than the frames allow.
  const double acts_s = std::max(earliest_s, impact->time_s + by_s);
  const int step = std::min(static_cast<int>(std::ceil(acts_s * truth.rate_hz - 1e-6)),
                            StepBefore(truth, *impact));
  return ShiftedBlow{WithBlowAt(job, *impact, step), struck, FrameAfter(job, step / truth.rate_hz)};
}

namespace {

BrokenVideo Shifted(const SabotageJob& asked, double by_s) {
  const std::optional<ShiftedBlow> blow = WithBlowShifted(asked, by_s);
  if (!blow) return {asked.truth.video, asked.first_frame, asked.sabotage.body};
  SabotageJob job = asked;
  job.first_frame = blow->first_frame;
  return Rendered(job, blow->motion, {}, blow->struck_body);
}

}  // namespace

BrokenVideo BreakPromptness(const SabotageJob& job) { return Shifted(job, job.sabotage.amount); }

BrokenVideo BreakCausality(const SabotageJob& job) { return Shifted(job, -job.sabotage.amount); }

}  // namespace plumb
