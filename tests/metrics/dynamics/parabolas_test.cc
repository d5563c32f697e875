// SPDX-License-Identifier: Apache-2.0
#include "metrics/dynamics/parabolas.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/check.h"
#include "core/seed.h"

namespace plumb {
namespace {

constexpr double kFps = 24.0;

std::vector<PathPoint> Path(int count,
                            const std::function<Eigen::Vector2d(double)>& place_m,
                            double noise_m = 0.0,
                            uint64_t seed = 1) {
  Random random(seed);
  std::vector<PathPoint> points;
  for (int k = 0; k < count; ++k) {
    const Eigen::Vector2d noise(random.Normal(0.0, 1.0), random.Normal(0.0, 1.0));
    points.push_back({k / kFps, place_m(k / kFps) + noise_m * noise, k});
  }
  return points;
}

Eigen::Vector2d Thrown(double t) { return {1.5 * t, 2.0 + 3.0 * t - 4.905 * t * t}; }

TEST(ParabolasTest, AnExactParabolaIsRecovered) {
  const std::vector<PathPoint> points = Path(12, Thrown);
  const Parabola fit = FitParabola(points, 0, 11);
  EXPECT_NEAR(fit.acceleration().y(), -9.81, 1e-9);
  EXPECT_NEAR(fit.acceleration().x(), 0.0, 1e-9);
  EXPECT_NEAR(fit.VelocityAt(0.2).y(), 3.0 - 9.81 * 0.2, 1e-9);
  EXPECT_NEAR((fit.PlaceAt(0.3) - Thrown(0.3)).norm(), 0.0, 1e-9);
  EXPECT_NEAR(fit.squared_error_m2, 0.0, 1e-15);
}

TEST(ParabolasTest, AGivenAccelerationNeedsTwoPoints) {
  const std::vector<PathPoint> points = Path(2, Thrown);
  const Parabola fit = FitWithAcceleration(points, 0, 1, {0.0, -9.81});
  EXPECT_NEAR(fit.VelocityAt(0.0).y(), 3.0, 1e-9);
  EXPECT_NEAR(fit.VelocityAt(0.0).x(), 1.5, 1e-9);
}

TEST(ParabolasTest, TooFewPointsAreRefused) {
  const std::vector<PathPoint> points = Path(4, Thrown);
  EXPECT_THROW(FitParabola(points, 0, 1), CheckFailure);
  EXPECT_THROW(FitParabola(points, 2, 4), CheckFailure);
  EXPECT_TRUE(SplitIntoParabolas(Path(2, Thrown), 1e-3).empty());
}

TEST(ParabolasTest, StandardErrorsMatchTheSpreadOfManyFits) {
  constexpr double kNoise_m = 0.01;
  double sum = 0.0;
  double squares = 0.0;
  double predicted = 0.0;
  constexpr int kFits = 400;
  for (int i = 0; i < kFits; ++i) {
    const Parabola fit = FitParabola(Path(14, Thrown, kNoise_m, 100 + i), 0, 13);
    sum += fit.acceleration().y();
    squares += fit.acceleration().y() * fit.acceleration().y();
    predicted = kNoise_m * fit.UnitAccelerationError();
  }
  const double mean = sum / kFits;
  const double spread = std::sqrt(squares / kFits - mean * mean);
  EXPECT_NEAR(mean, -9.81, 3.0 * predicted / std::sqrt(kFits) + 1e-3);
  EXPECT_NEAR(spread / predicted, 1.0, 0.12);
}

TEST(ParabolasTest, NoiseIsReadFromThirdDifferences) {
  for (const double noise_m : {0.002, 0.01, 0.05}) {
    EXPECT_NEAR(PathNoise(Path(400, Thrown, noise_m), 1e-6) / noise_m, 1.0, 0.15) << noise_m;
  }
  EXPECT_DOUBLE_EQ(PathNoise(Path(20, Thrown), 1e-3), 1e-3);
  EXPECT_DOUBLE_EQ(PathNoise(Path(3, Thrown), 1e-3), 1e-3);
}

TEST(ParabolasTest, OneParabolaIsNotSplit) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    const std::vector<PathPoint> points = Path(40, Thrown, 0.005, seed);
    EXPECT_EQ(SplitIntoParabolas(points, PathNoise(points, 1e-4)).size(), 1u) << seed;
  }
}

// Comes down at 4 m/s, goes up with the share `e` of it; the contact lies between two frames.
Eigen::Vector2d Rebounding(double t, double contact_s, double e) {
  const double s = t - contact_s;
  return {0.4 * t, (s < 0 ? -4.0 : 4.0 * e) * s - 4.905 * s * s};
}

TEST(ParabolasTest, ABounceIsSplitAtItsContact) {
  for (const double contact_s : {0.5, 0.51, 0.52, 0.53}) {
    for (const double noise_m : {0.0, 0.003}) {
      const std::vector<PathPoint> points = Path(
          30, [&](double t) { return Rebounding(t, contact_s, 0.6); }, noise_m);
      const std::vector<FlightSegment> segments =
          SplitIntoParabolas(points, PathNoise(points, 1e-3));
      ASSERT_EQ(segments.size(), 2u) << contact_s;
      EXPECT_EQ(segments[0].last + 1, segments[1].first);
      EXPECT_NEAR(MeetingTime(points, segments[0], segments[1]), contact_s, 0.12 / kFps)
          << contact_s << " " << noise_m;
    }
  }
}

TEST(ParabolasTest, SegmentsCoverAllPointsInOrder) {
  const std::vector<PathPoint> points = Path(
      48, [](double t) { return Eigen::Vector2d(t, std::abs(std::sin(6.0 * t))); }, 0.002);
  const std::vector<FlightSegment> segments = SplitIntoParabolas(points, 0.002);
  ASSERT_GE(segments.size(), 3u);
  EXPECT_EQ(segments.front().first, 0u);
  EXPECT_EQ(segments.back().last, 47u);
  for (size_t s = 1; s < segments.size(); ++s) {
    EXPECT_EQ(segments[s].first, segments[s - 1].last + 1);
    EXPECT_GE(segments[s].last - segments[s].first, 2u);
  }
}

}  // namespace
}  // namespace plumb
