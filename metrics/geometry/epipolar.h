// SPDX-License-Identifier: Apache-2.0
// Two views of any rigid world obey one fundamental matrix, two views of a plane (or of any world
// by a camera that only turned) one homography; how well they do says what kind of views they are.
#pragma once

#include <optional>
#include <vector>

#include <Eigen/Core>

#include "metrics/geometry/pair_rotation.h"

namespace plumb {

// Sampson distance in pixels of every pair to the fundamental matrix that fits them best (least
// median of squares, then the normalised eight-point algorithm on its inliers; Hartley & Zisserman
// 2004, §11). Empty with fewer than 16 pairs, or when no matrix is found.
std::vector<double> EpipolarResidualsPx(const PointPairs& pairs);

// The homography b ~ H a that fits the pairs best (least median of squares, then least squares on
// its inliers). Empty with fewer than 8 pairs, or when none is found.
std::optional<Eigen::Matrix3d> FitHomography(const PointPairs& pairs);
// Distance in pixels of every point of b from where that homography puts it. Empty with fewer than
// 16 pairs, or when none is found.
std::vector<double> HomographyResidualsPx(const PointPairs& pairs);

}  // namespace plumb
