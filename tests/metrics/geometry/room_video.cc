// SPDX-License-Identifier: Apache-2.0
#include "tests/metrics/geometry/room_video.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/seed.h"

namespace plumb {
namespace {

struct Box {
  Eigen::Vector3d low;
  Eigen::Vector3d high;
};

const Box kRoom{{-3.0, -3.0, 0.0}, {3.0, 3.0, 3.0}};
const std::vector<Box> kFurniture = {{{-0.6, -0.5, 0.0}, {0.2, 0.3, 0.9}},
                                     {{0.7, 0.4, 0.0}, {1.2, 1.0, 1.5}},
                                     {{-1.8, 0.8, 0.0}, {-1.2, 1.3, 1.1}}};

uint32_t Hash(int x, int y, int z) {
  uint32_t h = static_cast<uint32_t>(x) * 73856093u ^ static_cast<uint32_t>(y) * 19349663u ^
               static_cast<uint32_t>(z) * 83492791u;
  h ^= h >> 13;
  h *= 0x5bd1e995u;
  return h ^ (h >> 15);
}

// Value noise in space: eight corners of a cell, smoothly blended.
double Noise(const Eigen::Vector3d& p) {
  const Eigen::Array3d base = p.array().floor();
  const Eigen::Array3d f = p.array() - base;
  const Eigen::Array3d s = f * f * (3.0 - 2.0 * f);
  double sum = 0.0;
  for (int corner = 0; corner < 8; ++corner) {
    const int dx = corner & 1, dy = (corner >> 1) & 1, dz = corner >> 2;
    const double weight =
        (dx ? s.x() : 1 - s.x()) * (dy ? s.y() : 1 - s.y()) * (dz ? s.z() : 1 - s.z());
    sum += weight *
           (Hash(static_cast<int>(base.x()) + dx,
                 static_cast<int>(base.y()) + dy,
                 static_cast<int>(base.z()) + dz) %
            1024) /
           1023.0;
  }
  return sum;
}

double Texture(const Eigen::Vector3d& point) {
  const Eigen::Vector3d shifted = point + Eigen::Vector3d::Constant(100.137);
  return 0.6 * Noise(shifted * 6.0) + 0.4 * Noise(shifted * 14.0);
}

// Distances at which the ray enters and leaves the box.
std::pair<double, double> Span(const Box& box,
                               const Eigen::Vector3d& origin,
                               const Eigen::Vector3d& ray) {
  double enter = -1e9, leave = 1e9;
  for (int axis = 0; axis < 3; ++axis) {
    const double inverse = 1.0 / (std::abs(ray[axis]) < 1e-12 ? 1e-12 : ray[axis]);
    const double a = (box.low[axis] - origin[axis]) * inverse;
    const double b = (box.high[axis] - origin[axis]) * inverse;
    enter = std::max(enter, std::min(a, b));
    leave = std::min(leave, std::max(a, b));
  }
  return {enter, leave};
}

double Shade(const Eigen::Vector3d& origin, const Eigen::Vector3d& ray) {
  double distance = Span(kRoom, origin, ray).second;
  for (const Box& box : kFurniture) {
    const auto [enter, leave] = Span(box, origin, ray);
    if (enter > 0.0 && enter < leave) distance = std::min(distance, enter);
  }
  return Texture(origin + distance * ray);
}

Image RenderFrame(const Camera& camera, int frame, const RoomOptions& options) {
  constexpr int kSamples = 2;  // per side of a pixel
  const Rigid3 world_from_camera = Inverse(camera.camera_from_world);
  Image image(options.width, options.height);
  for (int y = 0; y < options.height; ++y) {
    for (int x = 0; x < options.width; ++x) {
      double sum = 0.0;
      for (int k = 0; k < kSamples * kSamples; ++k) {
        Eigen::Vector2d point(x + (k % kSamples + 0.5) / kSamples,
                              y + (k / kSamples + 0.5) / kSamples);
        if (options.warp) point = options.warp(frame, point);
        const Eigen::Vector3d ray((point.x() - camera.intrinsics.cx_px) / camera.intrinsics.fx_px,
                                  (point.y() - camera.intrinsics.cy_px) / camera.intrinsics.fy_px,
                                  1.0);
        sum += Shade(world_from_camera.translation, world_from_camera.rotation * ray);
      }
      const int level = static_cast<int>(std::lround(255.0 * sum / (kSamples * kSamples)));
      std::fill_n(image.Pixel(x, y), 3, static_cast<uint8_t>(std::clamp(level, 0, 255)));
    }
  }
  return image;
}

}  // namespace

RoomVideo RenderRoom(const CameraPathOf& path, const RoomOptions& options) {
  std::vector<Image> frames;
  std::vector<Camera> cameras;
  for (int i = 0; i < options.frames; ++i) {
    const double share = options.frames == 1 ? 0.0 : i / (options.frames - 1.0);
    cameras.push_back(
        {Intrinsics::FromVerticalFov(options.width, options.height, options.vertical_fov_rad),
         Inverse(path(share))});
    frames.push_back(RenderFrame(cameras.back(), i, options));
  }
  return {Video(std::move(frames), 24.0), std::move(cameras)};
}

CameraPathOf ArcPath(double sweep_rad) {
  return [sweep_rad](double share) {
    const double angle = (share - 0.5) * sweep_rad - 0.5 * std::numbers::pi;
    return WorldFromCameraLookingAt({2.4 * std::cos(angle), 2.4 * std::sin(angle), 1.5},
                                    {0.0, 0.3, 0.8});
  };
}

CameraPathOf YawPath(double sweep_rad) {
  return [sweep_rad](double share) {
    const double angle = (share - 0.5) * sweep_rad + 0.5 * std::numbers::pi;
    const Eigen::Vector3d eye(0.3, -2.0, 1.4);
    return WorldFromCameraLookingAt(eye,
                                    eye + Eigen::Vector3d(std::cos(angle), std::sin(angle), -0.15));
  };
}

CameraPathOf StillPath() { return YawPath(0.0); }

Video NoiseVideo(const RoomOptions& options) {
  Random random(7);
  std::vector<Image> frames(options.frames, Image(options.width, options.height));
  for (Image& frame : frames) {
    for (uint8_t& level : frame.rgb) level = static_cast<uint8_t>(random.Index(256));
  }
  return Video(std::move(frames), 24.0);
}

Video Reordered(const Video& video, const std::vector<int>& order) {
  std::vector<Image> frames;
  for (const int index : order) frames.push_back(video.frame(index));
  return Video(std::move(frames), video.fps());
}

std::function<Eigen::Vector2d(int, const Eigen::Vector2d&)> SmoothWarp(double amount_px,
                                                                       const RoomOptions& options) {
  const Eigen::Vector2d size(options.width, options.height);
  return [amount_px, size](int frame, const Eigen::Vector2d& point) -> Eigen::Vector2d {
    Random random(1000 + frame);
    Eigen::Vector2d moved = point;
    for (int axis = 0; axis < 2; ++axis) {
      const double phase_x = random.Uniform(0.0, 2.0 * std::numbers::pi);
      const double phase_y = random.Uniform(0.0, 2.0 * std::numbers::pi);
      moved[axis] += amount_px *
                     std::sin(2.0 * std::numbers::pi * 1.5 * point.x() / size.x() + phase_x) *
                     std::sin(2.0 * std::numbers::pi * 1.5 * point.y() / size.y() + phase_y);
    }
    return moved;
  };
}

}  // namespace plumb
