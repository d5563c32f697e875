// SPDX-License-Identifier: Apache-2.0
// Cameras and points as a report shows them in 3D: few enough to store, upright, and of one size.
#pragma once

#include "core/json.h"
#include "metrics/geometry/reconstruction.h"

namespace plumb {

// One entry per world:
//   {"turns_only", "half_view": [tan of half the horizontal, vertical field of view], "found":
//   [cameras, points], "cameras": [[frame, x, y, z, qw, qx, qy, qz], …], "points": [[x, y, z, rgb],
//   …]}
// of at most 120 cameras and 800 points, evenly chosen. Places are whole thousandths of the
// world's radius (within which nine tenths of points and cameras lie) round its middle; points
// farther than five radii are left out. y is up as the cameras see it on average; quaternions
// (world from camera, thousandths) turn OpenCV's camera axes; rgb is 65536 r + 256 g + b. A camera
// that only turns stands in the middle.
Json WorldViews(const Reconstruction& reconstruction);

}  // namespace plumb
