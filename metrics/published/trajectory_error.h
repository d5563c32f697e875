// SPDX-License-Identifier: Apache-2.0
// Absolute and relative pose error of a camera or body path against the true one, by evo's
// definitions (Grupp, evo 1.38: main_ape, main_rpe, core/sync; Sturm et al. 2012; Kümmerle et al.
// 2009).
#pragma once

#include <string>
#include <vector>

#include "metrics/published/named_values.h"
#include "metrics/published/pose_pairs.h"

namespace plumb {

// How far apart the poses of a pair of RPE stand.
struct PoseDelta {
  int frames = 1;          // ≥ 1
  bool all_pairs = false;  // every pair, or only those that do not overlap
};

struct TrajectorySettings {
  double max_time_difference_s = 0.01;  // of two poses that belong together
  std::vector<PoseDelta> deltas = {{1, false}, {10, false}, {10, true}};
};

// Poses belong together as AssociatePoses says.
//
// Values: `associated_pairs`; `ape_trans/A/S` (unit of the files) and `ape_rot_deg/A/S` for the
// alignments A none, se3, sim3, scale_only and origin; `rpe_trans/dN/A/S` for none and sim3 and
// `rpe_rot_deg/dN/S`, with `_all` behind N for all pairs; statistics S rmse, mean, median, max,
// min, std (n), sse and n. Undefined, with a reason: everything but the count without a pair; se3,
// sim3 and scale_only where the positions do not fix a rotation (AlignPoints); RPE without a pair
// of that delta.
NamedValues TrajectoryError(const Trajectory& truth,
                            const Trajectory& estimate,
                            const TrajectorySettings& settings);

}  // namespace plumb
