// SPDX-License-Identifier: Apache-2.0
// Geometric consistency of generated video as Li et al. 2024 (arXiv 2402.17403) measure it: how
// well the matches of frame pairs keep to one fundamental matrix, and how many of them do.
#pragma once

#include <optional>
#include <vector>

#include "core/progress.h"
#include "metrics/published/frame_matches.h"
#include "metrics/published/named_values.h"
#include "metrics/published/point_matches.h"

namespace plumb {

struct MatchedPair {
  std::vector<PointMatch> matches;
  // second' F first = 0; absent when the estimator found none.
  std::optional<Eigen::Matrix3d> fundamental;
};

// Of each pair i `pairI/…`: mean, median, rmse and mae (the mean once more) over the inliers of the
// distance in pixels of the second point from the line of the first; keep_ratio = inliers /
// matches; inliers; matches. Of the video `video/…`: mean_error (mean of means), median_error
// (median of medians), rmse (root of the mean square of the rmse), mae, keep_ratio, inliers and
// matches (means). A pair without matrix or inliers has no errors, and a video with such a pair
// none either: the published program ends there or averages an undefined number. Throws
// CheckFailure without any pair.
NamedValues Gvgc(const std::vector<MatchedPair>& pairs);

// The same of a video: frames i and i + interval up to frame 70, brought to 1280×720, up to 40,000
// SIFT keypoints, ratio 0.85, RANSAC at 3 px (the program's AutoEvaluate). Exact neighbours, or
// approximate ones as published. `pairs` says how many. Undefined when the video is too short for
// one pair.
struct GvgcVideoSettings {
  int interval = 60;
  NeighbourSearch search = NeighbourSearch::kExact;
};
NamedValues GvgcOfVideo(const Video& video,
                        const GvgcVideoSettings& settings,
                        const Progress& progress);

}  // namespace plumb
