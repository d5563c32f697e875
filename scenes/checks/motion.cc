// SPDX-License-Identifier: Apache-2.0
// What laws of motion are put together from, and the laws that several scenarios share.
#include <algorithm>
#include <cmath>

#include "core/check.h"
#include "scenes/checks/internal_motion_laws.h"
#include "scenes/rendering/internal_mesh.h"

namespace plumb {

int FirstMover(const Scene& scene) {
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    if (!scene.bodies[i].fixed) return static_cast<int>(i);
  }
  throw CheckFailure("scene '" + scene.id + "' has no body that moves");
}

int BodyNamed(const Scene& scene, const std::string& name) {
  const int body = FindBody(scene, name);
  PLUMB_CHECK(body >= 0, "scene '{}' has no {}", scene.id, name);
  return body;
}

const BodyState& StateAt(const Motion& motion, double time_s, int body) {
  return motion.states[StepNear(motion, time_s)][body];
}

namespace {

// A blow and the rounding of its time take less than this many steps.
constexpr double kBlowSteps = 0.01;

Eigen::Vector3d VelocityOnLine(const Motion& motion, double at_step, int first, int body) {
  const int last = static_cast<int>(motion.states.size()) - 1;
  const int from = std::clamp(first, 0, std::max(0, last - 1));
  const Eigen::Vector3d& v = motion.states[from][body].velocity_mps;
  const Eigen::Vector3d& next = motion.states[std::min(from + 1, last)][body].velocity_mps;
  return v + (at_step - from) * (next - v);
}

}  // namespace

Eigen::Vector3d VelocityBefore(const Motion& motion, double time_s, int body) {
  const double at_step = time_s * motion.rate_hz;
  const int before = static_cast<int>(std::ceil(at_step - kBlowSteps)) - 1;
  return VelocityOnLine(motion, at_step, before - 1, body);
}

Eigen::Vector3d VelocityAfter(const Motion& motion, double time_s, int body) {
  const double at_step = time_s * motion.rate_hz;
  const int after = static_cast<int>(std::floor(at_step + kBlowSteps)) + 1;
  return VelocityOnLine(motion, at_step, after, body);
}

std::vector<ContactEvent> ContactsWithFixed(const Scene& scene, const Motion& motion, int body) {
  std::vector<ContactEvent> contacts;
  for (const ContactEvent& contact : motion.contacts) {
    const int other = contact.body_a == body ? contact.body_b : contact.body_a;
    if ((contact.body_a == body || contact.body_b == body) && scene.bodies[other].fixed) {
      contacts.push_back(contact);
    }
  }
  return contacts;
}

std::optional<ContactEvent> FirstContact(const Motion& motion, int body_a, int body_b) {
  for (const ContactEvent& contact : motion.contacts) {
    const bool has_a = contact.body_a == body_a || contact.body_b == body_a;
    const bool has_b = body_b < 0 || contact.body_a == body_b || contact.body_b == body_b;
    if (has_a && has_b) return contact;
  }
  return std::nullopt;
}

double HeightAboveFloor(const Body& body) {
  return body.world_from_body.translation.z() - ReachBelow(body);
}

double FallTime(const Scene& scene, const Body& body) {
  return std::sqrt(2 * HeightAboveFloor(body) / scene.gravity_mps2.norm());
}

LawCheck EnergyNeverRises(const Scene& scene, const Motion& motion, double scale_j, double bound) {
  double lowest_j = TotalEnergy_j(scene, motion, 0);
  double rise_j = 0;
  for (size_t step = 1; step < motion.states.size(); ++step) {
    const double energy_j = TotalEnergy_j(scene, motion, static_cast<int>(step));
    rise_j = std::max(rise_j, energy_j - lowest_j);
    lowest_j = std::min(lowest_j, energy_j);
  }
  return Compare("largest rise of the energy", "share", {0.0, rise_j / scale_j, bound});
}

LawCheck AccelerationCheck(const std::string& name,
                           double expected_mps2,
                           const Motion& motion,
                           const Stretch& stretch) {
  const double gained_mps = StateAt(motion, stretch.to_s, stretch.body).velocity_mps.norm() -
                            StateAt(motion, stretch.from_s, stretch.body).velocity_mps.norm();
  // The times of the states that were looked at.
  const auto step_s = [&](double t) { return std::round(t * motion.rate_hz) / motion.rate_hz; };
  const double took_s = step_s(stretch.to_s) - step_s(stretch.from_s);
  return Compare(
      name,
      "m/s^2",
      {expected_mps2, gained_mps / took_s, kAccelerationShare * std::abs(expected_mps2)});
}

double DepthInFloor(const Body& body, const BodyState& state) {
  Body moved = body;
  moved.world_from_body = state.world_from_body;
  return std::max(0.0, -HeightAboveFloor(moved));
}

LawCheck BallsApartAtTheEnd(const Scene& scene, const Motion& motion) {
  const auto& states = motion.states.back();
  double overlap_m = 0;
  for (size_t a = 0; a < scene.bodies.size(); ++a) {
    if (scene.bodies[a].shape.kind != ShapeKind::kSphere) continue;
    const double radius_m = scene.bodies[a].shape.size_m.x() / 2;
    const Eigen::Vector3d& x = states[a].world_from_body.translation;
    overlap_m = std::max(overlap_m, radius_m - x.z());
    for (size_t b = a + 1; b < scene.bodies.size(); ++b) {
      if (scene.bodies[b].shape.kind != ShapeKind::kSphere) continue;
      const double reach_m = radius_m + scene.bodies[b].shape.size_m.x() / 2;
      const Eigen::Vector3d gap = states[b].world_from_body.translation - x;
      overlap_m = std::max(overlap_m, reach_m - gap.norm());
    }
  }
  return Compare("deepest overlap at the end", "m", {0.0, overlap_m, kPenetration_m});
}

std::vector<LawCheck> CheckRoll(const Scene& scene, const Motion& motion) {
  const int body = FirstMover(scene);
  const Body& ball = scene.bodies[body];
  const double end_s = LastTime_s(motion);
  const BodyState& end = StateAt(motion, end_s, body);
  const Eigen::Vector3d expected = ball.world_from_body.translation + end_s * ball.velocity_mps;
  const double off_m = (end.world_from_body.translation - expected).norm();
  const double slip_mps =
      std::abs(end.velocity_mps.x() - end.angular_velocity_radps.y() * ball.shape.size_m.x() / 2);
  return {
      Compare(
          "speed at the end", "m/s", {ball.velocity_mps.norm(), end.velocity_mps.norm(), 0.005}),
      Compare("distance from where constant speed leads", "m", {0.0, off_m, 0.005}),
      Compare("slip between ball and floor", "m/s", {0.0, slip_mps, 0.005})};
}

std::vector<LawCheck> CheckStillness(const Scene& scene, const Motion& motion) {
  double moved_m = 0;
  for (size_t b = 0; b < scene.bodies.size(); ++b) {
    moved_m = std::max(moved_m, LargestDrift(motion, static_cast<int>(b)).moved_m);
  }
  return {Compare("largest movement of any body", "m", {0.0, moved_m, 0.0})};
}

}  // namespace plumb
