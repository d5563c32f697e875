// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/rigidity/focal_course.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <Eigen/Geometry>

#include "core/check.h"
#include "metrics/geometry/rigidity/camera_step.h"

namespace plumb {
namespace {

constexpr int kSteps = 4;
constexpr double kLeastSd = 1e-3;  // no frame is trusted more than that

class FrameFit {
 public:
  FrameFit(const WorldSightings& seen, const FrameSightings& frame)
      : seen_(seen), frame_(frame), pinhole_(seen.pinhole), pose_(frame.camera_from_world) {}

  std::optional<FrameFocal> Fit() {
    const CameraUnknowns unknowns =
        seen_.turns_only ? CameraUnknowns::kTurnFocal : CameraUnknowns::kPoseFocal;
    for (int round = 0; round < kSteps; ++round) {
      const CameraStep step = Linearise().Solve(unknowns);
      if (!step.allFinite() || step.norm() > 1e3) return std::nullopt;
      Move(step);
    }
    const CameraEquations equations = Linearise();
    const double variance = weights_ > 0.0 ? weighted_squares_ / (2.0 * weights_) : 0.0;
    const double sd = std::sqrt(variance * equations.LastVariance(unknowns));
    const double log_ratio = std::log(pinhole_.focal_px / seen_.pinhole.focal_px);
    if (!std::isfinite(sd) || !std::isfinite(log_ratio)) return std::nullopt;
    return FrameFocal{frame_.frame, log_ratio, sd};
  }

 private:
  CameraEquations Linearise() {
    CameraEquations equations;
    weights_ = weighted_squares_ = 0.0;
    for (const PointSighting& point : frame_.points) {
      const Eigen::Vector3d x_in_camera = pose_ * point.x_in_world;
      const auto projected = pinhole_.Project(x_in_camera);
      if (!projected) continue;
      const Eigen::Vector2d residual = point.seen_px - *projected;
      const double weight = CauchyWeight(residual, seen_.unit_px);
      equations.Add(ProjectionByCamera(pinhole_, x_in_camera), residual, weight);
      weights_ += weight;
      weighted_squares_ += weight * residual.squaredNorm();
    }
    return equations;
  }

  void Move(const CameraStep& step) {
    const Eigen::Vector3d omega = step.head<3>();
    const double angle = omega.norm();
    Eigen::Quaterniond turn = Eigen::Quaterniond::Identity();
    if (angle > 0.0) turn = Eigen::AngleAxisd(angle, omega / angle);
    pose_ = Rigid3(turn, step.segment<3>(3)) * pose_;
    pinhole_.focal_px *= std::exp(std::clamp(step[6], -0.5, 0.5));
  }

  const WorldSightings& seen_;
  const FrameSightings& frame_;
  CentredPinhole pinhole_;
  Rigid3 pose_;
  double weights_ = 0.0;
  double weighted_squares_ = 0.0;
};

}  // namespace

std::vector<FrameFocal> FocalCourse(const WorldSightings& seen, int min_points) {
  std::vector<FrameFocal> course;
  for (const FrameSightings& frame : seen.frames) {
    if (static_cast<int>(frame.points.size()) < min_points) continue;
    const auto focal = FrameFit(seen, frame).Fit();
    if (focal) course.push_back(*focal);
  }
  return course;
}

double FocalSpread(const std::vector<FrameFocal>& frames) {
  PLUMB_CHECK(!frames.empty(), "no frame");
  const auto weight = [](const FrameFocal& frame) {
    return 1.0 / (frame.sd * frame.sd + kLeastSd * kLeastSd);
  };
  double weights = 0.0, mean = 0.0, spread = 0.0;
  for (const FrameFocal& frame : frames) {
    weights += weight(frame);
    mean += weight(frame) * frame.log_ratio;
  }
  mean /= weights;
  for (const FrameFocal& frame : frames) {
    const double off = frame.log_ratio - mean;
    spread += weight(frame) * (off * off - frame.sd * frame.sd);
  }
  return std::sqrt(std::max(0.0, spread / weights));
}

}  // namespace plumb
