// SPDX-License-Identifier: Apache-2.0
// Least squares on the seven unknowns of one picture's camera: turn, place and focal length.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "metrics/geometry/posed_clip.h"

namespace plumb {

// Columns: turn (3, about the camera's axes), place (3), logarithm of the focal length; the change
// is x' = x + ω × x + v of a point in the camera.
using CameraJacobian = Eigen::Matrix<double, 2, 7>;
using CameraStep = Eigen::Matrix<double, 7, 1>;

// Of the projection; the point lies before the camera.
CameraJacobian ProjectionByCamera(const CentredPinhole& pinhole,
                                  const Eigen::Vector3d& x_in_camera);

enum class CameraUnknowns { kTurn, kTurnFocal, kPose, kPoseFocal };

class CameraEquations {
 public:
  // `residual_px` = seen − projected.
  void Add(const CameraJacobian& jacobian, const Eigen::Vector2d& residual_px, double weight);
  // The step of least squares; what is not asked for stays 0. Not finite when it is not determined.
  CameraStep Solve(CameraUnknowns unknowns) const;
  // Variance of the last unknown asked for, for residuals of variance 1.
  double LastVariance(CameraUnknowns unknowns) const;

 private:
  Eigen::Matrix<double, 7, 7> hessian_ = Eigen::Matrix<double, 7, 7>::Zero();
  CameraStep gradient_ = CameraStep::Zero();
};

// How many unknowns that are.
int CountOf(CameraUnknowns unknowns);

// Weight of a residual under a Cauchy loss.
double CauchyWeight(const Eigen::Vector2d& residual_px, double scale_px);

}  // namespace plumb
