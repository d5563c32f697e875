// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/rigidity/camera_step.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/seed.h"

namespace plumb {
namespace {

const CentredPinhole kPinhole{250.0, {128.0, 128.0}};

// The projection after a small change of the camera.
Eigen::Vector2d Projected(const Eigen::Vector3d& x, const CameraStep& step) {
  const Eigen::Vector3d omega = step.head<3>(), shift = step.segment<3>(3);
  CentredPinhole pinhole = kPinhole;
  pinhole.focal_px *= std::exp(step[6]);
  return *pinhole.Project(Eigen::Vector3d(x + omega.cross(x) + shift));
}

TEST(CameraStepTest, TheJacobianIsThatOfTheProjection) {
  const Eigen::Vector3d x(0.7, -0.4, 3.0);
  const CameraJacobian jacobian = ProjectionByCamera(kPinhole, x);
  for (int i = 0; i < 7; ++i) {
    const CameraStep step = 1e-6 * CameraStep::Unit(i);
    const Eigen::Vector2d slope = (Projected(x, step) - Projected(x, -step)) / 2e-6;
    EXPECT_LT((slope - jacobian.col(i)).norm(), 1e-4) << i;
  }
}

CameraEquations Equations(const CameraStep& change) {
  Random random(3);
  CameraEquations equations;
  for (int i = 0; i < 40; ++i) {
    const Eigen::Vector3d x(
        random.Uniform(-1.0, 1.0), random.Uniform(-1.0, 1.0), random.Uniform(2.0, 5.0));
    const CameraJacobian jacobian = ProjectionByCamera(kPinhole, x);
    equations.Add(jacobian, jacobian * change, 1.0 + i % 3);
  }
  return equations;
}

TEST(CameraStepTest, WhatIsAskedForIsFoundAndAllElseStays) {
  CameraStep change;
  change << 0.01, -0.02, 0.03, 0.1, 0.2, -0.3, 0.05;
  EXPECT_LT((Equations(change).Solve(CameraUnknowns::kPoseFocal) - change).norm(), 1e-5);
  change[6] = 0.0;
  EXPECT_LT((Equations(change).Solve(CameraUnknowns::kPose) - change).norm(), 1e-5);
  change.segment<3>(3).setZero();
  const CameraStep turned = Equations(change).Solve(CameraUnknowns::kTurn);
  EXPECT_LT((turned - change).norm(), 1e-6);
  EXPECT_EQ(turned.tail<4>(), (Eigen::Vector4d::Zero()));
  change[6] = -0.02;
  EXPECT_LT((Equations(change).Solve(CameraUnknowns::kTurnFocal) - change).norm(), 1e-6);
}

TEST(CameraStepTest, TheVarianceOfTheFocalLengthGrowsWithTheUnknowns) {
  const CameraEquations equations = Equations(CameraStep::Zero());
  const double turning = equations.LastVariance(CameraUnknowns::kTurnFocal);
  EXPECT_GT(turning, 0.0);
  EXPECT_GT(equations.LastVariance(CameraUnknowns::kPoseFocal), turning);
  EXPECT_EQ(CountOf(CameraUnknowns::kTurn), 3);
  EXPECT_EQ(CountOf(CameraUnknowns::kPoseFocal), 7);
}

TEST(CameraStepTest, WithoutAPointNothingIsDetermined) {
  const CameraStep step = CameraEquations().Solve(CameraUnknowns::kPose);
  EXPECT_TRUE(!step.allFinite() || step.isZero());
}

TEST(CameraStepTest, FarResidualsWeighLittle) {
  EXPECT_DOUBLE_EQ(CauchyWeight({0.0, 0.0}, 2.0), 1.0);
  EXPECT_DOUBLE_EQ(CauchyWeight({2.0, 0.0}, 2.0), 0.5);
  EXPECT_LT(CauchyWeight({0.0, 40.0}, 2.0), 0.01);
}

}  // namespace
}  // namespace plumb
