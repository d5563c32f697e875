// SPDX-License-Identifier: Apache-2.0
#include "metrics/published/tsed.h"

#include <cmath>
#include <limits>

#include <Eigen/LU>
#include <fmt/format.h>

#include "core/check.h"
#include "core/statistics.h"

namespace plumb {
namespace {

constexpr double kNoMatches_px = 99999999999;

Eigen::Matrix3d Cross(const Eigen::Vector3d& v) {
  Eigen::Matrix3d cross;
  cross << 0, -v.z(), v.y(), v.z(), 0, -v.x(), -v.y(), v.x(), 0;
  return cross;
}

// second' F first = 0 between the pictures of two cameras.
Eigen::Matrix3d FundamentalBetween(const Eigen::Matrix4d& world_from_first,
                                   const Eigen::Matrix4d& world_from_second,
                                   const SquareIntrinsics& intrinsics) {
  Eigen::Matrix3d calibration;  // of a camera whose y points up and z backward
  calibration << intrinsics.focal_px, 0, -intrinsics.centre_px, 0, -intrinsics.focal_px,
      -intrinsics.centre_px, 0, 0, -1;
  const Eigen::Matrix4d first_from_second = world_from_first.inverse() * world_from_second;
  const Eigen::Matrix3d second_from_first = first_from_second.topLeftCorner<3, 3>().inverse();
  const Eigen::Matrix3d essential =
      second_from_first * Cross(first_from_second.topRightCorner<3, 1>());
  const Eigen::Matrix3d rays = calibration.inverse();
  return rays.transpose() * essential * rays;
}

struct CameraPair {
  Eigen::Matrix3d second_from_first;  // fundamental matrices, each by its own inversion
  Eigen::Matrix3d first_from_second;
};

// Not finite when the two cameras stand at one place: no line is defined then.
double MedianDistance(const CameraPair& cameras, const std::vector<PointMatch>& matches) {
  std::vector<double> distances;
  for (const PointMatch& match : matches) {
    const double in_second =
        DistanceToLine(cameras.second_from_first * match.first_px.homogeneous(), match.second_px);
    const double in_first =
        DistanceToLine(cameras.first_from_second * match.second_px.homogeneous(), match.first_px);
    distances.push_back((in_first + in_second) / 2);
    if (!std::isfinite(distances.back())) return std::numeric_limits<double>::quiet_NaN();
  }
  return distances.empty() ? kNoMatches_px : Median(distances);
}

}  // namespace

NamedValues Tsed(const std::vector<Eigen::Matrix4d>& poses,
                 const std::vector<std::vector<PointMatch>>& matches,
                 const SquareIntrinsics& intrinsics,
                 const TsedSettings& settings) {
  PLUMB_CHECK(poses.size() == matches.size() + 1 || (poses.empty() && matches.empty()),
              "{} poses for {} pairs",
              poses.size(),
              matches.size());
  NamedValues values;
  std::vector<double> medians;
  for (size_t i = 0; i < matches.size(); ++i) {
    const CameraPair cameras = {FundamentalBetween(poses[i], poses[i + 1], intrinsics),
                                FundamentalBetween(poses[i + 1], poses[i], intrinsics)};
    medians.push_back(MedianDistance(cameras, matches[i]));
    values.Add(fmt::format("pair{}/median_sed", i), medians.back());
    values.Add(fmt::format("pair{}/matches", i), static_cast<double>(matches[i].size()));
  }
  for (const double error_px : settings.error_px) {
    for (const int min_matches : settings.min_matches) {
      int consistent = 0;
      for (size_t i = 0; i < medians.size(); ++i) {
        consistent += static_cast<int>(matches[i].size()) >= min_matches && medians[i] < error_px;
      }
      const std::string label = fmt::format("te{}_tm{}", error_px, min_matches);
      if (medians.empty()) {
        values.AddUndefined("tsed/" + label, "there are no neighbouring frames");
      } else {
        values.Add("tsed/" + label, consistent / static_cast<double>(medians.size()));
      }
      values.Add("consistent_pairs/" + label, consistent);
    }
  }
  return values;
}

}  // namespace plumb
