// SPDX-License-Identifier: Apache-2.0
// What Ceres minimises in a bundle adjustment, with its derivatives by hand.
#pragma once

#include <array>

#include <Eigen/Core>
#include <ceres/ceres.h>

#include "core/rigid3.h"

namespace plumb {

// camera_from_world as Ceres holds it: quaternion x y z w, then translation.
constexpr int kPoseSize = 7;
constexpr int kPoseStep = 6;
using PoseNumbers = std::array<double, kPoseSize>;
PoseNumbers NumbersOf(const Rigid3& pose);
Rigid3 PoseOf(const double* numbers);

// A step (ω, v) makes q' = exp(ω) q and t' = t + v. SightingCost differentiates by the step itself
// and leaves the seventh column empty, so the Jacobian here is the identity.
class PoseManifold : public ceres::Manifold {
 public:
  int AmbientSize() const override { return kPoseSize; }
  int TangentSize() const override { return kPoseStep; }
  bool Plus(const double* pose, const double* step, double* moved) const override;
  bool PlusJacobian(const double* pose, double* by_step) const override;
  // Not needed by a solver that starts from poses.
  bool Minus(const double*, const double*, double*) const override { return false; }
  bool MinusJacobian(const double*, double*) const override { return false; }
};

// Projection minus sighting in pixels, by pose, point in the world and focal length. Fails behind
// the camera.
class SightingCost : public ceres::SizedCostFunction<2, kPoseSize, 3, 1> {
 public:
  // `seen_px` counts from the principal point.
  explicit SightingCost(const Eigen::Vector2d& seen_px) : seen_px_(seen_px) {}
  bool Evaluate(double const* const* parameters,
                double* residuals,
                double** jacobians) const override;

 private:
  Eigen::Vector2d seen_px_;
};

// weight · ln(focal / guess).
class FocalCost : public ceres::SizedCostFunction<1, 1> {
 public:
  FocalCost(double guess_px, double weight) : guess_px_(guess_px), weight_(weight) {}
  bool Evaluate(double const* const* parameters,
                double* residuals,
                double** jacobians) const override;

 private:
  double guess_px_;
  double weight_;
};

}  // namespace plumb
