// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/posed_clip.h"

#include <Eigen/Cholesky>

namespace plumb {
namespace {

double CauchyCost(double squared, double scale_px) {
  return std::log1p(squared / (scale_px * scale_px));
}

double Cost(const PoseProblem& problem, const Rigid3& pose) {
  double cost = 0.0;
  for (const PointSighting& sighting : problem.sightings) {
    const double residual = ReprojectionPx(problem.pinhole, pose, sighting);
    cost += CauchyCost(residual * residual, problem.scale_px);
  }
  return cost;
}

using Matrix6 = Eigen::Matrix<double, 6, 6>;
using Vector6 = Eigen::Matrix<double, 6, 1>;

struct NormalEquations {
  Matrix6 hessian = Matrix6::Zero();
  Vector6 gradient = Vector6::Zero();
};

// Left perturbation: x' = x + ω × x + v.
NormalEquations Linearise(const PoseProblem& problem, const Rigid3& pose) {
  NormalEquations equations;
  for (const PointSighting& sighting : problem.sightings) {
    const Eigen::Vector3d x = pose * sighting.x_in_world;
    const std::optional<Eigen::Vector2d> projected = problem.pinhole.Project(x);
    if (!projected) continue;
    const Eigen::Vector2d residual = *projected - sighting.seen_px;
    Eigen::Matrix<double, 3, 6> by_pose;
    by_pose << 0.0, x.z(), -x.y(), 1.0, 0.0, 0.0, -x.z(), 0.0, x.x(), 0.0, 1.0, 0.0, x.y(), -x.x(),
        0.0, 0.0, 0.0, 1.0;
    const Eigen::Matrix<double, 2, 6> jacobian = problem.pinhole.ProjectionJacobian(x) * by_pose;
    const double ratio = residual.squaredNorm() / (problem.scale_px * problem.scale_px);
    const double weight = 1.0 / (1.0 + ratio);
    equations.hessian += weight * jacobian.transpose() * jacobian;
    equations.gradient += weight * jacobian.transpose() * residual;
  }
  return equations;
}

Rigid3 Moved(const Rigid3& pose, const Vector6& step) {
  const Eigen::Vector3d omega = step.head<3>();
  const double angle = omega.norm();
  Rigid3 moved = pose;
  if (angle > 0.0) {
    const Eigen::Quaterniond turn(Eigen::AngleAxisd(angle, omega / angle));
    moved.rotation = (turn * pose.rotation).normalized();
    moved.translation = turn * pose.translation;
  }
  moved.translation += step.tail<3>();
  return moved;
}

}  // namespace

double ReprojectionPx(const CentredPinhole& pinhole,
                      const Rigid3& camera_from_world,
                      const PointSighting& sighting) {
  return pinhole.DistancePx(camera_from_world * sighting.x_in_world, sighting.seen_px);
}

Rigid3 RefinedPose(const PoseProblem& problem, const Rigid3& start) {
  if (problem.sightings.size() < 3) return start;
  Rigid3 pose = start;
  double cost = Cost(problem, pose);
  double damping = 1e-4;
  for (int iteration = 0; iteration < 30; ++iteration) {
    NormalEquations equations = Linearise(problem, pose);
    equations.hessian.diagonal() *= 1.0 + damping;
    equations.hessian.diagonal().array() += 1e-12;
    const Vector6 step = -equations.hessian.ldlt().solve(equations.gradient);
    if (!step.allFinite()) break;
    const Rigid3 moved = Moved(pose, step);
    const double moved_cost = Cost(problem, moved);
    if (moved_cost >= cost) {
      damping *= 10.0;
      if (damping > 1e4) break;
      continue;
    }
    const bool settled = cost - moved_cost < 1e-7 * cost;
    pose = moved;
    cost = moved_cost;
    damping = std::max(1e-9, 0.1 * damping);
    if (settled) break;
  }
  return pose;
}

}  // namespace plumb
