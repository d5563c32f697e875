// SPDX-License-Identifier: Apache-2.0
#include "core/check.h"
#include "generator/native/internal_camera_rays.h"

namespace plumb {

at::Tensor CameraRays(const std::vector<Camera>& cameras, int64_t rows, int64_t columns) {
  PLUMB_CHECK(!cameras.empty(), "no cameras");
  at::Tensor rays =
      at::empty({static_cast<int64_t>(cameras.size()), rows, columns, 6}, torch::kFloat32);
  float* to = rays.data_ptr<float>();
  for (const Camera& camera : cameras) {
    const Rigid3 first_from_camera =
        cameras.front().camera_from_world * Inverse(camera.camera_from_world);
    const Intrinsics& k = camera.intrinsics;
    for (int64_t row = 0; row < rows; ++row) {
      for (int64_t column = 0; column < columns; ++column) {
        const double x_px =
            (static_cast<double>(column) + 0.5) * k.width / static_cast<double>(columns);
        const double y_px = (static_cast<double>(row) + 0.5) * k.height / static_cast<double>(rows);
        const Eigen::Vector3d in_camera(
            (x_px - k.cx_px) / k.fx_px, (y_px - k.cy_px) / k.fy_px, 1.0);
        const Eigen::Vector3d direction = first_from_camera.rotation * in_camera.normalized();
        for (int i = 0; i < 3; ++i) *to++ = static_cast<float>(direction[i]);
        for (int i = 0; i < 3; ++i) *to++ = static_cast<float>(first_from_camera.translation[i]);
      }
    }
  }
  return rays;
}

std::vector<Camera> LatentCameras(const std::vector<Camera>& cameras, int64_t stride) {
  std::vector<Camera> latent;
  for (size_t frame = 0; frame < cameras.size(); frame += static_cast<size_t>(stride)) {
    latent.push_back(cameras[frame]);
  }
  return latent;
}

}  // namespace plumb
