// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "core/check.h"
#include "scenes/sabotage/internal_restart.h"

namespace plumb {
namespace {

// Either way from the step in question.
constexpr int kFlight_steps = 30;

// What is still to come of a guided body's way.
std::vector<PoseKey> RestOfPath(const Body& body, double time_s) {
  if (body.path.empty()) return {};
  std::vector<PoseKey> rest = {{0.0, GuidedPose(body, time_s)}};
  for (const PoseKey& key : body.path) {
    if (key.time_s > time_s) rest.push_back({key.time_s - time_s, key.world_from_body});
  }
  return rest;
}

void MoveJoint(const Scene& scene, const std::vector<BodyState>& states, Joint& joint) {
  const int body = FindBody(scene, joint.body_a);
  if (body < 0) return;
  const Rigid3 now_from_start =
      states[body].world_from_body * Inverse(scene.bodies[body].world_from_body);
  joint.anchor_m = now_from_start * joint.anchor_m;
  joint.axis = now_from_start.rotation * joint.axis;
}

// What has been removed or broken is so again at once; what was released is free; impulses are
// over.
void KeepEvents(const Scene& start, double time_s, Scene& scene) {
  scene.events.clear();
  for (SceneEvent event : start.events) {
    const bool is_past = event.time_s < time_s - 1e-9;
    const int body = FindBody(scene, event.body);
    if (is_past && event.kind == SceneEventKind::kImpulse) continue;
    if (is_past && event.kind == SceneEventKind::kRelease) {
      if (body >= 0) scene.bodies[body].fixed = false;
      continue;
    }
    event.time_s = std::max(0.0, event.time_s - time_s);
    scene.events.push_back(event);
  }
}

}  // namespace

int StepOfFrame(const SabotageJob& job, int frame) {
  return static_cast<int>(std::llround(frame * job.truth.motion.rate_hz / job.options.fps));
}

int LastStep(const SabotageJob& job) {
  return static_cast<int>(job.truth.motion.states.size()) - 1;
}

Scene SceneAtStep(const Scene& start, const Motion& motion, int step) {
  Scene scene = start;
  const double time_s = step / motion.rate_hz;
  const std::vector<BodyState>& states = motion.states.at(step);
  KeepEvents(start, time_s, scene);
  for (size_t i = 0; i < states.size(); ++i) {
    Body& body = scene.bodies[i];
    body.path = RestOfPath(start.bodies[i], time_s);
    body.world_from_body = states[i].world_from_body;
    if (body.fixed) continue;
    body.velocity_mps = states[i].velocity_mps;
    body.angular_velocity_radps = states[i].angular_velocity_radps;
  }
  for (Joint& joint : scene.joints) MoveJoint(start, states, joint);
  return scene;
}

Motion Restarted(const SabotageJob& job, const Motion& motion, const Restart& restart) {
  Scene scene = SceneAtStep(job.truth.scene, motion, restart.from_step);
  restart.edit(scene);
  Motion result;
  result.rate_hz = motion.rate_hz;
  result.states.assign(motion.states.begin(), motion.states.begin() + restart.from_step + 1);
  const double from_s = restart.from_step / motion.rate_hz;
  for (const ContactEvent& contact : motion.contacts) {
    if (contact.time_s <= from_s) result.contacts.push_back(contact);
  }
  if (restart.to_step <= restart.from_step) return result;
  SimulateOptions options;
  options.fps = job.options.fps;
  options.minimum_rate_hz = motion.rate_hz;
  options.duration_s = (restart.to_step - restart.from_step) / motion.rate_hz;
  Motion rest = Simulate(scene, options, job.progress);
  PLUMB_CHECK(rest.rate_hz == motion.rate_hz);
  for (std::vector<BodyState>& before : result.states) {
    before.insert(before.end(), rest.states[0].begin() + before.size(), rest.states[0].end());
  }
  std::move(rest.states.begin() + 1, rest.states.end(), std::back_inserter(result.states));
  for (ContactEvent contact : rest.contacts) {
    contact.time_s += from_s;
    result.contacts.push_back(contact);
  }
  return result;
}

Motion LongerTruth(const SabotageJob& job, double more_s) {
  SimulateOptions options;
  options.fps = job.options.fps;
  options.minimum_rate_hz = job.truth.motion.rate_hz;
  options.duration_s = LastStep(job) / job.truth.motion.rate_hz + more_s;
  return Simulate(job.truth.scene, options, job.progress);
}

BodyState StateAtTime(const Motion& motion, int body, double time_s) {
  const double last = static_cast<double>(motion.states.size()) - 1;
  const double step = std::clamp(time_s * motion.rate_hz, 0.0, last);
  const auto before = static_cast<size_t>(std::floor(step + 1e-6));
  const double share = step - before;
  const BodyState& a = motion.states[before][body];
  if (share < 1e-6 || before + 1 >= motion.states.size()) return a;
  const BodyState& b = motion.states[before + 1][body];
  BodyState state = a;
  state.world_from_body.translation =
      (1 - share) * a.world_from_body.translation + share * b.world_from_body.translation;
  state.world_from_body.rotation =
      a.world_from_body.rotation.slerp(share, b.world_from_body.rotation);
  return state;
}

bool IsInFlight(const SabotageJob& job, const Motion& motion, int body, int step) {
  if (job.truth.scene.bodies[body].fixed) return false;
  // Resting bodies leave the ground for single steps, so more of them count.
  const int last = static_cast<int>(motion.states.size()) - 1;
  const int from = std::max(0, std::min(step, last) - kFlight_steps);
  const int to = std::min(last, step + kFlight_steps);
  if (to <= from) return false;
  const Eigen::Vector3d expected = (to - from) / motion.rate_hz * job.truth.scene.gravity_mps2;
  const Eigen::Vector3d gained =
      motion.states[to][body].velocity_mps - motion.states[from][body].velocity_mps;
  return expected.norm() > 0 && (gained - expected).norm() < 0.05 * expected.norm();
}

Shape Scaled(const Shape& shape, double factor) {
  Shape scaled = shape;
  scaled.size_m *= factor;
  scaled.wall_m *= factor;
  for (Eigen::Vector3d& point : scaled.points_m) point *= factor;
  for (ShapePart& part : scaled.parts) {
    part.shape = Scaled(part.shape, factor);
    part.body_from_part.translation *= factor;
  }
  return scaled;
}

Eigen::Vector3d SupportNormal(const Truth& truth, int body, double time_s) {
  Eigen::Vector3d normal = Eigen::Vector3d::Zero();
  for (const ContactEvent& contact : truth.motion.contacts) {
    if (contact.time_s > time_s) break;
    if (contact.body_a != body && contact.body_b != body) continue;
    const int other = contact.body_a == body ? contact.body_b : contact.body_a;
    if (truth.scene.bodies[other].fixed) normal = contact.normal;
  }
  return normal;
}

int HiddenFrame(const Truth& truth, int body, int first) {
  const std::vector<Body>& bodies = truth.scene.bodies;
  const bool has_occluder = std::any_of(
      bodies.begin(), bodies.end(), [](const Body& b) { return b.role == Role::kOccluder; });
  if (!has_occluder) return -1;
  for (int frame = first; frame < truth.num_frames(); ++frame) {
    const BodyView& view = truth.views[frame][body];
    if (view.presence == Presence::kOccluded && view.modal_area_px == 0) return frame;
  }
  return -1;
}

SabotageJob AtNaturalFrame(const SabotageJob& asked, int body) {
  SabotageJob job = asked;
  if (asked.sabotage.onset_frame >= 0) return job;
  const int hidden = HiddenFrame(asked.truth, body, asked.first_frame);
  if (hidden >= 0) job.first_frame = hidden;
  return job;
}

}  // namespace plumb
