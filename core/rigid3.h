// SPDX-License-Identifier: Apache-2.0
// Rigid transforms, named target_from_source: x_in_target = target_from_source * x_in_source.
#pragma once

#include <Eigen/Geometry>

namespace plumb {

// Rotation (unit quaternion) then translation (metres). The default is the identity.
struct Rigid3 {
  Eigen::Quaterniond rotation = Eigen::Quaterniond::Identity();
  Eigen::Vector3d translation = Eigen::Vector3d::Zero();

  Rigid3() = default;
  // Throws CheckFailure unless the quaternion has unit length within 1e-6; it is then normalised
  // exactly.
  Rigid3(const Eigen::Quaterniond& rotation, const Eigen::Vector3d& translation);
};

Rigid3 Inverse(const Rigid3& target_from_source);
Rigid3 operator*(const Rigid3& c_from_b, const Rigid3& b_from_a);
Eigen::Vector3d operator*(const Rigid3& target_from_source, const Eigen::Vector3d& x_in_source);

// A camera pose (x right, y down, z forward) at `eye` looking at `target`, with world +z up in the
// picture, +x at its right in a vertical view. Throws CheckFailure when the two points coincide.
Rigid3 WorldFromCameraLookingAt(const Eigen::Vector3d& eye_m, const Eigen::Vector3d& target_m);

}  // namespace plumb
