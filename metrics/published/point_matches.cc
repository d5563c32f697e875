// SPDX-License-Identifier: Apache-2.0
#include "metrics/published/point_matches.h"

#include <cmath>

namespace plumb {

double DistanceToLine(const Eigen::Vector3d& line, const Eigen::Vector2d& point_px) {
  return std::abs(line.dot(point_px.homogeneous())) / line.head<2>().norm();
}

}  // namespace plumb
