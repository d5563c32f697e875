// SPDX-License-Identifier: Apache-2.0
// A reconstruction of known cameras and points.
#pragma once

#include "metrics/geometry/reconstruction.h"

namespace plumb {

// Six cameras side by side, of frames 10, 12 … 20 of a video of 64 × 48, before a wall of 30 points
// that all of them see exactly where they project to.
inline ReconstructedWorld MadeWorld() {
  ReconstructedWorld world;
  world.intrinsics = {64, 48, 60.0, 60.0, 32.0, 24.0};
  for (int i = 0; i < 30; ++i) {
    world.points.push_back({{0.3 * (i % 6) - 0.75, 0.3 * (i / 6) - 0.6, 4.0 + 0.05 * i},
                            {static_cast<uint8_t>(8 * i), 100, 7},
                            0.25});
  }
  for (int k = 0; k < 6; ++k) {
    ReconstructedFrame frame{10 + 2 * k, Rigid3(), {}};
    frame.camera_from_world.translation = {0.2 * k - 0.5, 0.0, 0.01 * k};
    for (int i = 0; i < 30; ++i) {
      const Camera camera{world.intrinsics, frame.camera_from_world};
      frame.views.push_back({i, Project(camera, world.points[i].x_in_world).point_px});
    }
    world.frames.push_back(frame);
  }
  return world;
}

}  // namespace plumb
