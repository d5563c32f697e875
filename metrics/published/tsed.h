// SPDX-License-Identifier: Apache-2.0
// Thresholded symmetric epipolar distance of Yu et al. 2023 (Photoconsistent-NVS, arXiv
// 2304.10700): do the matches of neighbouring frames agree with the camera path that was asked for?
#pragma once

#include <vector>

#include "metrics/published/named_values.h"
#include "metrics/published/point_matches.h"

namespace plumb {

struct TsedSettings {
  std::vector<double> error_px = {1, 2, 4};  // a pair's median must be below
  std::vector<int> min_matches = {10, 30};   // and its matches at least this many
};

// A square picture: focal length and principal point in pixels of both axes.
struct SquareIntrinsics {
  double focal_px = 0.0;
  double centre_px = 128.0;
};

// `poses[i]` is world_from_camera of frame i (x right, y up, z backward, as a 4×4 matrix);
// `matches[i]` those of frames i and i + 1, so that there is one less.
//
// Values: `pairI/median_sed`, the median over the matches of half the sum of both points' distances
// in pixels from the line of the other (99999999999 without matches, as the published program has
// it), and `pairI/matches`; for every pair of thresholds `tsed/teE_tmM`, the share of consistent
// pairs, and `consistent_pairs/teE_tmM`. Without any pair the shares are undefined. Throws
// CheckFailure unless poses and matches fit.
NamedValues Tsed(const std::vector<Eigen::Matrix4d>& poses,
                 const std::vector<std::vector<PointMatch>>& matches,
                 const SquareIntrinsics& intrinsics,
                 const TsedSettings& settings);

}  // namespace plumb
