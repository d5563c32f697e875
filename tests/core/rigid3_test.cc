// SPDX-License-Identifier: Apache-2.0
#include "core/rigid3.h"

#include <gtest/gtest.h>

#include "core/check.h"
#include "core/seed.h"

namespace plumb {
namespace {

Rigid3 RandomRigid3(Random& random) {
  const Eigen::Quaterniond rotation(
      random.Normal(), random.Normal(), random.Normal(), random.Normal());
  return {rotation.normalized(), {random.Normal(), random.Normal(), random.Normal()}};
}

TEST(Rigid3Test, InverseAndCompositionAgreeWithPoints) {
  Random random(1);
  for (int i = 0; i < 100; ++i) {
    const Rigid3 b_from_a = RandomRigid3(random);
    const Rigid3 c_from_b = RandomRigid3(random);
    const Eigen::Vector3d x_in_a(random.Normal(), random.Normal(), random.Normal());
    EXPECT_LT((Inverse(b_from_a) * (b_from_a * x_in_a) - x_in_a).norm(), 1e-12);
    EXPECT_LT(((c_from_b * b_from_a) * x_in_a - c_from_b * (b_from_a * x_in_a)).norm(), 1e-12);
  }
}

TEST(Rigid3Test, RefusesWhatIsNoRotation) {
  EXPECT_THROW(Rigid3(Eigen::Quaterniond(2, 0, 0, 0), Eigen::Vector3d::Zero()), CheckFailure);
  EXPECT_THROW(Rigid3(Eigen::Quaterniond::Identity(), {0, 0, std::nan("")}), CheckFailure);
}

TEST(Rigid3Test, LookingAtHasARightHandedFrameWithZForward) {
  const Rigid3 pose = WorldFromCameraLookingAt({0, -5, 0}, {0, 0, 0});
  EXPECT_LT((pose.rotation * Eigen::Vector3d::UnitZ() - Eigen::Vector3d::UnitY()).norm(), 1e-12);
  EXPECT_LT((pose.rotation * Eigen::Vector3d::UnitX() - Eigen::Vector3d::UnitX()).norm(), 1e-12);
  EXPECT_LT((pose.rotation * Eigen::Vector3d::UnitY() + Eigen::Vector3d::UnitZ()).norm(), 1e-12);
}

TEST(Rigid3Test, LookingStraightDownIsRefused) {
  EXPECT_THROW(WorldFromCameraLookingAt({0, 0, 5}, {0, 0, 0}), CheckFailure);
  EXPECT_THROW(WorldFromCameraLookingAt({1, 1, 1}, {1, 1, 1}), CheckFailure);
}

}  // namespace
}  // namespace plumb
