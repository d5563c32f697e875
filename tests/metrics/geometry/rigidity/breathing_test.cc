// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/rigidity/breathing.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "core/seed.h"
#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

const Eigen::Vector2d kMiddle(128.0, 128.0);
constexpr double kPeriod_frames = 24.0;

double Breath(int frame) { return std::sin(2.0 * std::numbers::pi * frame / kPeriod_frames); }

// A patch of a still picture about its middle grows and shrinks.
TrackSet BreathingPatch(double share, double noise_px = 0.0) {
  Random random(5);
  return MovedGrid(32, 22, [&](int frame, const Eigen::Vector2d& start) {
    const double factor = (start - kMiddle).norm() < 26.0 ? 1.0 + share * Breath(frame) : 1.0;
    const double dx = random.Normal(0.0, noise_px);
    return Eigen::Vector2d(kMiddle + factor * (start - kMiddle) +
                           Eigen::Vector2d(dx, random.Normal(0.0, noise_px)));
  });
}

BreathingGroup Largest(const TrackSet& set) {
  const auto groups = BreathingGroups(set, {});
  EXPECT_GT(groups.size(), 20u);
  return *std::max_element(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
    return a.amplitude < b.amplitude;
  });
}

TEST(BreathingTest, APatchThatBreathesIsFoundWhereItIs) {
  const BreathingGroup small = Largest(BreathingPatch(0.03));
  EXPECT_LT((small.centre_px - kMiddle).norm(), 30.0);
  // Sixteen frames see two thirds of a breath, of which the parabola takes a part.
  EXPECT_GT(small.amplitude, 0.2 * 0.03);
  EXPECT_LT(small.amplitude, 0.03);
  EXPECT_GT(Largest(BreathingPatch(0.06)).amplitude, 1.6 * small.amplitude);
}

TEST(BreathingTest, NoiseIsNoBreath) {
  EXPECT_LT(Largest(BreathingPatch(0.0, 0.15)).amplitude, 0.008);
  EXPECT_LT(Largest(BreathingPatch(0.0)).amplitude, 1e-9);
}

TEST(BreathingTest, AZoomOfTheWholePictureIsNone) {
  const TrackSet set = MovedGrid(32, 22, [](int frame, const Eigen::Vector2d& start) {
    return Eigen::Vector2d(kMiddle + (1.0 + 0.1 * Breath(frame)) * (start - kMiddle));
  });
  EXPECT_LT(Largest(set).amplitude, 1e-9);
}

// Far points before a camera that shakes: what is off the axis grows and shrinks.
TrackSet Shaken(double breath_share) {
  constexpr double kFocal_px = 180.0;
  return MovedGrid(32, 22, [=](int frame, const Eigen::Vector2d& start) {
    const double factor =
        (start - kMiddle).norm() < 26.0 ? 1.0 + breath_share * Breath(frame) : 1.0;
    const Eigen::Vector2d off = factor * (start - kMiddle) / kFocal_px;
    const double yaw = 0.0175 * std::sin(0.8 * frame), pitch = 0.01 * std::sin(1.0 * frame + 1.0);
    const Eigen::Vector3d ray = Eigen::AngleAxisd(pitch, Eigen::Vector3d::UnitX()) *
                                Eigen::AngleAxisd(yaw, Eigen::Vector3d::UnitY()) *
                                off.homogeneous();
    return Eigen::Vector2d(kMiddle + kFocal_px * ray.hnormalized());
  });
}

TEST(BreathingTest, AShakenCameraMakesNone) {
  EXPECT_LT(Largest(Shaken(0.0)).amplitude, 0.004);
  // … and hides none.
  EXPECT_GT(Largest(Shaken(0.06)).amplitude, 0.8 * Largest(BreathingPatch(0.06)).amplitude);
}

TEST(BreathingTest, APatchThatOnlyComesNearerIsNone) {
  const TrackSet set = MovedGrid(32, 22, [](int frame, const Eigen::Vector2d& start) {
    const double factor = (start - kMiddle).norm() < 26.0 ? 1.0 / (1.0 - 0.005 * frame) : 1.0;
    return Eigen::Vector2d(kMiddle + factor * (start - kMiddle));
  });
  EXPECT_LT(Largest(set).amplitude, 1e-3);
}

TEST(BreathingTest, WhatChangesItsShapeIsNoGroup) {
  const TrackSet squeezed = MovedGrid(32, 22, [](int frame, const Eigen::Vector2d& start) {
    Eigen::Vector2d point = start;
    point.x() += 0.3 * Breath(frame) * (start.x() - kMiddle.x());
    return point;
  });
  EXPECT_TRUE(BreathingGroups(squeezed, {}).empty());
}

TEST(BreathingTest, ShortClipsHaveNoWindow) {
  const auto still = [](int, const Eigen::Vector2d& start) { return Eigen::Vector2d(start); };
  EXPECT_TRUE(BreathingGroups(MovedGrid(15, 22, still), {}).empty());
  EXPECT_FALSE(BreathingGroups(MovedGrid(16, 22, still), {}).empty());
  EXPECT_TRUE(BreathingGroups(MovedGrid(16, 3, still), {}).empty());  // far apart
}

}  // namespace
}  // namespace plumb
