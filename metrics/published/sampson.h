// SPDX-License-Identifier: Apache-2.0
// Sampson error of matches as Epipolar-DPO measures it (Kupyn et al. 2025, arXiv 2510.21615):
// √(s² + 1e-8) per match, in pixels.
#pragma once

#include <optional>
#include <vector>

#include "core/progress.h"
#include "core/video.h"
#include "metrics/published/named_values.h"
#include "metrics/published/point_matches.h"

namespace plumb {

struct SampsonSettings {
  int min_matches = 20;
  double inlier_px = 5.0;  // an inlier's error is at most this
  double eps = 1e-8;
};

// The matrix that fits all matches in the least squares of the normalised eight-point algorithm
// (Hartley & Zisserman 2004, §11.2), of rank two; second' F first = 0. No outlier is left out.
// Empty with fewer than eight matches or points that all coincide.
std::optional<Eigen::Matrix3d> EightPointMatrix(const std::vector<PointMatch>& matches);

// `given_F/…` where a matrix is given: mean_error, inlier_rate_5px, median, max; `eight_point/…` by
// the matrix of all matches: mean_error and inlier_rate_5px. All undefined with fewer than
// min_matches matches.
NamedValues Sampson(const std::vector<PointMatch>& matches,
                    const std::optional<Eigen::Matrix3d>& fundamental,
                    const SampsonSettings& settings);

// The same of a video: every 15th frame and the next such, exact SIFT matches with ratio 0.75.
// `pairI/mean_error` and `pairI/inlier_rate_5px` by the eight-point matrix; `video/mean_error` and
// `video/inlier_rate_5px`, their means over the pairs that have them; `pairs` and `valid_pairs`.
NamedValues SampsonOfVideo(const Video& video,
                           const SampsonSettings& settings,
                           const Progress& progress);

}  // namespace plumb
