// SPDX-License-Identifier: Apache-2.0
// The way of the camera through a clip.
#pragma once

#include <cstdint>
#include <vector>

#include "core/rigid3.h"

namespace plumb {

enum class CameraMotion { kStatic, kArc, kDolly, kYaw, kKeys };

// Eye and target at one share of the clip.
struct CameraKey {
  double share = 0.0;
  Eigen::Vector3d eye_m = Eigen::Vector3d::Zero();
  Eigen::Vector3d target_m = Eigen::Vector3d::Zero();
};

// Where the camera is at any share (0 start … 1 end) of the clip. A vertical view sweeps in place.
struct CameraPath {
  CameraMotion motion = CameraMotion::kStatic;
  Eigen::Vector3d eye_m = {0.0, -4.0, 1.5};
  Eigen::Vector3d target_m = {0.0, 0.0, 0.5};
  double sweep_rad = 0.0;  // arc: the eye turns round the target's vertical; yaw: the view turns
  Eigen::Vector3d travel_m = Eigen::Vector3d::Zero();  // dolly: eye and target move along
  // Keys: shares rising from 0 to 1, two at least; Catmull–Rom between them, at rest at both ends.
  std::vector<CameraKey> keys;
  // The whole way forth in the first half and back in the second, slowing down at the turn.
  bool there_and_back = false;
  // A hand's sway on top of any motion: standard deviation of the eye's place and of the view's
  // direction, made of sines below 3 Hz; `sway_seed` chooses them. Starts and ends anywhere.
  double sway_m = 0.0;
  double sway_rad = 0.0;
  uint64_t sway_seed = 0;
  double sway_s = 2.0;   // length of the clip that the sines' frequencies refer to
  double fov_rad = 0.7;  // across the shorter side of the picture
};

// World-from-camera at `share` of the clip. Throws CheckFailure where eye and target coincide.
Rigid3 WorldFromCamera(const CameraPath& path, double share);

}  // namespace plumb
