// SPDX-License-Identifier: Apache-2.0
// Tracks of a wall that fills the picture of a camera that travels along it.
#pragma once

#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {

// Points on the wall y = 3, 400 in view of a camera that follows `path`.
SyntheticTracks WallTracks(const CameraPathOf& path, double noise_px);
// Sideways, nearer and turning a little, aslant to the wall.
CameraPathOf WallPath();

}  // namespace plumb
