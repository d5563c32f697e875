// SPDX-License-Identifier: Apache-2.0
// How far a camera's path is from the one that was asked for, as three benchmarks of video models
// measure it: WorldScore (Duan et al. 2025, arXiv 2504.00983), MemoBench (arXiv 2606.27537) and
// WRBench's D1 (arXiv 2606.20545).
#pragma once

#include "metrics/published/named_values.h"
#include "metrics/published/pose_pairs.h"

namespace plumb {

// What was asked for, as far as WRBench's D1 knows it.
enum class CameraKind { kAny, kStatic, kYaw, kPan };

struct CameraPathSettings {
  double max_time_difference_s = 0.01;  // of two poses that belong together
  CameraKind kind = CameraKind::kAny;   // kAny: D1's accuracy is its pose reward
};

// Poses are world_from_camera (x right, y down, z forward) and belong together as AssociatePoses
// says; both paths are moved so that their first pose is the identity, as all three programs do or
// take for granted. With errors e of rotation and t of translation per pose:
//
// `worldscore/rotation_deg` mean e; `worldscore/translation` mean t after the estimate's positions
// are scaled by the factor (of any sign) with the least sum of distances;
// `worldscore/camera_control` = √((1 − rotation/15) (1 − translation/0.5)), each clipped to 0 … 1.
// Unit of the truth's file. `memobench/ate_rot_deg` root mean square e;
// `memobench/total_gt_rotation_deg` from the first to the last true pose;
// `memobench/camera_controllability` = max(0, 1 − ate / max(total, 10));
// `memobench/mean_rot_error_deg` between steps. Not rounded, as the program does for print.
// `wrbench/rot_error_deg` mean e; `wrbench/trans_error` root mean square t over that of the true
// positions (+ 1e-8), the estimate scaled by least squares, never below 0; `wrbench/pose_reward` =
// exp(−(rot/45 + trans)); `wrbench/camera_accuracy`: the reward, 0 when the peak of yaw (2° at
// least) or of the way sideways (1e-4 at least) of that kind of path has the wrong sign or is
// missing, and 1 or 0 for a camera that should stand still (2°, 0.05 at most).
//
// Undefined, with a reason: everything but `associated_pairs` with fewer than two of them.
NamedValues CameraPathError(const Trajectory& truth,
                            const Trajectory& estimate,
                            const CameraPathSettings& settings);

// The factor by which the estimate's positions come nearest to the true ones in the sum of
// distances; of any sign, 1 when the estimate never leaves the origin.
double ScaleOfLeastDistance(const PosePairs& paths);

}  // namespace plumb
