// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "metrics/geometry/internal_sighting_cost.h"

namespace plumb {

PoseNumbers NumbersOf(const Rigid3& pose) {
  PoseNumbers numbers{};
  Eigen::Map<Eigen::Vector4d>(numbers.data()) = pose.rotation.coeffs();
  Eigen::Map<Eigen::Vector3d>(numbers.data() + 4) = pose.translation;
  return numbers;
}

Rigid3 PoseOf(const double* numbers) {
  const Eigen::Quaterniond rotation(numbers[3], numbers[0], numbers[1], numbers[2]);
  return {rotation.normalized(), Eigen::Vector3d(numbers[4], numbers[5], numbers[6])};
}

bool PoseManifold::Plus(const double* pose, const double* step, double* moved) const {
  const Eigen::Vector3d omega(step[0], step[1], step[2]);
  const double half = 0.5 * omega.norm();
  const double ratio = half < 1e-10 ? 0.5 : 0.5 * std::sin(half) / half;
  const Eigen::Vector3d axis = ratio * omega;
  const Eigen::Quaterniond turn(std::cos(half), axis.x(), axis.y(), axis.z());
  const Eigen::Map<const Eigen::Quaterniond> before(pose);
  Eigen::Map<Eigen::Quaterniond> after(moved);
  after = (turn * before).normalized();
  for (int i = 0; i < 3; ++i) moved[4 + i] = pose[4 + i] + step[3 + i];
  return true;
}

bool PoseManifold::PlusJacobian(const double*, double* by_step) const {
  Eigen::Map<Eigen::Matrix<double, kPoseSize, kPoseStep, Eigen::RowMajor>>(by_step).setIdentity();
  return true;
}

bool SightingCost::Evaluate(double const* const* parameters,
                            double* residuals,
                            double** jacobians) const {
  const Eigen::Map<const Eigen::Quaterniond> turn(parameters[0]);
  const Eigen::Map<const Eigen::Vector3d> shift(parameters[0] + 4);
  const Eigen::Map<const Eigen::Vector3d> point(parameters[1]);
  const double focal = parameters[2][0];
  const Eigen::Matrix3d rotation = turn.toRotationMatrix();
  const Eigen::Vector3d turned = rotation * point;
  const Eigen::Vector3d x = turned + shift;
  if (x.z() < 1e-6) return false;
  const Eigen::Vector2d slope = x.head<2>() / x.z();
  Eigen::Map<Eigen::Vector2d> residual(residuals);
  residual = focal * slope - seen_px_;
  if (jacobians == nullptr) return true;

  Eigen::Matrix<double, 2, 3> by_x;
  by_x << 1.0, 0.0, -slope.x(), 0.0, 1.0, -slope.y();
  by_x *= focal / x.z();
  if (jacobians[0] != nullptr) {
    Eigen::Map<Eigen::Matrix<double, 2, kPoseSize, Eigen::RowMajor>> by_pose(jacobians[0]);
    // x moves by ω × turned, and r · (ω × turned) = ω · (turned × r).
    for (int row = 0; row < 2; ++row) {
      by_pose.block<1, 3>(row, 0) = turned.cross(by_x.row(row).transpose()).transpose();
    }
    by_pose.block<2, 3>(0, 3) = by_x;
    by_pose.col(6).setZero();
  }
  if (jacobians[1] != nullptr) {
    Eigen::Map<Eigen::Matrix<double, 2, 3, Eigen::RowMajor>> by_point(jacobians[1]);
    by_point = by_x * rotation;
  }
  if (jacobians[2] != nullptr) {
    Eigen::Map<Eigen::Vector2d> by_focal(jacobians[2]);
    by_focal = slope;
  }
  return true;
}

bool FocalCost::Evaluate(double const* const* parameters,
                         double* residuals,
                         double** jacobians) const {
  const double focal = parameters[0][0];
  if (focal <= 0.0) return false;
  residuals[0] = weight_ * std::log(focal / guess_px_);
  if (jacobians != nullptr && jacobians[0] != nullptr) jacobians[0][0] = weight_ / focal;
  return true;
}

}  // namespace plumb
