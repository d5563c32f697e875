// SPDX-License-Identifier: Apache-2.0
// Forces that act otherwise: leaning gravity, friction, inertia, contact in the wrong place.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/errors.h"
#include "scenes/sabotage/internal_restart.h"

namespace plumb {
namespace {

// Contact moves to its wrong place over so many frames, so that nothing is thrown.
constexpr int kShift_frames = 12;

// The truth until the frame before the first that may differ, then in an edited scene.
Motion From(const SabotageJob& job, const std::function<void(Scene&)>& edit) {
  return Restarted(
      job, job.truth.motion, {StepOfFrame(job, job.first_frame - 1), LastStep(job), edit});
}

// A body that collides as if it were up to `factor` times as large.
BrokenVideo WithOtherReach(const SabotageJob& job, double factor) {
  const int body = ChosenBody(job.truth.scene, job.sabotage.body);
  if (job.truth.scene.bodies[body].fixed) {
    throw UsageError(fmt::format("sabotage '{}': the body '{}' never moves",
                                 job.sabotage.law,
                                 job.truth.scene.bodies[body].name));
  }
  Motion motion = job.truth.motion;
  for (int k = 1; k <= kShift_frames; ++k) {
    const int frame = job.first_frame - 2 + k;
    const bool is_last = k == kShift_frames || frame + 1 >= job.truth.num_frames();
    const double reach = 1 + (factor - 1) * k / kShift_frames;
    const int to_step = is_last ? LastStep(job) : StepOfFrame(job, frame + 1);
    motion = Restarted(job, motion, {StepOfFrame(job, frame), to_step, [&](Scene& scene) {
                                       Shape& shape = scene.bodies[body].shape;
                                       shape = Scaled(shape, reach);
                                     }});
    if (is_last) break;
  }
  return Rendered(job, motion, {}, body);
}

}  // namespace

BrokenVideo BreakGravityDirection(const SabotageJob& job) {
  const Camera& camera = job.truth.cameras[job.first_frame];
  const Eigen::Vector3d forward =
      Inverse(camera.camera_from_world).rotation * Eigen::Vector3d::UnitZ();
  const double angle_rad = job.sabotage.amount * std::numbers::pi / 180;
  const Motion motion = From(job, [&](Scene& scene) {
    // Turned the other way about the view's own direction, "down" leans to the right.
    scene.gravity_mps2 = Eigen::AngleAxisd(-angle_rad, forward) * scene.gravity_mps2;
  });
  return Rendered(job, motion, {});
}

BrokenVideo BreakFriction(const SabotageJob& job) {
  const int only = NamedBody(job);
  const Motion motion = From(job, [&](Scene& scene) {
    for (size_t i = 0; i < scene.bodies.size(); ++i) {
      Body& body = scene.bodies[i];
      const bool is_meant =
          only < 0 ? !body.fixed && body.role == Role::kObject : static_cast<int>(i) == only;
      if (!is_meant) continue;
      body.material.friction *= job.sabotage.amount;
      body.material.rolling_friction_m *= job.sabotage.amount;
    }
  });
  return Rendered(job, motion, {}, only);
}

BrokenVideo BreakInertia(const SabotageJob& job) {
  const int body = ChosenBody(job.truth.scene, job.sabotage.body);
  Intervention change;
  change.body = body;
  change.inertia_factor = job.sabotage.amount;
  return Rendered(job, SimulatedWith(job, change), {}, body);
}

BrokenVideo BreakSolidity(const SabotageJob& job) {
  return WithOtherReach(job, 1 - 2 * job.sabotage.amount);
}

BrokenVideo BreakSupport(const SabotageJob& job) {
  return WithOtherReach(job, 1 + 2 * job.sabotage.amount);
}

}  // namespace plumb
