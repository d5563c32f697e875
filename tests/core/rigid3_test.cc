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

TEST(Rigid3Test, LookingStraightUpOrDownHasXAtTheRight) {
  for (const double sign : {-1.0, 1.0}) {
    const Rigid3 pose = WorldFromCameraLookingAt({1, 2, 3}, {1, 2, 3 + 4 * sign});
    EXPECT_LT((pose * Eigen::Vector3d(0, 0, 4) - Eigen::Vector3d(1, 2, 3 + 4 * sign)).norm(),
              1e-12);
    EXPECT_LT((pose.rotation * Eigen::Vector3d::UnitX() - Eigen::Vector3d::UnitX()).norm(), 1e-12);
    // What a camera south of the place would come to as it rises: north at the top.
    const Rigid3 nearly = WorldFromCameraLookingAt({1, 2 - 1e-4, 3}, {1, 2, 3 + 4 * sign});
    EXPECT_LT(pose.rotation.angularDistance(nearly.rotation), 1e-4);
  }
}

TEST(Rigid3Test, LookingFromATargetToItselfIsRefused) {
  EXPECT_THROW(WorldFromCameraLookingAt({1, 1, 1}, {1, 1, 1}), CheckFailure);
}

// How far two transforms are apart: radians plus metres.
double Distance(const Rigid3& a, const Rigid3& b) {
  return a.rotation.angularDistance(b.rotation) + (a.translation - b.translation).norm();
}

TEST(Rigid3Test, TransformsAreAGroup) {
  Random random(2);
  const Rigid3 identity;
  for (int i = 0; i < 200; ++i) {
    const Rigid3 a = RandomRigid3(random), b = RandomRigid3(random), c = RandomRigid3(random);
    EXPECT_LT(Distance((a * b) * c, a * (b * c)), 1e-7);
    EXPECT_LT(Distance(a * identity, a), 1e-7);
    EXPECT_LT(Distance(identity * a, a), 1e-7);
    EXPECT_LT(Distance(a * Inverse(a), identity), 1e-7);
    EXPECT_LT(Distance(Inverse(a) * a, identity), 1e-7);
    EXPECT_LT(Distance(Inverse(a * b), Inverse(b) * Inverse(a)), 1e-7);
    EXPECT_LT(Distance(Inverse(Inverse(a)), a), 1e-7);
  }
}

TEST(Rigid3Test, DistancesAndHandednessAreKept) {
  Random random(3);
  const auto point = [&] {
    return Eigen::Vector3d(random.Normal(), random.Normal(), random.Normal());
  };
  for (int i = 0; i < 200; ++i) {
    const Rigid3 a = RandomRigid3(random);
    const Eigen::Vector3d x = point(), y = point(), z = point();
    EXPECT_NEAR((a * x - a * y).norm(), (x - y).norm(), 1e-12);
    const double before = (x - z).cross(y - z).dot(x);
    const double after = (a * x - a * z).cross(a * y - a * z).dot(a * x - a.translation);
    EXPECT_NEAR(after, before, 1e-11);
  }
}

// A thousand steps of a motion are still a rotation: each product is normalised.
TEST(Rigid3Test, LongProductsStayRotations) {
  Random random(4);
  Rigid3 sum;
  for (int i = 0; i < 1000; ++i) sum = RandomRigid3(random) * sum;
  EXPECT_NEAR(sum.rotation.norm(), 1.0, 1e-15);
}

TEST(Rigid3Test, NearlyUnitQuaternionsAreNormalisedOthersRefused) {
  const Eigen::Quaterniond near(1.0 + 5e-7, 0, 0, 0);
  EXPECT_EQ(Rigid3(near, Eigen::Vector3d::Zero()).rotation.w(), 1.0);
  const Eigen::Vector3d origin = Eigen::Vector3d::Zero();
  EXPECT_THROW(Rigid3(Eigen::Quaterniond(1.0 + 2e-6, 0, 0, 0), origin), CheckFailure);
  EXPECT_THROW(Rigid3(Eigen::Quaterniond(0, 0, 0, 0), origin), CheckFailure);
  EXPECT_THROW(Rigid3(Eigen::Quaterniond(std::nan(""), 0, 0, 0), origin), CheckFailure);
}

TEST(Rigid3Test, LookingFromAnywhereKeepsTheHorizonLevel) {
  Random random(5);
  for (int i = 0; i < 200; ++i) {
    const Eigen::Vector3d eye(random.Normal(), random.Normal(), random.Normal());
    const Eigen::Vector3d target(random.Normal(), random.Normal(), random.Normal());
    const Rigid3 pose = WorldFromCameraLookingAt(eye, target);
    EXPECT_EQ(pose.translation, eye);
    const Eigen::Vector3d target_in_camera = Inverse(pose) * target;
    EXPECT_LT(target_in_camera.head<2>().norm(), 1e-9);
    EXPECT_NEAR(target_in_camera.z(), (target - eye).norm(), 1e-9);
    EXPECT_NEAR((pose.rotation * Eigen::Vector3d::UnitX()).z(), 0.0, 1e-9);  // right is level
    EXPECT_LE((pose.rotation * Eigen::Vector3d::UnitY()).z(), 0.0);          // down is down
  }
}

}  // namespace
}  // namespace plumb
