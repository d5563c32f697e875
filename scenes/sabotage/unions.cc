// SPDX-License-Identifier: Apache-2.0
// Two objects that become one, one that becomes two.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/errors.h"
#include "scenes/sabotage/internal_forms.h"
#include "scenes/sabotage/internal_restart.h"

namespace plumb {
namespace {

int OtherObject(const Scene& scene, int body) {
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    if (static_cast<int>(i) != body && scene.bodies[i].role == Role::kObject)
      return static_cast<int>(i);
  }
  throw UsageError(fmt::format("scene '{}' has no second object to merge with", scene.id));
}

// The first frame from the job's first on in which two bodies have touched; -1 when they never do.
int MeetingFrame(const SabotageJob& job, int a, int b) {
  for (const ContactEvent& contact : job.truth.motion.contacts) {
    if (contact.body_a != std::min(a, b) || contact.body_b != std::max(a, b)) continue;
    const int frame = static_cast<int>(std::ceil(contact.time_s * job.options.fps)) + 1;
    if (frame >= job.first_frame && frame < job.truth.num_frames()) return frame;
  }
  return -1;
}

}  // namespace

BrokenVideo BreakSeparateness(const SabotageJob& asked) {
  const Scene& scene = asked.truth.scene;
  const int body = ChosenBody(scene, asked.sabotage.body);
  const int other = OtherObject(scene, body);
  SabotageJob job = AtNaturalFrame(asked, body);
  const int meeting = asked.sabotage.onset_frame < 0 ? MeetingFrame(asked, body, other) : -1;
  if (meeting >= 0) job.first_frame = meeting;
  const double taken = job.sabotage.amount;
  const double ratio = VolumeOf(scene.bodies[other].shape) / VolumeOf(scene.bodies[body].shape);
  const double grown = 1 + taken * ratio;
  const Shape larger = Scaled(scene.bodies[body].shape, std::cbrt(grown));
  if (taken < 1) {
    const Shape smaller = Scaled(scene.bodies[other].shape, std::cbrt(1 - taken));
    return InNewForms(job, {{body, larger, grown}, {other, smaller, 1 - taken}});
  }
  // The other is gone from simulation and pictures alike.
  const int step = StepOfFrame(job, job.first_frame - 1);
  Scene shown = scene;
  shown.bodies[body].shape = larger;
  const Motion motion =
      Restarted(job, job.truth.motion, {step, LastStep(job), [&](Scene& restarted) {
                                          Body& one = restarted.bodies[body];
                                          Reshape(larger, true, one);
                                          one.mass_kg *= grown;
                                          if (one.fixed) shown.bodies[body] = one;
                                          SceneEvent gone;
                                          gone.kind = SceneEventKind::kRemove;
                                          gone.body = scene.bodies[other].name;
                                          restarted.events.insert(restarted.events.begin(), gone);
                                        }});
  RenderVariation variation;
  variation.changing_bodies = {other};
  variation.is_gone = [](int, int) { return true; };
  return Assembled(
      job,
      RenderPictures({shown, motion, job.options, variation, job.first_frame}, job.progress),
      body);
}

BrokenVideo BreakWholeness(const SabotageJob& asked) {
  const Scene& truth = asked.truth.scene;
  const int body = ChosenBody(truth, asked.sabotage.body);
  const SabotageJob job = AtNaturalFrame(asked, body);
  const int step = StepOfFrame(job, job.first_frame - 1);
  const Shape half = Scaled(truth.bodies[body].shape, std::cbrt(0.5));
  const Eigen::Vector3d right =
      Inverse(job.truth.cameras[job.first_frame].camera_from_world).rotation *
      Eigen::Vector3d::UnitX();
  const double apart_m = 0.505 * half.size_m.head<2>().norm() / std::numbers::sqrt2;
  Scene shown = truth;
  const auto edit = [&](Scene& scene) {
    Body first = scene.bodies[body];
    Reshape(half, !IsInFlight(job, job.truth.motion, body, step), first);
    first.mass_kg /= 2;
    Body second = first;
    second.name += " (half)";
    const double side_mps = job.sabotage.amount / 2;
    const double side = side_mps < 0 ? -1 : 1;
    first.world_from_body.translation -= side * apart_m * right;
    first.velocity_mps -= side_mps * right;
    second.world_from_body.translation += side * apart_m * right;
    second.velocity_mps += side_mps * right;
    scene.bodies[body] = first;
    scene.bodies.push_back(second);
    shown.bodies[body].shape = half;
    shown.bodies.push_back(second);
  };
  const Motion motion = Restarted(job, job.truth.motion, {step, LastStep(job), edit});
  return RenderedScene(job, shown, motion, body);
}

}  // namespace plumb
