// SPDX-License-Identifier: Apache-2.0
// The camera of this family: square pixels, principal point in the centre, one focal length.
#pragma once

#include <optional>

#include <Eigen/Core>

#include "metrics/geometry/tracks.h"

namespace plumb {

// Centred pinhole camera: unit ray of a pixel and back. `Project` of a ray that points backwards
// gives nothing.
struct CentredPinhole {
  double focal_px = 0.0;
  Eigen::Vector2d centre_px = Eigen::Vector2d::Zero();

  Eigen::Vector3d Ray(const Eigen::Vector2d& point_px) const;
  std::optional<Eigen::Vector2d> Project(const Eigen::Vector3d& x_in_camera) const;
  // How far the projection is from where the point was seen; 1e6 behind the camera.
  double DistancePx(const Eigen::Vector3d& x_in_camera, const Eigen::Vector2d& seen_px) const;
  // Of Project by x_in_camera, before the camera.
  Eigen::Matrix<double, 2, 3> ProjectionJacobian(const Eigen::Vector3d& x_in_camera) const;
};
// The camera of the tracked frames: principal point in the centre.
CentredPinhole PinholeOf(const TrackSet& set, double focal_px);

}  // namespace plumb
