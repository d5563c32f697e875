// SPDX-License-Identifier: Apache-2.0
#include "metrics/dynamics/contacts.h"

#include <algorithm>
#include <cmath>

namespace plumb {
namespace {

constexpr double kLeastApproach_mps = 0.3;
constexpr int kFramesAround = 3;
constexpr double kLargestError = 0.5;
constexpr double kLeastChangeShare = 0.25;
constexpr double kOtherReachFrames = 3.0;

int PathOf(const std::vector<ObjectPaths>& paths, int body) {
  for (size_t i = 0; i < paths.size(); ++i) {
    if (paths[i].body == body) return static_cast<int>(i);
  }
  return -1;
}

BreakOptions OptionsFor(const ObjectPaths& paths, double fall_mps2) {
  return {paths.noise_floor_m, {0.0, -fall_mps2}};
}

// Downward acceleration of the simulated path as a whole: 0 for what rolls, g for what flies and
// bounces.
double TypicalFall(const std::vector<PathPoint>& states) {
  std::vector<double> falls;
  for (size_t i = 1; i + 1 < states.size(); ++i) {
    const double dt = states[i + 1].time_s - states[i].time_s;
    const double second =
        states[i + 1].place_m.y() - 2.0 * states[i].place_m.y() + states[i - 1].place_m.y();
    falls.push_back(-second / (dt * dt));
  }
  return falls.empty() ? 0.0 : Median(std::move(falls));
}

std::vector<Break> BreaksOf(const ObjectPaths& paths, PathChoice choice) {
  return FindBreaks(paths.*choice, OptionsFor(paths, TypicalFall(paths.states)));
}

double FrameInterval(const std::vector<PathPoint>& states) {
  return (states.back().time_s - states.front().time_s) / (states.size() - 1);
}

// Velocity change of the simulated path at the contact.
double TruthChange(const ObjectPaths& paths, double time_s) {
  const double reach_s = kFramesAround * FrameInterval(paths.states);
  const std::optional<Break> found =
      BreakNear(BreaksOf(paths, &ObjectPaths::states), time_s, reach_s, 0.0);
  return found ? (found->velocity_after_mps - found->velocity_before_mps).norm() : 0.0;
}

Eigen::Vector3d InWorld(const MotionPlane& plane, const Eigen::Vector2d& velocity_mps) {
  return plane.along * velocity_mps.x() + plane.up * velocity_mps.y();
}

bool LongEnough(const Break& found) {
  return found.before.last - found.before.first + 1 >= kFramesAround &&
         found.after.last - found.after.first + 1 >= kFramesAround;
}

}  // namespace

std::vector<AskedContact> FirstContacts(const Truth& truth,
                                        const std::vector<ObjectPaths>& paths,
                                        double start_s,
                                        double end_s) {
  std::vector<AskedContact> asked;
  for (size_t i = 0; i < paths.size(); ++i) {
    const double room_s = kFramesAround * FrameInterval(paths[i].states);
    for (size_t e = 0; e < truth.motion.contacts.size(); ++e) {
      const ContactEvent& event = truth.motion.contacts[e];
      const bool is_a = event.body_a == paths[i].body;
      if (!is_a && event.body_b != paths[i].body) continue;
      if (event.approach_mps < kLeastApproach_mps || event.time_s < start_s + room_s) continue;
      const int other_body = is_a ? event.body_b : event.body_a;
      const int other = PathOf(paths, other_body);
      const bool twice = other >= 0 && other < static_cast<int>(i) &&
                         std::any_of(asked.begin(), asked.end(), [&](const AskedContact& c) {
                           return c.event == static_cast<int>(e);
                         });
      const bool known = other >= 0 || truth.scene.bodies[other_body].fixed;
      if (event.time_s <= end_s - room_s && known && !twice) {
        asked.push_back({static_cast<int>(e),
                         i,
                         other,
                         event.time_s,
                         is_a ? event.normal : Eigen::Vector3d(-event.normal)});
      }
      break;
    }
  }
  return asked;
}

std::optional<Break> FindContact(const AskedContact& contact,
                                 const std::vector<ObjectPaths>& paths,
                                 PathChoice choice) {
  const ObjectPaths& own = paths[contact.path];
  const double duration_s = own.states.back().time_s - own.states.front().time_s;
  return BreakNear(BreaksOf(own, choice),
                   contact.time_s,
                   duration_s,
                   kLeastChangeShare * TruthChange(own, contact.time_s));
}

std::optional<Interval> ReboundRatio(const AskedContact& contact,
                                     const std::vector<ObjectPaths>& paths,
                                     PathChoice choice) {
  const std::optional<Break> own = FindContact(contact, paths, choice);
  if (!own || !LongEnough(*own)) return std::nullopt;
  const MotionPlane& plane = paths[contact.path].plane;
  double before_mps = InWorld(plane, own->velocity_before_mps).dot(contact.normal);
  double after_mps = InWorld(plane, own->velocity_after_mps).dot(contact.normal);
  double variance = own->velocity_error_mps * own->velocity_error_mps;
  if (contact.other >= 0) {
    const ObjectPaths& other = paths[contact.other];
    const double reach_s = kOtherReachFrames * FrameInterval(other.states);
    const std::optional<Break> met = BreakNear(BreaksOf(other, choice), own->time_s, reach_s, 0.0);
    if (!met || !LongEnough(*met)) return std::nullopt;
    before_mps -= InWorld(other.plane, met->velocity_before_mps).dot(contact.normal);
    after_mps -= InWorld(other.plane, met->velocity_after_mps).dot(contact.normal);
    variance += met->velocity_error_mps * met->velocity_error_mps;
  }
  if (before_mps > -kLeastApproach_mps) return std::nullopt;
  const double ratio = -after_mps / before_mps;
  const double error = 1.96 * std::sqrt(variance * (1.0 + ratio * ratio)) / -before_mps;
  if (error > kLargestError) return std::nullopt;
  return Interval{ratio, ratio - error, ratio + error};
}

}  // namespace plumb
