// SPDX-License-Identifier: Apache-2.0
// A textured box room with known cameras, ray-cast in a few lines: the truth that the geometry
// tests measure against. It shares no code with the renderer of scenes/, so that one cannot hide a
// mistake of the other.
#pragma once

#include <functional>
#include <vector>

#include "core/camera.h"
#include "core/video.h"

namespace plumb {

struct RoomOptions {
  int width = 192;
  int height = 192;
  int frames = 30;
  double vertical_fov_rad = 0.9;
  // Moves picture point (x, y) of a frame before it is looked up: a deformation that no rigid world
  // explains.
  std::function<Eigen::Vector2d(int frame, const Eigen::Vector2d& point_px)> warp;
};

// Where the camera is in each frame.
using CameraPathOf = std::function<Rigid3(double share)>;  // world_from_camera at 0 … 1 of the clip

struct RoomVideo {
  Video video;
  std::vector<Camera> cameras;
};

RoomVideo RenderRoom(const CameraPathOf& path, const RoomOptions& options);

// Paths: on an arc of `sweep_rad` round the middle; turning on the spot; standing still.
CameraPathOf ArcPath(double sweep_rad);
CameraPathOf YawPath(double sweep_rad);
CameraPathOf StillPath();

// Every pixel of every frame drawn anew.
Video NoiseVideo(const RoomOptions& options);
// The frames of `video` in the given order.
Video Reordered(const Video& video, const std::vector<int>& order);

// A smooth displacement of about `amount_px` whose shape is another one in every frame.
std::function<Eigen::Vector2d(int, const Eigen::Vector2d&)> SmoothWarp(double amount_px,
                                                                       const RoomOptions& options);

}  // namespace plumb
