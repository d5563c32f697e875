// SPDX-License-Identifier: Apache-2.0
// Matched image points, and what the metrics of matches share.
#pragma once

#include <vector>

#include <Eigen/Geometry>

namespace plumb {

struct PointMatch {
  Eigen::Vector2d first_px;
  Eigen::Vector2d second_px;
  bool inlier = true;  // as the matcher says; where it doesn't, all are
};

// Distance in pixels of a point from a homogeneous line; not finite when the line is none.
double DistanceToLine(const Eigen::Vector3d& line, const Eigen::Vector2d& point_px);

}  // namespace plumb
