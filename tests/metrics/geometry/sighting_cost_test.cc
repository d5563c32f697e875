// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <gtest/gtest.h>

#include "metrics/geometry/internal_sighting_cost.h"

namespace plumb {
namespace {

const Rigid3 kPose(Eigen::Quaterniond(Eigen::AngleAxisd(0.4,
                                                        Eigen::Vector3d(1, 2, 3).normalized())),
                   {0.2, -0.4, 4.0});
const Eigen::Vector3d kPoint(0.3, -0.5, 0.7);
constexpr double kFocalPx = 280.0;

Eigen::Vector2d Residual(const PoseNumbers& pose, const Eigen::Vector3d& point, double focal_px) {
  const SightingCost cost({10.0, -20.0});
  const double* parameters[] = {pose.data(), point.data(), &focal_px};
  Eigen::Vector2d residual;
  EXPECT_TRUE(cost.Evaluate(parameters, residual.data(), nullptr));
  return residual;
}

TEST(SightingCostTest, ResidualIsProjectionMinusSighting) {
  const Eigen::Vector3d x = kPose * kPoint;
  const Eigen::Vector2d expected = kFocalPx * x.head<2>() / x.z() - Eigen::Vector2d(10.0, -20.0);
  EXPECT_LT((Residual(NumbersOf(kPose), kPoint, kFocalPx) - expected).norm(), 1e-12);
}

TEST(SightingCostTest, DerivativesAreThoseOfTheResidual) {
  const SightingCost cost({10.0, -20.0});
  const PoseNumbers pose = NumbersOf(kPose);
  const double* parameters[] = {pose.data(), kPoint.data(), &kFocalPx};
  Eigen::Matrix<double, 2, kPoseSize, Eigen::RowMajor> by_pose;
  Eigen::Matrix<double, 2, 3, Eigen::RowMajor> by_point;
  Eigen::Vector2d by_focal, residual;
  double* jacobians[] = {by_pose.data(), by_point.data(), by_focal.data()};
  ASSERT_TRUE(cost.Evaluate(parameters, residual.data(), jacobians));

  constexpr double kStep = 1e-6;
  constexpr double kTolerance = 1e-5;  // of central differences at that step
  const auto slope = [](const Eigen::Vector2d& after, const Eigen::Vector2d& before) {
    return Eigen::Vector2d((after - before) / (2.0 * kStep));
  };
  const PoseManifold manifold;
  for (int i = 0; i < kPoseStep; ++i) {
    double step[kPoseStep] = {};
    PoseNumbers after, before;
    step[i] = kStep;
    manifold.Plus(pose.data(), step, after.data());
    step[i] = -kStep;
    manifold.Plus(pose.data(), step, before.data());
    const Eigen::Vector2d expected =
        slope(Residual(after, kPoint, kFocalPx), Residual(before, kPoint, kFocalPx));
    EXPECT_LT((by_pose.col(i) - expected).norm(), kTolerance) << i;
  }
  for (int i = 0; i < 3; ++i) {
    const Eigen::Vector3d step = kStep * Eigen::Vector3d::Unit(i);
    const Eigen::Vector2d expected =
        slope(Residual(pose, kPoint + step, kFocalPx), Residual(pose, kPoint - step, kFocalPx));
    EXPECT_LT((by_point.col(i) - expected).norm(), kTolerance) << i;
  }
  const Eigen::Vector2d expected =
      slope(Residual(pose, kPoint, kFocalPx + kStep), Residual(pose, kPoint, kFocalPx - kStep));
  EXPECT_LT((by_focal - expected).norm(), kTolerance);
}

TEST(SightingCostTest, BehindTheCameraThereIsNoResidual) {
  const SightingCost cost({0.0, 0.0});
  const PoseNumbers pose = NumbersOf(Rigid3());
  const double point[] = {0.0, 0.0, -1.0};
  const double* parameters[] = {pose.data(), point, &kFocalPx};
  double residual[2];
  EXPECT_FALSE(cost.Evaluate(parameters, residual, nullptr));
}

TEST(SightingCostTest, StepsTurnAndShift) {
  const PoseManifold manifold;
  const PoseNumbers pose = NumbersOf(kPose);
  const double step[] = {0.0, 0.0, 0.3, 1.0, 2.0, 3.0};
  PoseNumbers moved;
  manifold.Plus(pose.data(), step, moved.data());
  const Rigid3 after = PoseOf(moved.data());
  const Eigen::Quaterniond turn(Eigen::AngleAxisd(0.3, Eigen::Vector3d::UnitZ()));
  EXPECT_LT(after.rotation.angularDistance(turn * kPose.rotation), 1e-12);
  EXPECT_LT((after.translation - kPose.translation - Eigen::Vector3d(1, 2, 3)).norm(), 1e-12);
}

TEST(SightingCostTest, FocalCostIsZeroAtTheGuess) {
  const FocalCost cost(300.0, 5.0);
  for (const double focal_px : {150.0, 300.0, 600.0}) {
    const double* parameters[] = {&focal_px};
    double residual = 0.0, slope = 0.0;
    double* jacobians[] = {&slope};
    ASSERT_TRUE(cost.Evaluate(parameters, &residual, jacobians));
    EXPECT_NEAR(residual, 5.0 * std::log(focal_px / 300.0), 1e-12);
    EXPECT_NEAR(slope, 5.0 / focal_px, 1e-12);
  }
  const double none = 0.0;
  const double* parameters[] = {&none};
  double residual = 0.0;
  EXPECT_FALSE(cost.Evaluate(parameters, &residual, nullptr));
}

}  // namespace
}  // namespace plumb
