// SPDX-License-Identifier: Apache-2.0
#include "core/camera.h"

#include <cmath>
#include <numbers>

#include "core/check.h"

namespace plumb {

Intrinsics Intrinsics::FromVerticalFov(int width, int height, double vertical_fov_rad) {
  PLUMB_CHECK(width > 0 && height > 0, "size {}x{}", width, height);
  PLUMB_CHECK(
      vertical_fov_rad > 0 && vertical_fov_rad < std::numbers::pi, "fov {} rad", vertical_fov_rad);
  const double focal_px = 0.5 * height / std::tan(0.5 * vertical_fov_rad);
  return {width, height, focal_px, focal_px, 0.5 * width, 0.5 * height};
}

Intrinsics Intrinsics::FromShorterFov(int width, int height, double fov_rad) {
  if (height <= width) return FromVerticalFov(width, height, fov_rad);
  const Intrinsics across = FromVerticalFov(height, width, fov_rad);
  return {width, height, across.fx_px, across.fy_px, across.cy_px, across.cx_px};
}

Projection Project(const Camera& camera, const Eigen::Vector3d& x_in_world) {
  const Eigen::Vector3d x = camera.camera_from_world * x_in_world;
  const Intrinsics& k = camera.intrinsics;
  return {{k.fx_px * x.x() / x.z() + k.cx_px, k.fy_px * x.y() / x.z() + k.cy_px}, x.z()};
}

Eigen::Vector3d Unproject(const Camera& camera, const Eigen::Vector2d& point_px, double depth_m) {
  const Intrinsics& k = camera.intrinsics;
  const Eigen::Vector3d x_in_camera((point_px.x() - k.cx_px) / k.fx_px * depth_m,
                                    (point_px.y() - k.cy_px) / k.fy_px * depth_m,
                                    depth_m);
  return Inverse(camera.camera_from_world) * x_in_camera;
}

Intrinsics Resized(const Intrinsics& intrinsics, int width, int height) {
  PLUMB_CHECK(width > 0 && height > 0, "size {}x{}", width, height);
  const double sx = static_cast<double>(width) / intrinsics.width;
  const double sy = static_cast<double>(height) / intrinsics.height;
  return {width,
          height,
          intrinsics.fx_px * sx,
          intrinsics.fy_px * sy,
          intrinsics.cx_px * sx,
          intrinsics.cy_px * sy};
}

}  // namespace plumb
