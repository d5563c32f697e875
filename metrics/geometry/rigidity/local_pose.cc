// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/rigidity/local_pose.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Geometry>

#include "core/check.h"
#include "core/statistics.h"
#include "metrics/geometry/rigidity/camera_step.h"

namespace plumb {
namespace {

constexpr int kReweightings = 3;
constexpr int kStretch_frames = 10;
constexpr double kLeastReach = 0.75;  // of a part's side

struct LinearSighting {
  Eigen::Vector2d seen_px;
  CameraJacobian jacobian;
  Eigen::Vector2d residual_px;
};

struct PartFit {
  double squared_px2 = 0.0;  // beyond noise
  int points = 0;
};

std::optional<PartFit> FitPart(const std::vector<LinearSighting>& sightings,
                               CameraUnknowns unknowns,
                               double scale_px) {
  CameraStep step = CameraStep::Zero();
  for (int round = 0; round < kReweightings; ++round) {
    CameraEquations equations;
    for (const LinearSighting& one : sightings) {
      const Eigen::Vector2d left = one.residual_px - one.jacobian * step;
      equations.Add(one.jacobian, one.residual_px, CauchyWeight(left, scale_px));
    }
    step = equations.Solve(unknowns);
    if (!step.allFinite()) return std::nullopt;
  }
  double moved = 0.0, left = 0.0;
  for (const LinearSighting& one : sightings) {
    const Eigen::Vector2d by = one.jacobian * step;
    moved += by.squaredNorm();
    left += (one.residual_px - by).squaredNorm();
  }
  const auto count = static_cast<double>(sightings.size());
  const double variance = left / (2.0 * count - CountOf(unknowns));
  return PartFit{(moved - CountOf(unknowns) * variance) / count, static_cast<int>(count)};
}

class FrameParts {
 public:
  FrameParts(const WorldSightings& seen, const LocalPoseOptions& options)
      : seen_(seen), options_(options) {}

  std::optional<FrameDivergence> Measure(const FrameSightings& frame) const {
    const CameraUnknowns unknowns =
        seen_.turns_only ? CameraUnknowns::kTurn : CameraUnknowns::kPose;
    auto parts = Split(frame);
    FrameDivergence divergence{frame.frame, 0.0, 0, 0, 0.0};
    int points = 0;
    for (size_t part = 0; part < parts.size(); ++part) {
      if (options_.majority_units) KeepMajority(parts[part]);
      if (static_cast<int>(parts[part].size()) < options_.min_points) continue;
      const auto fit = FitPart(parts[part], unknowns, seen_.unit_px);
      if (!fit) continue;
      ++divergence.parts;
      divergence.squared_px2 += fit->points * fit->squared_px2;
      points += fit->points;
      const double px = std::sqrt(std::max(0.0, fit->squared_px2));
      if (px <= divergence.worst_px) continue;
      divergence.worst_px = px;
      divergence.worst_part = static_cast<int>(part);
    }
    if (divergence.parts < 2) return std::nullopt;
    divergence.squared_px2 /= points;
    return divergence;
  }

 private:
  std::vector<std::vector<LinearSighting>> Split(const FrameSightings& frame) const {
    std::vector<std::vector<LinearSighting>> parts(options_.cells * options_.cells);
    for (const PointSighting& point : frame.points) {
      const Eigen::Vector3d x_in_camera = frame.camera_from_world * point.x_in_world;
      const auto projected = seen_.pinhole.Project(x_in_camera);
      if (!projected) continue;
      const Eigen::Vector2d residual = point.seen_px - *projected;
      if (residual.norm() > options_.gate_units * seen_.unit_px) continue;
      parts[PartOf(point.seen_px)].push_back(
          {point.seen_px, ProjectionByCamera(seen_.pinhole, x_in_camera), residual});
    }
    return parts;
  }

  void KeepMajority(std::vector<LinearSighting>& part) const {
    if (part.empty()) return;
    Eigen::Vector2d middle;
    for (int axis = 0; axis < 2; ++axis) {
      std::vector<double> values;
      for (const LinearSighting& one : part) values.push_back(one.residual_px[axis]);
      middle[axis] = Median(std::move(values));
    }
    std::erase_if(part, [&](const LinearSighting& one) {
      return (one.residual_px - middle).norm() > *options_.majority_units * seen_.unit_px;
    });
    Eigen::AlignedBox2d reach;
    for (const LinearSighting& one : part) reach.extend(one.seen_px);
    const Eigen::Array2d side = 2.0 * seen_.pinhole.centre_px.array() / options_.cells;
    if ((reach.sizes().array() < kLeastReach * side).all()) part.clear();
  }

  // The picture's size is twice its centre.
  int PartOf(const Eigen::Vector2d& seen_px) const {
    const Eigen::Array2d share = seen_px.array() / (2.0 * seen_.pinhole.centre_px.array());
    const Eigen::Array2i cell = (share * options_.cells).cast<int>().max(0).min(options_.cells - 1);
    return cell.y() * options_.cells + cell.x();
  }

  const WorldSightings& seen_;
  const LocalPoseOptions& options_;
};

}  // namespace

std::vector<FrameDivergence> LocalPoseDivergence(const WorldSightings& seen,
                                                 const LocalPoseOptions& options) {
  const FrameParts parts(seen, options);
  std::vector<FrameDivergence> frames;
  for (const FrameSightings& frame : seen.frames) {
    const auto divergence = parts.Measure(frame);
    if (divergence) frames.push_back(*divergence);
  }
  return frames;
}

std::optional<WorstDivergence> WorstStretch(const std::vector<FrameDivergence>& frames) {
  PLUMB_CHECK(std::ranges::is_sorted(frames, {}, &FrameDivergence::frame));
  std::optional<WorstDivergence> worst;
  double worst_mean = 0.0;
  for (size_t first = 0; first < frames.size(); ++first) {
    WorstDivergence stretch;
    double sum = 0.0;
    for (size_t i = first; i < frames.size(); ++i) {
      if (frames[i].frame >= frames[first].frame + kStretch_frames) break;
      stretch.frames.push_back(frames[i]);
      sum += frames[i].squared_px2;
    }
    if (2 * stretch.frames.size() < kStretch_frames) continue;
    const double mean = sum / static_cast<double>(stretch.frames.size());
    if (worst && mean <= worst_mean) continue;
    stretch.px = std::sqrt(std::max(0.0, mean));
    worst = std::move(stretch);
    worst_mean = mean;
  }
  return worst;
}

}  // namespace plumb
