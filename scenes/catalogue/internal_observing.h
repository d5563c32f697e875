// SPDX-License-Identifier: Apache-2.0
// What checks read out of a motion. Internal to the scenes room.
#pragma once

#include <string>
#include <vector>

#include "core/scene.h"
#include "core/truth.h"

namespace plumb {

double LastTime_s(const Motion& motion);
// The recorded step nearest to a time, within the motion.
int StepNear(const Motion& motion, double time_s);
// Indices of all bodies with that role.
std::vector<int> BodiesWithRole(const Scene& scene, Role role);

// Largest distance of a body's origin from where it started, and largest turn from its start.
struct Drift {
  double moved_m = 0.0;
  double turned_rad = 0.0;
};
Drift LargestDrift(const Motion& motion, int body);

// Centre of mass in the world, and angular momentum about it.
Eigen::Vector3d CentreOfMass(const Body& body, const BodyState& state);
Eigen::Vector3d SpinMomentum(const Body& body, const BodyState& state);
// Velocity of the centre of mass.
Eigen::Vector3d CentreVelocity(const Body& body, const BodyState& state);
// Kinetic energy (of the centre's motion and of the turning) of one body, and of all bodies that
// forces move, at one step.
double KineticEnergyOf_j(const Body& body, const BodyState& state);
double KineticEnergy_j(const Scene& scene, const Motion& motion, int step);
// Kinetic and potential energy, 0 at rest with the centre of mass at the world's origin.
double EnergyOf_j(const Scene& scene, const BodyState& state, int body);
double TotalEnergy_j(const Scene& scene, const Motion& motion, int step);

// Largest rise of the total energy above its value at the start, over every eighth step.
double LargestEnergyRise_j(const Scene& scene, const Motion& motion);

// How far apart the two sides of a joint are at most, metres: the anchor as each body carries it.
double LargestJointGap_m(const Scene& scene, const Motion& motion);

// The time at which the signal passes zero for the first time after `from_step`, between steps by
// a straight line; negative when it never does. The signal is read at every step.
struct Crossing {
  double time_s = -1.0;
  int step = -1;
};
template <typename Signal>
Crossing FirstCrossing(const Motion& motion, int from_step, Signal signal) {
  const int last = static_cast<int>(motion.states.size()) - 1;
  for (int k = from_step; k < last; ++k) {
    const double now = signal(k);
    const double next = signal(k + 1);
    if ((now < 0) == (next < 0)) continue;
    return {(k + now / (now - next)) / motion.rate_hz, k + 1};
  }
  return {};
}

}  // namespace plumb
