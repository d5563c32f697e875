// SPDX-License-Identifier: Apache-2.0
// Impacts that lose or win what they should keep, or come at the wrong time.
#include <algorithm>
#include <cmath>
#include <optional>

#include "scenes/sabotage/internal_restart.h"

namespace plumb {
namespace {

// Slower touches are no impacts.
constexpr double kImpact_mps = 0.15;
// The solver has done its work this many steps after two bodies met.
constexpr int kSettled_steps = 2;
constexpr int kMost_impacts = 12;
// What moves more slowly than this stands still.
constexpr double kRest_mps = 0.1;

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

int NamedBody(const SabotageJob& job) {
  const std::string& name = job.sabotage.body;
  return name.empty() ? -1 : ChosenBody(job.truth.scene, name);
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

// Whoever was slower before an impact was struck.
int StruckBody(const SabotageJob& job, const ContactEvent& impact) {
  if (const int named = NamedBody(job); named >= 0) return named;
  const int a = impact.body_a;
  const int b = impact.body_b;
  const Scene& scene = job.truth.scene;
  if (!IsFree(scene, a)) return b;
  if (!IsFree(scene, b)) return a;
  const Motion& motion = job.truth.motion;
  const auto before =
      static_cast<size_t>(std::max(0.0, std::floor(impact.time_s * motion.rate_hz) - 1));
  const std::vector<BodyState>& states = motion.states[before];
  return states[a].velocity_mps.norm() < states[b].velocity_mps.norm() ? a : b;
}

// A body going on for some seconds (back for negative ones) as it moved at a state.
BodyState Drifted(BodyState state, const BodyState& at, double seconds) {
  state.world_from_body.translation += seconds * at.velocity_mps;
  const Eigen::Vector3d turn = seconds * at.angular_velocity_radps;
  if (turn.norm() < 1e-12) return state;
  const Eigen::Quaterniond rotation(Eigen::AngleAxisd(turn.norm(), turn.normalized()));
  state.world_from_body.rotation = (rotation * state.world_from_body.rotation).normalized();
  return state;
}

// The struck body reacts `delay_s` after (before, when negative) the moment of the blow.
BrokenVideo WithDelay(const SabotageJob& asked, double delay_s) {
  SabotageJob job = asked;
  const Scene& scene = job.truth.scene;
  const ImpactQuery query{TimeBeforeFirst(job), true, NamedBody(job)};
  const auto impact = NextImpact(scene, job.truth.motion, query);
  if (!impact) return {job.truth.video, job.first_frame, job.sabotage.body};
  const int body = StruckBody(job, *impact);
  // No earlier than the frames allow.
  const double delay = std::max(delay_s, TimeBeforeFirst(job) - impact->time_s);
  const Motion truth = delay < 0 ? LongerTruth(job, -delay) : job.truth.motion;
  const auto rate = truth.rate_hz;
  BodyState before =
      truth.states[std::max(0, static_cast<int>(std::floor(impact->time_s * rate)) - 1)][body];
  if (before.velocity_mps.norm() < kRest_mps) {
    before.velocity_mps.setZero();
    before.angular_velocity_radps.setZero();
  }
  const double from_s = std::min(impact->time_s, impact->time_s + delay);
  job.first_frame = FrameAfter(job, from_s);
  Motion motion = job.truth.motion;
  for (int step = static_cast<int>(std::ceil(from_s * rate)); step <= LastStep(job); ++step) {
    const double time_s = step / rate;
    const double shown_s = std::max(std::min(time_s, impact->time_s), time_s - delay);
    motion.states[step][body] =
        Drifted(StateAtTime(truth, body, shown_s), before, time_s - shown_s);
  }
  return Rendered(job, motion, {}, body);
}

}  // namespace

BrokenVideo BreakMomentum(const SabotageJob& job) {
  return WithOtherOutcome(job, true, 1 - job.sabotage.amount);
}

BrokenVideo BreakEnergy(const SabotageJob& job) {
  return WithOtherOutcome(job, false, std::sqrt(1 + job.sabotage.amount));
}

BrokenVideo BreakPromptness(const SabotageJob& job) { return WithDelay(job, job.sabotage.amount); }

BrokenVideo BreakCausality(const SabotageJob& job) { return WithDelay(job, -job.sabotage.amount); }

}  // namespace plumb
