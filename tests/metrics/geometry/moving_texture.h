// SPDX-License-Identifier: Apache-2.0
// A band-limited texture in closed form, moved by any map: pictures whose motion is known exactly,
// to any fraction of a pixel.
#pragma once

#include <functional>

#include <Eigen/Core>

#include "core/video.h"

namespace plumb {

// Where in the texture the picture point of a frame looks (pixels to pixels).
using TextureMap = std::function<Eigen::Vector2d(int frame, const Eigen::Vector2d& point_px)>;

struct TextureOptions {
  int width = 160;
  int height = 160;
  int frames = 14;
  double gain = 1.0;           // of the grey levels …
  double offset_levels = 0.0;  // … and what is added to them
};
Video MovingTexture(const TextureMap& map, const TextureOptions& options);

// The texture passes by: what is at p in frame 0 is at p + frame · step.
TextureMap Sliding(const Eigen::Vector2d& step_px);

}  // namespace plumb
