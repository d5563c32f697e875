// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/posed_clip.h"

#include <gtest/gtest.h>

#include "core/seed.h"

namespace plumb {
namespace {

const Rigid3 kTrue(Eigen::Quaterniond(Eigen::AngleAxisd(0.3,
                                                        Eigen::Vector3d(1, 2, 3).normalized())),
                   {0.2, -0.4, 4.0});

PoseProblem Sightings(int wild) {
  PoseProblem problem{{280.0, {128.0, 128.0}}, {}, 1.0};
  Random random(11);
  for (int i = 0; i < 60; ++i) {
    const Eigen::Vector3d x(random.Uniform(-1, 1), random.Uniform(-1, 1), random.Uniform(-1, 1));
    Eigen::Vector2d seen = *problem.pinhole.Project(kTrue * x);
    if (i < wild) seen += Eigen::Vector2d(random.Uniform(-40, 40), 30.0);
    problem.sightings.push_back({x, seen});
  }
  return problem;
}

Rigid3 Near() {
  return Rigid3(
      Eigen::Quaterniond(Eigen::AngleAxisd(0.05, Eigen::Vector3d::UnitY())) * kTrue.rotation,
      kTrue.translation + Eigen::Vector3d(0.1, 0.05, -0.2));
}

TEST(PosedClipTest, PoseIsRecoveredFromExactSightings) {
  const Rigid3 pose = RefinedPose(Sightings(0), Near());
  EXPECT_LT(pose.rotation.angularDistance(kTrue.rotation), 1e-6);
  EXPECT_LT((pose.translation - kTrue.translation).norm(), 1e-5);
}

TEST(PosedClipTest, AFifthOfWildSightingsMovesItLittle) {
  const Rigid3 pose = RefinedPose(Sightings(12), Near());
  EXPECT_LT(pose.rotation.angularDistance(kTrue.rotation), 2e-3);
  EXPECT_LT((pose.translation - kTrue.translation).norm(), 1e-2);
}

TEST(PosedClipTest, TooFewSightingsKeepTheStart) {
  PoseProblem problem = Sightings(0);
  problem.sightings.resize(2);
  EXPECT_EQ(RefinedPose(problem, Near()).translation, Near().translation);
}

TEST(PosedClipTest, BehindTheCameraIsFarAway) {
  EXPECT_GE(ReprojectionPx({280.0, {128.0, 128.0}}, Rigid3(), {{0, 0, -1}, {128, 128}}), 1e5);
  EXPECT_LT(ReprojectionPx({280.0, {128.0, 128.0}}, Rigid3(), {{0, 0, 2}, {128, 128}}), 1e-12);
}

}  // namespace
}  // namespace plumb
