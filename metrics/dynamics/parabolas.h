// SPDX-License-Identifier: Apache-2.0
// A path in a plane split into parabolas: between contacts every body under constant force moves
// along one.
#pragma once

#include <vector>

#include <Eigen/Core>

namespace plumb {

struct PathPoint {
  double time_s = 0.0;
  Eigen::Vector2d place_m = Eigen::Vector2d::Zero();
  int pair = 0;  // the paired frame it was seen in
};

// place(t) = c0 + c1·(t − t0) + c2·(t − t0)², per coordinate, by least squares.
struct Parabola {
  double t0_s = 0.0;
  Eigen::Matrix<double, 3, 2> coefficients = Eigen::Matrix<double, 3, 2>::Zero();
  // (XᵀX)⁻¹ of the design: times the noise variance it is the covariance of each column above.
  Eigen::Matrix3d unit_covariance = Eigen::Matrix3d::Zero();
  double squared_error_m2 = 0.0;  // summed over points and both coordinates

  Eigen::Vector2d PlaceAt(double time_s) const;
  Eigen::Vector2d VelocityAt(double time_s) const;
  Eigen::Vector2d acceleration() const { return 2.0 * coefficients.row(2).transpose(); }
  // Standard error of the velocity at a time, per unit of noise in place.
  double UnitVelocityError(double time_s) const;
  // The same of the acceleration.
  double UnitAccelerationError() const;
};

// Throws CheckFailure with fewer than three points.
Parabola FitParabola(const std::vector<PathPoint>& points, size_t first, size_t last);
// The same with the acceleration given: for short pieces.
Parabola FitWithAcceleration(const std::vector<PathPoint>& points,
                             size_t first,
                             size_t last,
                             const Eigen::Vector2d& acceleration_mps2);

struct FlightSegment {
  size_t first = 0;  // index of a point
  size_t last = 0;   // inclusive
  Parabola fit;
};

// Noise of the places (one coordinate), from the median absolute third difference: parabolas have
// none, and contacts are few. At least `floor_m`.
double PathNoise(const std::vector<PathPoint>& points, double floor_m);

// The split with the least Σ squared error / noise² + 64 per segment, by dynamic programming; every
// segment has at least three points. Empty with fewer than three.
std::vector<FlightSegment> SplitIntoParabolas(const std::vector<PathPoint>& points, double noise_m);

// Where two neighbouring segments meet: the time between them at which the parabolas are nearest to
// each other.
double MeetingTime(const std::vector<PathPoint>& points,
                   const FlightSegment& before,
                   const FlightSegment& after);

}  // namespace plumb
