// SPDX-License-Identifier: Apache-2.0
// A camera that only turns through a whole clip: one focal length and one rotation per frame
// explain every static point.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "metrics/geometry/pair_rotation.h"
#include "metrics/geometry/tracks.h"

namespace plumb {

// Rotations of all frames of one segment, jointly refined with the focal length and one direction
// per track (Ceres, Cauchy loss). Frames without tracks keep the rotation of their predecessor and
// count as not posed.
struct RotationModel {
  CentredPinhole pinhole;
  std::vector<Eigen::Matrix3d> camera_from_world;  // per tracked frame of the set
  std::vector<bool> posed;
  bool converged = false;
};
struct RotationOptions {
  int first_frame = 0;
  int last_frame = 0;
  double focal_px = 0.0;  // start value
};
RotationModel FitRotationModel(const TrackSet& set,
                               const std::vector<int>& fit_tracks,
                               const RotationOptions& options);

}  // namespace plumb
