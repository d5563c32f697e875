// SPDX-License-Identifier: Apache-2.0
// Closed forms and conserved quantities of the scenarios.
#include <algorithm>
#include <cmath>

#include "core/check.h"
#include "scenes/checks/internal_checks.h"
#include "scenes/rendering/internal_mesh.h"

namespace plumb {
namespace {

// Free flight is exact but for rounding.
constexpr double kFlight_m = 1e-6;
constexpr double kFlight_mps = 1e-6;

int FirstMover(const Scene& scene) {
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    if (!scene.bodies[i].fixed) return static_cast<int>(i);
  }
  throw CheckFailure("scene '" + scene.id + "' has no body that moves");
}

// State at a time, by the nearest step.
const BodyState& StateAt(const Motion& motion, double time_s, int body) {
  const auto step = static_cast<size_t>(std::max(0.0, std::round(time_s * motion.rate_hz)));
  return motion.states[std::min(step, motion.states.size() - 1)][body];
}

double EndTime(const Motion& motion) { return (motion.states.size() - 1) / motion.rate_hz; }

// The contacts of one body with fixed bodies, by time.
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

double HeightAboveFloor(const Body& body) {
  return body.world_from_body.translation.z() - ReachBelow(body);
}

double FallTime(const Scene& scene, const Body& body) {
  return std::sqrt(2 * HeightAboveFloor(body) / scene.gravity_mps2.norm());
}

// Vertical speeds in the steps around an impact.
struct Impact {
  double before_mps = 0.0;
  double after_mps = 0.0;
};
Impact ImpactAt(const Motion& motion, const ContactEvent& contact, int body) {
  Impact impact;
  const auto step = static_cast<int>(std::round(contact.time_s * motion.rate_hz));
  const int last = static_cast<int>(motion.states.size()) - 1;
  for (int k = std::max(0, step - 1); k <= std::min(last, step + 2); ++k) {
    const double speed = motion.states[k][body].velocity_mps.z();
    impact.before_mps = std::max(impact.before_mps, -speed);
    impact.after_mps = std::max(impact.after_mps, speed);
  }
  return impact;
}

}  // namespace

std::vector<LawCheck> CheckDrop(const Scene& scene, const Motion& motion) {
  const int body = FirstMover(scene);
  const double fall_s = FallTime(scene, scene.bodies[body]);
  const auto contacts = ContactsWithFixed(scene, motion, body);
  const double first_s = contacts.empty() ? 0.0 : contacts.front().time_s;
  const double probe_s = std::floor(0.95 * fall_s * motion.rate_hz) / motion.rate_hz;
  const BodyState& state = StateAt(motion, probe_s, body);
  const Eigen::Vector3d fallen =
      state.world_from_body.translation - scene.bodies[body].world_from_body.translation;
  const double g = scene.gravity_mps2.norm();
  return {Compare("time of first contact", "s", {fall_s, first_s, 1.0 / motion.rate_hz}),
          Compare("height fallen", "m", {0.5 * g * probe_s * probe_s, -fallen.z(), kFlight_m}),
          Compare("speed of fall", "m/s", {g * probe_s, -state.velocity_mps.z(), kFlight_mps})};
}

std::vector<LawCheck> CheckBounce(const Scene& scene, const Motion& motion) {
  const int body = FirstMover(scene);
  const auto contacts = ContactsWithFixed(scene, motion, body);
  const double restitution = scene.bodies[body].material.restitution;
  std::vector<LawCheck> checks = {Compare("time of first contact",
                                          "s",
                                          {FallTime(scene, scene.bodies[body]),
                                           contacts.empty() ? 0.0 : contacts[0].time_s,
                                           1.0 / motion.rate_hz}),
                                  // At least two impacts, or there is no ladder.
                                  Compare("impacts in the clip, two at least",
                                          "count",
                                          {2.0, std::min<double>(2, contacts.size()), 0.0})};
  double flight_s = 2 * FallTime(scene, scene.bodies[body]);
  for (size_t k = 0; k < contacts.size(); ++k) {
    const Impact impact = ImpactAt(motion, contacts[k], body);
    if (impact.before_mps < 0.5 || impact.after_mps <= 0) break;
    const std::string which = std::to_string(k + 1);
    checks.push_back(Compare("restitution at impact " + which,
                             "ratio",
                             {restitution, impact.after_mps / impact.before_mps, 0.002}));
    flight_s *= restitution;
    if (k + 1 >= contacts.size()) break;
    checks.push_back(Compare("flight after impact " + which,
                             "s",
                             {flight_s, contacts[k + 1].time_s - contacts[k].time_s, 0.008}));
  }
  return checks;
}

std::vector<LawCheck> CheckCollide(const Scene& scene, const Motion& motion) {
  const auto impact =
      std::find_if(motion.contacts.begin(), motion.contacts.end(), [&](const auto& c) {
        return !scene.bodies[c.body_a].fixed && !scene.bodies[c.body_b].fixed;
      });
  const bool met = impact != motion.contacts.end();
  std::vector<LawCheck> checks = {Compare("the two meet", "count", {1, met ? 1.0 : 0.0, 0})};
  if (!met) return checks;
  // Two steps before and two after: long enough for the solver, too short for the floor to matter.
  const double gap_s = 2.5 / motion.rate_hz;
  const Body& a = scene.bodies[impact->body_a];
  const Body& b = scene.bodies[impact->body_b];
  const auto velocity = [&](double time_s, int body) {
    return StateAt(motion, time_s, body).velocity_mps;
  };
  const auto momentum = [&](double time_s) {
    return Eigen::Vector3d(a.mass_kg * velocity(time_s, impact->body_a) +
                           b.mass_kg * velocity(time_s, impact->body_b));
  };
  const auto closing_mps = [&](double time_s) {
    return (velocity(time_s, impact->body_b) - velocity(time_s, impact->body_a))
        .dot(impact->normal);
  };
  const Eigen::Vector3d before = momentum(impact->time_s - gap_s);
  const Eigen::Vector3d after = momentum(impact->time_s + gap_s);
  const double restitution = a.material.restitution * b.material.restitution;
  // What the sliding friction of the floor can take or give in that time.
  const double floor_ns = std::max(a.material.friction, b.material.friction) *
                          (a.mass_kg + b.mass_kg) * scene.gravity_mps2.norm() * 6 / motion.rate_hz;
  const double tolerance_ns = 0.01 * before.norm() + floor_ns;
  checks.push_back(
      Compare("momentum along the motion", "kg m/s", {before.x(), after.x(), tolerance_ns}));
  checks.push_back(
      Compare("momentum across the motion", "kg m/s", {before.y(), after.y(), tolerance_ns}));
  checks.push_back(
      Compare("separation over closing speed",
              "ratio",
              {restitution,
               -closing_mps(impact->time_s + gap_s) / closing_mps(impact->time_s - gap_s),
               0.02}));
  return checks;
}

std::vector<LawCheck> CheckInclineSlide(const Scene& scene, const Motion& motion) {
  const int body = FirstMover(scene);
  const Body& block = scene.bodies[body];
  const int ramp = FindBody(scene, "ramp");
  PLUMB_CHECK(ramp >= 0, "scene '{}' has no ramp", scene.id);
  const Eigen::Vector3d up = block.world_from_body.rotation * Eigen::Vector3d::UnitZ();
  const double slope_rad = std::acos(std::clamp(up.z(), -1.0, 1.0));
  const double friction = block.material.friction * scene.bodies[ramp].material.friction;
  const double g = scene.gravity_mps2.norm();
  const double expected = g * (std::sin(slope_rad) - friction * std::cos(slope_rad));
  const double early_s = 0.2 * EndTime(motion);
  const double late_s = 0.9 * EndTime(motion);
  const double gained = StateAt(motion, late_s, body).velocity_mps.norm() -
                        StateAt(motion, early_s, body).velocity_mps.norm();
  const Eigen::Vector3d moved =
      StateAt(motion, late_s, body).world_from_body.translation - block.world_from_body.translation;
  return {
      Compare(
          "acceleration down the ramp", "m/s^2", {expected, gained / (late_s - early_s), 0.01 * g}),
      Compare(
          "distance down the ramp", "m", {0.5 * expected * late_s * late_s, moved.norm(), 0.02}),
      Compare("distance off the ramp", "m", {0.0, moved.dot(up), 0.002})};
}

std::vector<LawCheck> CheckRoll(const Scene& scene, const Motion& motion) {
  const int body = FirstMover(scene);
  const Body& ball = scene.bodies[body];
  const double end_s = EndTime(motion);
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
  for (const auto& states : motion.states) {
    for (size_t b = 0; b < states.size(); ++b) {
      moved_m = std::max(
          moved_m,
          (states[b].world_from_body.translation - scene.bodies[b].world_from_body.translation)
              .norm());
    }
  }
  return {Compare("largest movement of any body", "m", {0.0, moved_m, 0.0})};
}

}  // namespace plumb
