// SPDX-License-Identifier: Apache-2.0
// How far the picture of a still camera wanders.
#pragma once

#include <vector>

#include "metrics/geometry/tracks.h"

namespace plumb {

// Tracks must be this long (or as long as half of the clip) to say something about a still camera.
constexpr int kMinDriftFrames = 12;

// Of every long track, how far it is from where it began: root mean square distance of its means
// over five frames from the first of them, less what the tracker's noise adds to such means (by the
// steps from frame to frame: von Neumann's estimate, 1941). So grain, which no one sees as drift,
// does not count, and a swaying of a few frames does. Pixels of the sample.
std::vector<double> DriftsPx(const TrackSet& set);

}  // namespace plumb
