// SPDX-License-Identifier: Apache-2.0
// Rotation without torque (Euler's equations). Internal to the scenes room.
#pragma once

#include <Eigen/Geometry>

namespace plumb {

struct Spin {
  Eigen::Quaterniond world_from_inertial = Eigen::Quaterniond::Identity();
  Eigen::Vector3d angular_velocity_radps = Eigen::Vector3d::Zero();  // world frame
};

// The spin after `time_s`. The angular momentum is kept to rounding; the attitude follows by
// Runge–Kutta of the fourth order in steps of at most 0.02 rad.
Spin TurnFreely(const Spin& spin, const Eigen::Vector3d& moments_m2, double time_s);

}  // namespace plumb
