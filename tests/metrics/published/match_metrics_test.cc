// SPDX-License-Identifier: Apache-2.0
// Metrics of matches in closed form: for a camera that slides along x every match keeps its row, F
// maps (x, y) to the row y, and the row by which a match is off is its error.
#include <cmath>

#include <gmock/gmock.h>

#include "core/check.h"
#include "metrics/published/gvgc.h"
#include "metrics/published/sampson.h"
#include "metrics/published/tsed.h"
#include "tests/metrics/published/value_of.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;

Eigen::Matrix3d Sliding() {
  Eigen::Matrix3d matrix;
  matrix << 0, 0, 0, 0, 0, -1, 0, 1, 0;
  return matrix;
}

// `off` rows off each, in a grid so that no two are alike.
std::vector<PointMatch> Matches(const std::vector<double>& off) {
  std::vector<PointMatch> matches;
  for (size_t i = 0; i < off.size(); ++i) {
    const double x = 10 + 37.0 * static_cast<double>(i % 7), y = 20 + 11.0 * static_cast<double>(i);
    matches.push_back({{x, y}, {x + 15 + 3.0 * static_cast<double>(i % 3), y + off[i]}});
  }
  return matches;
}

TEST(MatchMetricsTest, GvgcIsTheDistanceOfInliersFromTheirLines) {
  auto first = Matches({1, 2, -6, 50});
  first[3].inlier = false;
  const auto values = Gvgc({{first, Sliding()}, {Matches({4}), Sliding()}});
  EXPECT_NEAR(ValueOf(values, "pair0/mean"), 3, 1e-12);
  EXPECT_NEAR(ValueOf(values, "pair0/median"), 2, 1e-12);
  EXPECT_NEAR(ValueOf(values, "pair0/rmse"), std::sqrt(41.0 / 3), 1e-12);
  EXPECT_EQ(ValueOf(values, "pair0/mae"), ValueOf(values, "pair0/mean"));
  EXPECT_EQ(ValueOf(values, "pair0/keep_ratio"), 0.75);
  EXPECT_NEAR(ValueOf(values, "video/mean_error"), 3.5, 1e-12);
  EXPECT_NEAR(ValueOf(values, "video/median_error"), 3, 1e-12);
  EXPECT_NEAR(ValueOf(values, "video/rmse"), std::sqrt((41.0 / 3 + 16) / 2), 1e-12);
  EXPECT_EQ(ValueOf(values, "video/inliers"), 2);
  EXPECT_EQ(ValueOf(values, "video/matches"), 2.5);
}

TEST(MatchMetricsTest, GvgcOfAVideoNeedsEveryPair) {
  const auto values = Gvgc({{Matches({1, 2}), Sliding()}, {Matches({1}), std::nullopt}});
  EXPECT_THAT(ReasonOf(values, "pair1/mean"), HasSubstr("no fundamental matrix"));
  EXPECT_THAT(ReasonOf(values, "video/mean_error"), HasSubstr("pair 1: no fundamental matrix"));
  EXPECT_EQ(ValueOf(values, "video/matches"), 1.5);
  EXPECT_THROW(Gvgc({}), CheckFailure);
}

TEST(MatchMetricsTest, SampsonOfASlidingCameraIsTheRowErrorOverRootTwo) {
  std::vector<double> off(24, 3.0);
  off[5] = 40;
  const auto values = Sampson(Matches(off), Sliding(), {});
  EXPECT_NEAR(ValueOf(values, "given_F/median"), 3 / std::sqrt(2), 1e-8);
  EXPECT_NEAR(ValueOf(values, "given_F/max"), 40 / std::sqrt(2), 1e-8);
  EXPECT_NEAR(ValueOf(values, "given_F/mean_error"), (23 * 3 + 40) / 24.0 / std::sqrt(2), 1e-8);
  EXPECT_NEAR(ValueOf(values, "given_F/inlier_rate_5px"), 23 / 24.0, 1e-12);
  EXPECT_EQ(values.Find("eight_point/median"), nullptr);
}

// Two pictures of points in space.
std::vector<PointMatch> MatchesInSpace() {
  std::vector<PointMatch> matches;
  for (int i = 0; i < 30; ++i) {
    const Eigen::Vector3d x(std::sin(1.3 * i), std::cos(2.1 * i), 4 + std::sin(0.7 * i));
    const Eigen::Vector3d moved = x + Eigen::Vector3d(0.4, 0.1, 0.3);
    matches.push_back({500 * x.hnormalized(), 500 * moved.hnormalized()});
  }
  return matches;
}

TEST(MatchMetricsTest, TheEightPointMatrixOfExactMatchesExplainsThem) {
  const auto values = Sampson(MatchesInSpace(), std::nullopt, {});
  EXPECT_NEAR(ValueOf(values, "eight_point/mean_error"), 1e-4, 1e-8);  // √eps
  EXPECT_EQ(ValueOf(values, "eight_point/inlier_rate_5px"), 1);
  EXPECT_EQ(values.Find("given_F/max"), nullptr);
  const auto matrix = EightPointMatrix(MatchesInSpace());
  ASSERT_TRUE(matrix);
  EXPECT_NEAR(matrix->determinant() / std::pow(matrix->norm(), 3), 0, 1e-12);
}

TEST(MatchMetricsTest, TooFewMatchesHaveNoSampsonError) {
  const auto values = Sampson(Matches(std::vector<double>(19, 1.0)), Sliding(), {});
  EXPECT_THAT(ReasonOf(values, "given_F/mean_error"), HasSubstr("19 matches, 20 are needed"));
  EXPECT_THAT(ReasonOf(values, "eight_point/mean_error"), HasSubstr("19 matches"));
  const std::vector<PointMatch> same(25, PointMatch{{3, 4}, {5, 6}});
  EXPECT_THAT(ReasonOf(Sampson(same, std::nullopt, {}), "eight_point/mean_error"),
              HasSubstr("coincide"));
}

// Cameras that slide along x by 1 a frame, looking along −z.
std::vector<Eigen::Matrix4d> SlidingPath(int frames) {
  std::vector<Eigen::Matrix4d> poses;
  for (int i = 0; i < frames; ++i) {
    poses.push_back(Eigen::Matrix4d::Identity());
    poses.back()(0, 3) = i;
  }
  return poses;
}

TEST(MatchMetricsTest, TsedCountsPairsWithEnoughMatchesBelowTheThreshold) {
  const std::vector<std::vector<PointMatch>> matches = {Matches(std::vector<double>(30, 0.5)),
                                                        Matches(std::vector<double>(12, -1.5)),
                                                        Matches(std::vector<double>(9, 0.1)),
                                                        {}};
  const auto values = Tsed(SlidingPath(5), matches, {200, 128}, {});
  EXPECT_NEAR(ValueOf(values, "pair0/median_sed"), 0.5, 1e-9);
  EXPECT_NEAR(ValueOf(values, "pair1/median_sed"), 1.5, 1e-9);
  EXPECT_EQ(ValueOf(values, "pair3/median_sed"), 99999999999);
  EXPECT_EQ(ValueOf(values, "tsed/te1_tm10"), 0.25);
  EXPECT_EQ(ValueOf(values, "tsed/te2_tm10"), 0.5);
  EXPECT_EQ(ValueOf(values, "consistent_pairs/te4_tm30"), 1);
}

TEST(MatchMetricsTest, TsedOfACameraThatStandsStillHasNoLines) {
  const std::vector<Eigen::Matrix4d> poses(2, Eigen::Matrix4d::Identity());
  const auto values = Tsed(poses, {Matches(std::vector<double>(30, 0.5))}, {200, 128}, {});
  EXPECT_THAT(ReasonOf(values, "pair0/median_sed"), HasSubstr("no finite number"));
  EXPECT_EQ(ValueOf(values, "tsed/te4_tm10"), 0);
  EXPECT_THAT(ReasonOf(Tsed({}, {}, {200, 128}, {}), "tsed/te2_tm10"),
              HasSubstr("no neighbouring"));
  EXPECT_THROW(Tsed(poses, {}, {200, 128}, {}), CheckFailure);
}

}  // namespace
}  // namespace plumb
