// SPDX-License-Identifier: Apache-2.0
// Does one focal length hold through the clip? It is refitted for every frame, together with the
// frame's pose, against the world's points.
#pragma once

#include <vector>

#include "metrics/geometry/rigidity/world_sightings.h"

namespace plumb {

struct FrameFocal {
  int frame = 0;           // tracked frame
  double log_ratio = 0.0;  // natural logarithm of the frame's focal length over the world's
  double sd = 0.0;         // of log_ratio, from the residuals
};

// Frames that see at least `min_points` points. A flat view that the camera only approaches fixes
// no focal length; `sd` says so.
std::vector<FrameFocal> FocalCourse(const WorldSightings& seen, int min_points);

// Spread of the ratios about their mean, weighted by their certainty, beyond what `sd` explains; as
// a share. At least one frame.
double FocalSpread(const std::vector<FrameFocal>& frames);

}  // namespace plumb
