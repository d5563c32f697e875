// SPDX-License-Identifier: Apache-2.0
// What the scenarios' laws of motion are put together from. Internal to the scenes room.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenes/catalogue/internal_observing.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {

// Free flight is exact but for rounding.
constexpr double kFlight_m = 1e-6;
constexpr double kFlight_mps = 1e-6;
// Bounds of the truth: see docs of `plumb scenes check`.
constexpr double kFallTime_s = 1e-3;
constexpr double kRestitution = 0.002;
constexpr double kAccelerationShare = 0.005;
constexpr double kPenetration_m = 1e-3;
constexpr double kDrift_m = 1e-3;

int FirstMover(const Scene& scene);
// Index of the body with that name; throws CheckFailure when there is none.
int BodyNamed(const Scene& scene, const std::string& name);

// On either side of a blow at that time, by a straight line through the two states nearest to it:
// it takes out what gravity and friction did between those and the blow.
Eigen::Vector3d VelocityBefore(const Motion& motion, double time_s, int body);
Eigen::Vector3d VelocityAfter(const Motion& motion, double time_s, int body);

// By the nearest step.
const BodyState& StateAt(const Motion& motion, double time_s, int body);

// By time.
std::vector<ContactEvent> ContactsWithFixed(const Scene& scene, const Motion& motion, int body);
// The first touch of the two, or of `body_a` with anything when `body_b` is -1.
std::optional<ContactEvent> FirstContact(const Motion& motion, int body_a, int body_b);

double HeightAboveFloor(const Body& body);
// From rest to a floor at z = 0.
double FallTime(const Scene& scene, const Body& body);

// The largest rise above any earlier value, as a share of `scale_j`, within `bound`.
LawCheck EnergyNeverRises(const Scene& scene, const Motion& motion, double scale_j, double bound);

// Mean acceleration of a body between two times from its speeds, ± 0.5 %.
struct Stretch {
  int body = 0;
  double from_s = 0.0;
  double to_s = 0.0;
};
LawCheck AccelerationCheck(const std::string& name,
                           double expected_mps2,
                           const Motion& motion,
                           const Stretch& stretch);

// How deep a body in this state reaches below z = 0; 0 when it does not.
double DepthInFloor(const Body& body, const BodyState& state);

// Deepest overlap of two balls, or of a ball and the floor, at the end, within 1 mm.
LawCheck BallsApartAtTheEnd(const Scene& scene, const Motion& motion);

}  // namespace plumb
