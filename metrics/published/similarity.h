// SPDX-License-Identifier: Apache-2.0
// The similarity that brings one set of points nearest to another.
#pragma once

#include <optional>
#include <vector>

#include <Eigen/Core>

namespace plumb {

struct Similarity {
  Eigen::Matrix3d rotation = Eigen::Matrix3d::Identity();
  Eigen::Vector3d translation = Eigen::Vector3d::Zero();
  double scale = 1.0;

  Eigen::Vector3d operator*(const Eigen::Vector3d& x) const {
    return scale * (rotation * x) + translation;
  }
};

// Least squares over all points (Umeyama 1991, eqs. 34–43), with the scale or with scale 1. Empty
// when the covariance of the two sets has fewer than two singular values above the rounding of
// doubles: fewer than three points, or points on a line. Throws CheckFailure on sets of unlike or
// no length.
std::optional<Similarity> AlignPoints(const std::vector<Eigen::Vector3d>& source,
                                      const std::vector<Eigen::Vector3d>& target,
                                      bool with_scale);

}  // namespace plumb
