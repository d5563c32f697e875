// SPDX-License-Identifier: Apache-2.0
// The pinhole camera: x right, y down, z forward; pixel centres at +0.5 (COLMAP's convention).
#pragma once

#include "core/rigid3.h"

namespace plumb {

// Focal lengths and principal point in pixels; the centre of a picture is (width / 2, height / 2).
struct Intrinsics {
  int width = 0;
  int height = 0;
  double fx_px = 0.0;
  double fy_px = 0.0;
  double cx_px = 0.0;
  double cy_px = 0.0;

  // Square pixels, principal point in the centre. Throws CheckFailure unless sizes are positive and
  // 0 < fov < π.
  static Intrinsics FromVerticalFov(int width, int height, double vertical_fov_rad);
  // The same with the field of view across the shorter side, so that a portrait picture shows what
  // a square one shows.
  static Intrinsics FromShorterFov(int width, int height, double fov_rad);
};

// Intrinsics and pose of one frame.
struct Camera {
  Intrinsics intrinsics;
  Rigid3 camera_from_world;
};

// Where a world point falls in the picture, and its depth along the optical axis (metres; negative
// behind).
struct Projection {
  Eigen::Vector2d point_px;
  double depth_m;
};
Projection Project(const Camera& camera, const Eigen::Vector3d& x_in_world);

// The world point seen at `point_px` at that depth along the optical axis.
Eigen::Vector3d Unproject(const Camera& camera, const Eigen::Vector2d& point_px, double depth_m);

// The same camera for a picture of another size (both axes scaled on their own).
Intrinsics Resized(const Intrinsics& intrinsics, int width, int height);

}  // namespace plumb
