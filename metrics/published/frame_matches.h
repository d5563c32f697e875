// SPDX-License-Identifier: Apache-2.0
// SIFT matches of two pictures, found as the published metrics find them.
#pragma once

#include <optional>
#include <vector>

#include "core/video.h"
#include "metrics/published/point_matches.h"

namespace plumb {

// kFlann searches approximately, in random trees whose draws go on from call to call, as the
// published programs do; the first call of a process always gives the same.
enum class NeighbourSearch { kExact, kFlann };

struct FrameMatchSettings {
  int width = 0;  // the pictures are first brought to this size; 0: as they are
  int height = 0;
  int max_keypoints = 0;  // the strongest; 0: all
  double ratio = 0.85;    // of the nearest to the second nearest descriptor, below which it counts
  NeighbourSearch search = NeighbourSearch::kExact;
};

// Pixel centres at whole numbers, in the pictures as they were brought to size. Empty when a
// picture has fewer than two keypoints.
std::vector<PointMatch> MatchFrames(const Image& first,
                                    const Image& second,
                                    const FrameMatchSettings& settings);

// OpenCV's RANSAC of the fundamental matrix at 99 %; writes into the matches which are inliers.
// Empty, and none is, with fewer than eight matches or when none is found.
std::optional<Eigen::Matrix3d> RansacFundamental(std::vector<PointMatch>& matches,
                                                 double threshold_px);

}  // namespace plumb
