// SPDX-License-Identifier: Apache-2.0
#include "metrics/published/similarity.h"

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "core/check.h"
#include "core/seed.h"

namespace plumb {
namespace {

std::vector<Eigen::Vector3d> Cloud(int count) {
  Random random(3);
  std::vector<Eigen::Vector3d> points;
  for (int i = 0; i < count; ++i) {
    points.emplace_back(random.Uniform(-1, 1), random.Uniform(-1, 1), random.Uniform(-1, 1));
  }
  return points;
}

TEST(SimilarityTest, GivesBackTheOneThatWasApplied) {
  Similarity applied;
  applied.rotation = Eigen::AngleAxisd(1.1, Eigen::Vector3d(2, -1, 2) / 3).toRotationMatrix();
  applied.translation = {4, -2, 7};
  applied.scale = 0.37;
  const auto source = Cloud(12);
  std::vector<Eigen::Vector3d> target;
  for (const auto& point : source) target.push_back(applied * point);
  const auto found = AlignPoints(source, target, true);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->rotation.isApprox(applied.rotation, 1e-12));
  EXPECT_TRUE(found->translation.isApprox(applied.translation, 1e-12));
  EXPECT_NEAR(found->scale, applied.scale, 1e-13);
  EXPECT_EQ(AlignPoints(source, target, false)->scale, 1);
}

TEST(SimilarityTest, AMirrorImageIsMetByARotation) {
  const auto source = Cloud(12);
  std::vector<Eigen::Vector3d> target;
  for (const auto& point : source) target.emplace_back(point.x(), point.y(), -point.z());
  const auto found = AlignPoints(source, target, false);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->rotation.determinant(), 1, 1e-12);
}

TEST(SimilarityTest, NoBetterOneIsNear) {
  // Least squares: turning, shifting or scaling what was found a little makes the sum larger.
  const auto source = Cloud(9);
  auto target = source;
  Random random(4);
  for (auto& point : target)
    point = 1.7 * point + 0.3 * Eigen::Vector3d(random.Uniform(-1, 1), 0.2, 0);
  const auto sum = [&](const Similarity& similarity) {
    double total = 0;
    for (size_t i = 0; i < source.size(); ++i) {
      total += (similarity * source[i] - target[i]).squaredNorm();
    }
    return total;
  };
  const Similarity best = *AlignPoints(source, target, true);
  for (int axis = 0; axis < 3; ++axis) {
    for (const double step : {-0.01, 0.01}) {
      Similarity other = best;
      other.translation[axis] += step;
      EXPECT_GT(sum(other), sum(best));
      other = best;
      other.rotation = Eigen::AngleAxisd(step, Eigen::Vector3d::Unit(axis)) * best.rotation;
      EXPECT_GT(sum(other), sum(best));
      other = best;
      other.scale += step;
      EXPECT_GT(sum(other), sum(best));
    }
  }
}

TEST(SimilarityTest, PointsOnALineFixNoRotation) {
  const std::vector<Eigen::Vector3d> line = {{0, 0, 0}, {1, 0, 0}, {2, 0, 0}, {5, 0, 0}};
  EXPECT_FALSE(AlignPoints(line, line, true));
  EXPECT_FALSE(AlignPoints({{1, 2, 3}}, {{1, 2, 3}}, false));
  EXPECT_TRUE(
      AlignPoints({{0, 0, 0}, {1, 0, 0}, {0, 1, 0}}, {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}}, true));
}

TEST(SimilarityTest, UnlikeSetsAreAMistakeOfTheCaller) {
  EXPECT_THROW(AlignPoints({}, {}, true), CheckFailure);
  EXPECT_THROW(AlignPoints(Cloud(3), Cloud(4), true), CheckFailure);
}

}  // namespace
}  // namespace plumb
