// SPDX-License-Identifier: Apache-2.0
#include "metrics/published/pose_pairs.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

namespace plumb {
namespace {

// The pose of a path whose stamps rise that is nearest in time, if it is near enough. Of equal
// stamps the last stands for all.
std::optional<size_t> NearestOfSorted(const Trajectory& path, double time_s, double max_s) {
  const auto later =
      std::upper_bound(path.begin(), path.end(), time_s, [](double time, const StampedPose& pose) {
        return time < pose.time_s;
      });
  const double none = std::numeric_limits<double>::infinity();
  const double after = later == path.end() ? none : later->time_s - time_s;
  const double before = later == path.begin() ? none : time_s - std::prev(later)->time_s;
  if (std::min(after, before) > max_s) return std::nullopt;
  const size_t index = static_cast<size_t>(later - path.begin());
  return after < before ? index : index - 1;
}

std::optional<size_t> NearestOfUnsorted(const Trajectory& path, double time_s, double max_s) {
  const auto distance = [&](const StampedPose& pose) { return std::abs(pose.time_s - time_s); };
  const auto nearest =
      std::min_element(path.begin(), path.end(), [&](const StampedPose& a, const StampedPose& b) {
        return distance(a) < distance(b);
      });
  if (distance(*nearest) > max_s) return std::nullopt;
  return static_cast<size_t>(nearest - path.begin());
}

}  // namespace

PosePairs AssociatePoses(const Trajectory& truth, const Trajectory& estimate, double max_s) {
  PosePairs pairs;
  if (truth.empty() || estimate.empty()) return pairs;
  const bool walks_truth = estimate.size() > truth.size();
  const Trajectory& walked = walks_truth ? truth : estimate;
  const Trajectory& other = walks_truth ? estimate : truth;
  const bool sorted =
      std::is_sorted(other.begin(), other.end(), [](const StampedPose& a, const StampedPose& b) {
        return a.time_s < b.time_s;
      });
  for (const StampedPose& pose : walked) {
    const auto index = sorted ? NearestOfSorted(other, pose.time_s, max_s)
                              : NearestOfUnsorted(other, pose.time_s, max_s);
    if (!index) continue;
    const Rigid3& met = other[*index].world_from_body;
    pairs.truth.push_back(walks_truth ? pose.world_from_body : met);
    pairs.estimate.push_back(walks_truth ? met : pose.world_from_body);
  }
  return pairs;
}

double RotationDegrees(const Eigen::Quaterniond& rotation) {
  return 2 * std::atan2(rotation.vec().norm(), std::abs(rotation.w())) * 180 / std::numbers::pi;
}

}  // namespace plumb
