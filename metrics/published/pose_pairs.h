// SPDX-License-Identifier: Apache-2.0
// Two paths of a camera or body, pose by pose: which poses belong together.
#pragma once

#include <vector>

#include "core/rigid3.h"

namespace plumb {

struct StampedPose {
  double time_s = 0.0;
  Rigid3 world_from_body;
};
using Trajectory = std::vector<StampedPose>;

// Two paths of equal length whose poses belong together.
struct PosePairs {
  std::vector<Rigid3> truth;
  std::vector<Rigid3> estimate;
};

// Pairs each pose of the shorter path with the nearest in time of the longer one, the earlier on a
// tie, when it is at most `max_s` away; of paths of equal length the estimate is walked. Poses of
// the longer path may serve twice (evo 1.38: core/sync).
PosePairs AssociatePoses(const Trajectory& truth, const Trajectory& estimate, double max_s);

// The angle of a rotation, 0 … 180.
double RotationDegrees(const Eigen::Quaterniond& rotation);

}  // namespace plumb
