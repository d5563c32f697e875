// SPDX-License-Identifier: Apache-2.0
// A world whose cameras and points are known exactly, with its tracks: questions to it have closed
// answers.
#pragma once

#include "metrics/geometry/world_fit.h"
#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {

struct KnownWorld {
  TrackSet set;
  RigidWorld world;
};

// Every point is in view throughout; `noise_px` on both coordinates. The camera goes along `way_m`
// (its own axes) past a wall of points, three deep, that fills the picture, and turns by
// `turn_rad`.
struct KnownWorldOptions {
  int frames = 20;
  int side = 18;          // side × side points
  double depth_m = 6.0;   // of the nearest
  double relief_m = 3.0;  // of the farthest behind it
  double noise_px = 0.0;
  Eigen::Vector3d way_m = {0.6, 0.1, 0.0};
  double turn_rad = 0.0;
  uint64_t seed = 1;
};
KnownWorld MakeKnownWorld(const KnownWorldOptions& options);

}  // namespace plumb
