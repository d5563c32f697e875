// SPDX-License-Identifier: Apache-2.0
// Which points of two frames leave the dominant motion together, as one piece.
#pragma once

#include <vector>

#include "metrics/geometry/moving_parts.h"
#include "metrics/geometry/pair_rotation.h"
#include "metrics/geometry/tracks.h"

namespace plumb {

// Two frames, what they share, and how far each point is from the dominant motion.
struct ComparedPair {
  std::vector<int> tracks;
  PointPairs points;
  std::vector<double> residuals_px;
};

// Per point: whether it disagrees with the dominant motion, and whether it does so as a member of a
// compact part with a motion of its own.
struct CompactParts {
  std::vector<bool> disagrees;
  std::vector<bool> found;
};
CompactParts FindCompactParts(const TrackSet& set,
                              const ComparedPair& pair,
                              const MovingPartsOptions& options);

}  // namespace plumb
