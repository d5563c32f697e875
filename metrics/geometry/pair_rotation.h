// SPDX-License-Identifier: Apache-2.0
// Two pictures of a camera that only turned: x_in_b = K R K⁻¹ x_in_a for every static point,
// however deep the world is (Hartley & Zisserman 2004, §8.4.2).
#pragma once

#include <utility>
#include <vector>

#include <Eigen/Core>

#include "metrics/geometry/centred_pinhole.h"
#include "metrics/geometry/tracks.h"

namespace plumb {

// Points of the tracks that two frames share, pixel centres at +0.5.
struct PointPairs {
  std::vector<Eigen::Vector2d> a_px;
  std::vector<Eigen::Vector2d> b_px;
};
PointPairs PairsBetween(const TrackSet& set, int frame_a, int frame_b);

// The rotation camera_from_rays under which the unit rays best project to where they were seen
// (weighted Kabsch, re-weighted with a Cauchy loss whose scale shrinks to `scale_px`).
Eigen::Matrix3d AlignRays(const std::vector<Eigen::Vector3d>& rays,
                          const std::vector<Eigen::Vector2d>& seen_px,
                          const CentredPinhole& pinhole,
                          double scale_px);

// The rotation b_from_a that best maps the points of a onto those of b, and how far each point then
// is from where it should be (pixels; 1e6 behind the camera).
struct PairRotation {
  Eigen::Matrix3d b_from_a = Eigen::Matrix3d::Identity();
  std::vector<double> residuals_px;
};
PairRotation FitPairRotation(const PointPairs& pairs,
                             const CentredPinhole& pinhole,
                             double scale_px);

// The focal length (of 40 between 0.3 and 8 widths, in equal ratios) under which rotations explain
// the pairs of frames best. Short clips of small turns leave it open; then it is the best of
// equals.
double BestRotationFocal(const TrackSet& set, const std::vector<std::pair<int, int>>& frame_pairs);

}  // namespace plumb
