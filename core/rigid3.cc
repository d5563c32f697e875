// SPDX-License-Identifier: Apache-2.0
#include "core/rigid3.h"

#include <cmath>

#include "core/check.h"
#include "core/internal_vertical.h"

namespace plumb {

Rigid3::Rigid3(const Eigen::Quaterniond& rotation, const Eigen::Vector3d& translation)
    : rotation(rotation.normalized()), translation(translation) {
  PLUMB_CHECK(std::abs(rotation.norm() - 1.0) < 1e-6, "quaternion norm {}", rotation.norm());
  PLUMB_CHECK(translation.allFinite());
}

Rigid3 Inverse(const Rigid3& target_from_source) {
  const Eigen::Quaterniond inverse = target_from_source.rotation.conjugate();
  return {inverse, -(inverse * target_from_source.translation)};
}

Rigid3 operator*(const Rigid3& c_from_b, const Rigid3& b_from_a) {
  return {(c_from_b.rotation * b_from_a.rotation).normalized(),
          c_from_b.rotation * b_from_a.translation + c_from_b.translation};
}

Eigen::Vector3d operator*(const Rigid3& target_from_source, const Eigen::Vector3d& x_in_source) {
  return target_from_source.rotation * x_in_source + target_from_source.translation;
}

Rigid3 WorldFromCameraLookingAt(const Eigen::Vector3d& eye_m, const Eigen::Vector3d& target_m) {
  Eigen::Vector3d forward = (target_m - eye_m).normalized();
  PLUMB_CHECK(forward.allFinite() && forward.norm() > 0.5, "eye and target give no direction");
  Eigen::Vector3d right = forward.cross(Eigen::Vector3d::UnitZ()).normalized();
  if (IsVertical(forward)) {
    forward = std::copysign(1.0, forward.z()) * Eigen::Vector3d::UnitZ();
    right = Eigen::Vector3d::UnitX();
  }
  Eigen::Matrix3d world_from_camera;
  world_from_camera.col(0) = right;
  world_from_camera.col(1) = forward.cross(right);
  world_from_camera.col(2) = forward;
  return {Eigen::Quaterniond(world_from_camera).normalized(), eye_m};
}

}  // namespace plumb
