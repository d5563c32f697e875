// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/rigidity/camera_step.h"

#include <Eigen/Cholesky>
#include <Eigen/LU>

namespace plumb {
namespace {

using Block = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, 7, 7>;

const std::vector<int>& ColumnsOf(CameraUnknowns unknowns) {
  static const std::vector<int> columns[] = {
      {0, 1, 2}, {0, 1, 2, 6}, {0, 1, 2, 3, 4, 5}, {0, 1, 2, 3, 4, 5, 6}};
  return columns[static_cast<size_t>(unknowns)];
}

Block BlockOf(const Eigen::Matrix<double, 7, 7>& hessian, const std::vector<int>& columns) {
  Block block = hessian(columns, columns);
  block.diagonal() *= 1.0 + 1e-9;
  return block;
}

}  // namespace

CameraJacobian ProjectionByCamera(const CentredPinhole& pinhole,
                                  const Eigen::Vector3d& x_in_camera) {
  const Eigen::Vector3d& x = x_in_camera;
  Eigen::Matrix<double, 3, 6> by_pose;
  by_pose << 0.0, x.z(), -x.y(), 1.0, 0.0, 0.0, -x.z(), 0.0, x.x(), 0.0, 1.0, 0.0, x.y(), -x.x(),
      0.0, 0.0, 0.0, 1.0;
  CameraJacobian jacobian;
  jacobian.leftCols<6>() = pinhole.ProjectionJacobian(x) * by_pose;
  jacobian.col(6) = pinhole.focal_px / x.z() * x.head<2>();
  return jacobian;
}

void CameraEquations::Add(const CameraJacobian& jacobian,
                          const Eigen::Vector2d& residual_px,
                          double weight) {
  hessian_ += weight * jacobian.transpose() * jacobian;
  gradient_ += weight * jacobian.transpose() * residual_px;
}

CameraStep CameraEquations::Solve(CameraUnknowns unknowns) const {
  const std::vector<int>& columns = ColumnsOf(unknowns);
  const Eigen::VectorXd chosen = gradient_(columns);
  const Eigen::VectorXd solved = BlockOf(hessian_, columns).ldlt().solve(chosen);
  CameraStep step = CameraStep::Zero();
  for (size_t i = 0; i < columns.size(); ++i) step[columns[i]] = solved[static_cast<int>(i)];
  return step;
}

double CameraEquations::LastVariance(CameraUnknowns unknowns) const {
  const Block block = BlockOf(hessian_, ColumnsOf(unknowns));
  Eigen::VectorXd unit = Eigen::VectorXd::Zero(block.rows());
  unit[block.rows() - 1] = 1.0;
  return Eigen::VectorXd(block.ldlt().solve(unit))[block.rows() - 1];
}

int CountOf(CameraUnknowns unknowns) { return static_cast<int>(ColumnsOf(unknowns).size()); }

double CauchyWeight(const Eigen::Vector2d& residual_px, double scale_px) {
  return 1.0 / (1.0 + residual_px.squaredNorm() / (scale_px * scale_px));
}

}  // namespace plumb
