// SPDX-License-Identifier: Apache-2.0
#include "metrics/dynamics/recovery.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace plumb {
namespace {

constexpr double kGravityTolerance = 0.05;
constexpr size_t kFewestFlightPoints = 5;
constexpr size_t kShortPiece = 6;
constexpr double kLeastBreak_mps = 0.15;
constexpr double kBreakErrors = 3.0;

// Two-sided 95 % quantile of Student's t.
double StudentQuantile(int degrees) {
  constexpr std::array<double, 10> kTable = {
      12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228};
  if (degrees <= 10) return kTable[std::max(1, degrees) - 1];
  return 1.96 + 2.5 / degrees;
}

struct Estimate {
  double value = 0.0;
  double error = 0.0;  // half the 95 % interval
};

// Downward acceleration of one stretch of a path; empty when too short.
std::optional<Estimate> FallOf(const std::vector<PathPoint>& points, double noise_floor_m) {
  if (points.size() < kFewestFlightPoints) return std::nullopt;
  const std::vector<FlightSegment> segments =
      SplitIntoParabolas(points, PathNoise(points, noise_floor_m));
  const FlightSegment& longest = *std::max_element(
      segments.begin(), segments.end(), [](const FlightSegment& a, const FlightSegment& b) {
        return a.last - a.first < b.last - b.first;
      });
  const int count = static_cast<int>(longest.last - longest.first) + 1;
  if (count < static_cast<int>(kFewestFlightPoints)) return std::nullopt;
  const int degrees = 2 * (count - 3);
  const double noise_m = std::max(noise_floor_m, std::sqrt(longest.fit.squared_error_m2 / degrees));
  return Estimate{-longest.fit.acceleration().y(),
                  StudentQuantile(degrees) * noise_m * longest.fit.UnitAccelerationError()};
}

std::vector<PathPoint> Between(const std::vector<PathPoint>& path, const Flight& flight) {
  std::vector<PathPoint> points;
  for (const PathPoint& point : path) {
    if (point.pair >= flight.first && point.pair <= flight.last) points.push_back(point);
  }
  return points;
}

Parabola PieceFit(const std::vector<PathPoint>& path,
                  const FlightSegment& segment,
                  const BreakOptions& options) {
  const size_t count = segment.last - segment.first + 1;
  if (count >= kShortPiece) return segment.fit;
  return FitWithAcceleration(path, segment.first, segment.last, options.acceleration_mps2);
}

}  // namespace

std::vector<Flight> FreeFlights(const Truth& truth,
                                int body,
                                const std::vector<FramePair>& pairs,
                                int first_pair) {
  const Eigen::Vector3d& gravity = truth.scene.gravity_mps2;
  std::vector<Flight> flights;
  for (int k = std::max(0, first_pair); k + 1 < static_cast<int>(pairs.size()); ++k) {
    const Eigen::Vector3d change = truth.StateAtFrame(pairs[k + 1].truth, body).velocity_mps -
                                   truth.StateAtFrame(pairs[k].truth, body).velocity_mps;
    const double duration_s = pairs[k + 1].time_s - pairs[k].time_s;
    const double off = (change / duration_s - gravity).norm();
    if (gravity.norm() == 0.0 || off > kGravityTolerance * gravity.norm()) continue;
    if (!flights.empty() && flights.back().last == k) {
      flights.back().last = k + 1;
    } else {
      flights.push_back({k, k + 1});
    }
  }
  return flights;
}

std::optional<Interval> RecoverGravity(const std::vector<PathPoint>& path,
                                       const std::vector<Flight>& flights,
                                       double noise_floor_m) {
  double weights = 0.0;
  double weighted = 0.0;
  for (const Flight& flight : flights) {
    const std::optional<Estimate> fall = FallOf(Between(path, flight), noise_floor_m);
    if (!fall) continue;
    const double weight = 1.0 / (fall->error * fall->error + 1e-12);
    weights += weight;
    weighted += weight * fall->value;
  }
  if (weights == 0.0) return std::nullopt;
  const double value = weighted / weights;
  const double error = 1.0 / std::sqrt(weights);
  return Interval{value, value - error, value + error};
}

std::vector<Break> FindBreaks(const std::vector<PathPoint>& path, const BreakOptions& options) {
  const double noise_m = PathNoise(path, options.noise_floor_m);
  const std::vector<FlightSegment> segments = SplitIntoParabolas(path, noise_m);
  std::vector<Break> breaks;
  for (size_t s = 0; s + 1 < segments.size(); ++s) {
    Break found{0.0, segments[s], segments[s + 1], noise_m};
    found.before.fit = PieceFit(path, segments[s], options);
    found.after.fit = PieceFit(path, segments[s + 1], options);
    found.time_s = MeetingTime(path, found.before, found.after);
    found.velocity_before_mps = found.before.fit.VelocityAt(found.time_s);
    found.velocity_after_mps = found.after.fit.VelocityAt(found.time_s);
    found.velocity_error_mps = noise_m * std::max(found.before.fit.UnitVelocityError(found.time_s),
                                                  found.after.fit.UnitVelocityError(found.time_s));
    const double change = (found.velocity_after_mps - found.velocity_before_mps).norm();
    if (change > std::max(kLeastBreak_mps, kBreakErrors * found.velocity_error_mps)) {
      breaks.push_back(found);
    }
  }
  return breaks;
}

std::optional<Break> BreakNear(const std::vector<Break>& breaks,
                               double time_s,
                               double reach_s,
                               double least_change_mps) {
  std::optional<Break> nearest;
  for (const Break& candidate : breaks) {
    const double change = (candidate.velocity_after_mps - candidate.velocity_before_mps).norm();
    const double distance_s = std::abs(candidate.time_s - time_s);
    if (change < least_change_mps || distance_s > reach_s) continue;
    if (!nearest || distance_s < std::abs(nearest->time_s - time_s)) nearest = candidate;
  }
  return nearest;
}

}  // namespace plumb
