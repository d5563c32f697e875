// SPDX-License-Identifier: Apache-2.0
#include "metrics/published/sparse_model.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace plumb {
namespace {

// Cameras on a circle of radius 4 round the origin, `tilt` radians out of the x–z plane.
SparseModel Ring(const std::vector<double>& degrees, double tilt = 0.0) {
  SparseModel model;
  model.points = {{0, 0, 0}, {0.1, 0, 0}, {-0.1, 0, 0}};
  for (const double angle : degrees) {
    const double radians = angle * std::numbers::pi / 180;
    const Eigen::Vector3d centre = Eigen::AngleAxisd(tilt, Eigen::Vector3d::UnitX()) *
                                   Eigen::Vector3d(4 * std::sin(radians), 0, 4 * std::cos(radians));
    model.pictures.push_back(
        {"f" + std::to_string(model.pictures.size()), Rigid3({1, 0, 0, 0}, -centre)});
  }
  return model;
}

double ValueOf(const SparseModel& model, const std::string& name) {
  const NamedValues values = SparseModelValues(model, {"f0", "./f1", "sub/../f2", "gone"});
  return values.Find(name)->value.value();
}

TEST(SparseModelTest, CoverageIsTheCircleLessItsLargestGap) {
  EXPECT_NEAR(ValueOf(Ring({0, 30, 90, 170}), "coverage/xz"), 170, 1e-9);
  EXPECT_NEAR(ValueOf(Ring({0, 90, 180, 270}), "coverage/xz"), 270, 1e-9);
  EXPECT_NEAR(ValueOf(Ring({350, 10, 20}), "coverage/xz"), 30, 1e-9);
}

TEST(SparseModelTest, TheMainAxesFollowATiltedRing) {
  const std::vector<double> degrees = {0, 40, 100, 150};
  EXPECT_NEAR(ValueOf(Ring(degrees, 1.2), "coverage/pca"), 150, 1e-9);
  EXPECT_GT(std::abs(ValueOf(Ring(degrees, 1.2), "coverage/xz") - 150), 5);
}

TEST(SparseModelTest, WhatFailsIsNought) {
  EXPECT_EQ(ValueOf(Ring({10}), "coverage/pca"), 0);
  SparseModel empty = Ring({0, 90, 180});
  empty.points.clear();
  EXPECT_EQ(ValueOf(empty, "coverage/pca"), 0);
  EXPECT_EQ(SparseModelValues({}, {}).Find("registration_rate")->value, 0);
}

TEST(SparseModelTest, NamesAreComparedAsPaths) {
  EXPECT_EQ(ValueOf(Ring({0, 30, 90, 170}), "registered_images"), 3);
  EXPECT_EQ(ValueOf(Ring({0, 30, 90, 170}), "registration_rate"), 0.75);
}

}  // namespace
}  // namespace plumb
