// SPDX-License-Identifier: Apache-2.0
#include "metrics/dynamics/parabolas.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Dense>

#include "core/check.h"
#include "core/statistics.h"

namespace plumb {
namespace {

// Six parameters' worth of BIC at 100 frames, doubled for a noise that may be underestimated by a
// third.
constexpr double kSegmentCost = 64.0;
constexpr size_t kFewest = 3;

Eigen::Vector3d Powers(double t) { return {1.0, t, t * t}; }

}  // namespace

Eigen::Vector2d Parabola::PlaceAt(double time_s) const {
  return coefficients.transpose() * Powers(time_s - t0_s);
}

Eigen::Vector2d Parabola::VelocityAt(double time_s) const {
  return coefficients.transpose() * Eigen::Vector3d(0.0, 1.0, 2.0 * (time_s - t0_s));
}

double Parabola::UnitVelocityError(double time_s) const {
  const Eigen::Vector3d slope(0.0, 1.0, 2.0 * (time_s - t0_s));
  return std::sqrt(std::max(0.0, slope.dot(unit_covariance * slope)));
}

double Parabola::UnitAccelerationError() const {
  return 2.0 * std::sqrt(std::max(0.0, unit_covariance(2, 2)));
}

Parabola FitParabola(const std::vector<PathPoint>& points, size_t first, size_t last) {
  PLUMB_CHECK(last < points.size() && last >= first + kFewest - 1,
              "points {} to {} of {}",
              first,
              last,
              points.size());
  Parabola fit;
  fit.t0_s = 0.5 * (points[first].time_s + points[last].time_s);
  Eigen::Matrix3d normal = Eigen::Matrix3d::Zero();
  Eigen::Matrix<double, 3, 2> right = Eigen::Matrix<double, 3, 2>::Zero();
  for (size_t i = first; i <= last; ++i) {
    const Eigen::Vector3d x = Powers(points[i].time_s - fit.t0_s);
    normal += x * x.transpose();
    right += x * points[i].place_m.transpose();
  }
  fit.unit_covariance = normal.inverse();
  fit.coefficients = fit.unit_covariance * right;
  for (size_t i = first; i <= last; ++i) {
    fit.squared_error_m2 += (points[i].place_m - fit.PlaceAt(points[i].time_s)).squaredNorm();
  }
  return fit;
}

Parabola FitWithAcceleration(const std::vector<PathPoint>& points,
                             size_t first,
                             size_t last,
                             const Eigen::Vector2d& acceleration_mps2) {
  PLUMB_CHECK(
      last < points.size() && last > first, "points {} to {} of {}", first, last, points.size());
  Parabola fit;
  fit.t0_s = 0.5 * (points[first].time_s + points[last].time_s);
  Eigen::Matrix2d normal = Eigen::Matrix2d::Zero();
  Eigen::Matrix2d right = Eigen::Matrix2d::Zero();
  for (size_t i = first; i <= last; ++i) {
    const double t = points[i].time_s - fit.t0_s;
    const Eigen::Vector2d x(1.0, t);
    normal += x * x.transpose();
    right += x * (points[i].place_m - 0.5 * t * t * acceleration_mps2).transpose();
  }
  const Eigen::Matrix2d covariance = normal.inverse();
  fit.unit_covariance.topLeftCorner<2, 2>() = covariance;
  fit.coefficients.topRows<2>() = covariance * right;
  fit.coefficients.row(2) = 0.5 * acceleration_mps2.transpose();
  for (size_t i = first; i <= last; ++i) {
    fit.squared_error_m2 += (points[i].place_m - fit.PlaceAt(points[i].time_s)).squaredNorm();
  }
  return fit;
}

double PathNoise(const std::vector<PathPoint>& points, double floor_m) {
  std::vector<double> differences;
  for (size_t i = 3; i < points.size(); ++i) {
    if (points[i].pair != points[i - 3].pair + 3) continue;
    const Eigen::Vector2d third = points[i].place_m - 3.0 * points[i - 1].place_m +
                                  3.0 * points[i - 2].place_m - points[i - 3].place_m;
    differences.push_back(std::abs(third.x()));
    differences.push_back(std::abs(third.y()));
  }
  if (differences.empty()) return floor_m;
  // Var(third difference) = (1 + 9 + 9 + 1)·σ²; a normal's median absolute value is 0.6745 σ.
  return std::max(floor_m, Median(std::move(differences)) / (0.6745 * std::sqrt(20.0)));
}

std::vector<FlightSegment> SplitIntoParabolas(const std::vector<PathPoint>& points,
                                              double noise_m) {
  const size_t n = points.size();
  if (n < kFewest) return {};
  const double weight = 1.0 / (noise_m * noise_m);
  // best[j]: least cost of the first j points; from[j]: where the last segment of that split
  // begins.
  std::vector<double> best(n + 1, std::numeric_limits<double>::infinity());
  std::vector<size_t> from(n + 1, 0);
  best[0] = 0.0;
  for (size_t j = kFewest; j <= n; ++j) {
    for (size_t i = 0; i + kFewest <= j; ++i) {
      if (!std::isfinite(best[i])) continue;
      const double cost =
          best[i] + kSegmentCost + weight * FitParabola(points, i, j - 1).squared_error_m2;
      if (cost >= best[j]) continue;
      best[j] = cost;
      from[j] = i;
    }
  }
  std::vector<FlightSegment> segments;
  for (size_t j = n; j > 0; j = from[j]) {
    segments.push_back({from[j], j - 1, FitParabola(points, from[j], j - 1)});
  }
  std::reverse(segments.begin(), segments.end());
  return segments;
}

double MeetingTime(const std::vector<PathPoint>& points,
                   const FlightSegment& before,
                   const FlightSegment& after) {
  // A contact may lie just inside either neighbour: half a frame interval of room on both sides.
  const double start_s = points[before.last].time_s;
  const double end_s = points[after.first].time_s;
  const double room_s = 0.5 * (end_s - start_s);
  constexpr int kSteps = 400;
  double nearest_s = start_s;
  double nearest_m2 = std::numeric_limits<double>::infinity();
  for (int i = 0; i <= kSteps; ++i) {
    const double t = start_s - room_s + (end_s - start_s + 2.0 * room_s) * i / kSteps;
    const double m2 = (before.fit.PlaceAt(t) - after.fit.PlaceAt(t)).squaredNorm();
    if (m2 >= nearest_m2) continue;
    nearest_m2 = m2;
    nearest_s = t;
  }
  return nearest_s;
}

}  // namespace plumb
