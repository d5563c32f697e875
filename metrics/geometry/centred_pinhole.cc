// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/centred_pinhole.h"

namespace plumb {

Eigen::Vector3d CentredPinhole::Ray(const Eigen::Vector2d& point_px) const {
  const Eigen::Vector2d centred = point_px - centre_px;
  return Eigen::Vector3d(centred.x(), centred.y(), focal_px).normalized();
}

std::optional<Eigen::Vector2d> CentredPinhole::Project(const Eigen::Vector3d& x_in_camera) const {
  if (x_in_camera.z() <= 1e-9) return std::nullopt;
  return Eigen::Vector2d(centre_px + focal_px / x_in_camera.z() * x_in_camera.head<2>());
}

double CentredPinhole::DistancePx(const Eigen::Vector3d& x_in_camera,
                                  const Eigen::Vector2d& seen_px) const {
  const std::optional<Eigen::Vector2d> projected = Project(x_in_camera);
  return projected ? (*projected - seen_px).norm() : 1e6;
}

Eigen::Matrix<double, 2, 3> CentredPinhole::ProjectionJacobian(
    const Eigen::Vector3d& x_in_camera) const {
  const Eigen::Vector3d& x = x_in_camera;
  Eigen::Matrix<double, 2, 3> jacobian;
  jacobian << focal_px / x.z(), 0.0, -focal_px * x.x() / (x.z() * x.z()), 0.0, focal_px / x.z(),
      -focal_px * x.y() / (x.z() * x.z());
  return jacobian;
}

CentredPinhole PinholeOf(const TrackSet& set, double focal_px) {
  return {focal_px, {0.5 * set.width, 0.5 * set.height}};
}

}  // namespace plumb
