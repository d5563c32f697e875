// SPDX-License-Identifier: Apache-2.0
// Clocks that run wrongly: too fast, too slow, not at all for a while.
#include <algorithm>
#include <cmath>

#include "core/errors.h"
#include "scenes/sabotage/internal_restart.h"

namespace plumb {
namespace {

// The first frame from the job's first on whose predecessor finds the body in flight.
int FrameInFlight(const SabotageJob& job, int body) {
  for (int frame = job.first_frame; frame < job.truth.num_frames(); ++frame) {
    if (IsInFlight(job, job.truth.motion, body, StepOfFrame(job, frame - 1))) return frame;
  }
  throw UsageError(fmt::format("sabotage '{}': the body '{}' does not fly in scene '{}'",
                               job.sabotage.law,
                               job.truth.scene.bodies[body].name,
                               job.truth.scene.id));
}

}  // namespace

BrokenVideo BreakClock(const SabotageJob& job) {
  const int only = NamedBody(job);
  const double factor = job.sabotage.amount;
  const double from_s = (job.first_frame - 1) / job.options.fps;
  const double end_s = LastStep(job) / job.truth.motion.rate_hz;
  const Motion truth = LongerTruth(job, std::max(0.0, (factor - 1) * (end_s - from_s)));
  Motion motion = job.truth.motion;
  for (int step = StepOfFrame(job, job.first_frame - 1); step <= LastStep(job); ++step) {
    const double shown_s = from_s + factor * (step / motion.rate_hz - from_s);
    for (int body = 0; body < static_cast<int>(motion.states[step].size()); ++body) {
      if (only < 0 || body == only) motion.states[step][body] = StateAtTime(truth, body, shown_s);
    }
  }
  return Rendered(job, motion, {}, only);
}

BrokenVideo BreakFlight(const SabotageJob& asked) {
  SabotageJob job = asked;
  const int body = ChosenBody(job.truth.scene, job.sabotage.body);
  job.first_frame = FrameInFlight(job, body);
  const int from = StepOfFrame(job, job.first_frame - 1);
  const auto pause = static_cast<int>(std::lround(job.sabotage.amount * job.truth.motion.rate_hz));
  const int to = std::min(LastStep(job), from + pause);
  const BodyState before = job.truth.motion.states[from][body];
  Motion motion = Restarted(
      job, job.truth.motion, {from, to, [&](Scene& scene) { scene.bodies[body].fixed = true; }});
  motion = Restarted(job, motion, {to, LastStep(job), [&](Scene& scene) {
                                     Body& moving = scene.bodies[body];
                                     moving.velocity_mps = before.velocity_mps;
                                     moving.angular_velocity_radps = before.angular_velocity_radps;
                                   }});
  return Rendered(job, motion, {}, body);
}

}  // namespace plumb
