// SPDX-License-Identifier: Apache-2.0
// Laws of motion broken by simulating again: gravity, restitution, continuity.
#include <algorithm>
#include <array>

#include "scenes/rendering/internal_passes.h"
#include "scenes/sabotage/internal_restart.h"

namespace plumb {
namespace {

// A jump that leaves the object in view for this share of the rest of the clip is taken at once.
constexpr double kEnoughSeen = 0.6;

// Mean share of the body that is seen after a jump, counted against its size before it, over six
// frames until the end.
double SeenAfter(const SabotageJob& job, const Motion& motion, int body) {
  constexpr int kProbes = 6;
  FrameRenderer renderer(job.truth.scene, job.options, {});
  const double before_px = std::max(1.0, job.truth.views[job.first_frame - 1][body].modal_area_px);
  const int last = job.truth.num_frames() - 1;
  double sum = 0;
  for (int k = 0; k < kProbes; ++k) {
    const int frame = job.first_frame + k * (last - job.first_frame) / (kProbes - 1);
    const FrameInput input = InputAtFrame(job.truth.scene, motion, job.options, frame);
    const FrameOutput output = renderer.Render(input);
    const BodyView view = ViewsOf(job.truth.scene, input, output)[body];
    sum += view.visible_share * std::min(1.0, view.modal_area_px / before_px);
  }
  return sum / kProbes;
}

// Sideways along the surface that the body touches, then away from the camera. Towards the middle
// of the picture first; another way where the object would be hidden or leave the picture.
std::array<Eigen::Vector3d, 4> JumpDirections(const SabotageJob& job, int body) {
  const Rigid3 world_from_camera = Inverse(job.truth.cameras[job.first_frame].camera_from_world);
  const double time_s = job.truth.video.times_s()[job.first_frame - 1];
  const Eigen::Vector3d normal = SupportNormal(job.truth, body, time_s);
  Eigen::Vector3d right = world_from_camera.rotation * Eigen::Vector3d::UnitX();
  right = (right - normal * normal.dot(right)).normalized();
  Eigen::Vector3d away = world_from_camera.rotation * Eigen::Vector3d::UnitZ();
  away.z() = 0;
  away.normalize();
  const bool is_left =
      job.truth.views[job.first_frame - 1][body].centroid_px.x() < job.options.width / 2.0;
  const Eigen::Vector3d inwards = is_left ? right : Eigen::Vector3d(-right);
  return {inwards, -inwards, away, -away};
}

}  // namespace

BrokenVideo BreakGravity(const SabotageJob& job) {
  Intervention change;
  change.body = NamedBody(job);
  change.gravity_factor = job.sabotage.amount;
  return Rendered(job, SimulatedWith(job, change), {}, change.body);
}

BrokenVideo BreakRestitution(const SabotageJob& job) {
  Intervention change;
  change.body = NamedBody(job);
  change.restitution_factor = job.sabotage.amount;
  return Rendered(job, SimulatedWith(job, change), {}, change.body);
}

BrokenVideo BreakContinuity(const SabotageJob& job) {
  const int body = ChosenBody(job.truth.scene, job.sabotage.body);
  const FloatModeGuard float_mode;
  double best = -1;
  Motion motion;
  for (const Eigen::Vector3d& direction : JumpDirections(job, body)) {
    Intervention change;
    change.body = body;
    change.jump_m = job.sabotage.amount * direction;
    const Motion candidate = SimulatedWith(job, change);
    const double seen = SeenAfter(job, candidate, body);
    if (seen <= best) continue;
    best = seen;
    motion = candidate;
    if (seen >= kEnoughSeen) break;
  }
  return Rendered(job, motion, {}, body);
}

}  // namespace plumb
