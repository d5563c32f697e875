// SPDX-License-Identifier: Apache-2.0
#include "scenes/simulation/internal_free_rotation.h"

#include <algorithm>
#include <cmath>

namespace plumb {
namespace {

constexpr double kLargestTurn_rad = 0.02;

using Quaternion = Eigen::Vector4d;  // x, y, z, w

struct Top {
  Eigen::Vector3d momentum;  // world frame, constant
  Eigen::Vector3d moments_m2;

  Eigen::Vector3d AngularVelocity(const Eigen::Quaterniond& q) const {
    return q * (q.conjugate() * momentum).cwiseQuotient(moments_m2);
  }
  // dq/dt = ½ ω q.
  Quaternion Rate(const Quaternion& coefficients) const {
    const Eigen::Quaterniond q = Eigen::Quaterniond(coefficients).normalized();
    const Eigen::Vector3d half = AngularVelocity(q) / 2;
    return (Eigen::Quaterniond(0, half.x(), half.y(), half.z()) * q).coeffs();
  }
};

}  // namespace

Spin TurnFreely(const Spin& spin, const Eigen::Vector3d& moments_m2, double time_s) {
  const Eigen::Quaterniond& start = spin.world_from_inertial;
  const Eigen::Vector3d in_body = start.conjugate() * spin.angular_velocity_radps;
  const Top top{start * moments_m2.cwiseProduct(in_body), moments_m2};
  const double turn_rad = spin.angular_velocity_radps.norm() * time_s;
  const int steps = std::max(1, static_cast<int>(std::ceil(turn_rad / kLargestTurn_rad)));
  const double step_s = time_s / steps;
  Quaternion q = start.coeffs();
  for (int i = 0; i < steps; ++i) {
    const Quaternion first = top.Rate(q);
    const Quaternion second = top.Rate(q + step_s / 2 * first);
    const Quaternion third = top.Rate(q + step_s / 2 * second);
    const Quaternion fourth = top.Rate(q + step_s * third);
    q = (q + step_s / 6 * (first + 2 * second + 2 * third + fourth)).normalized();
  }
  const Eigen::Quaterniond end(q);
  return {end, top.AngularVelocity(end)};
}

}  // namespace plumb
