// SPDX-License-Identifier: Apache-2.0
// Physical constants and contact times read back from paths.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/statistics.h"
#include "core/truth.h"
#include "metrics/dynamics/motion_plane.h"

namespace plumb {

// One object's motion in the scene's metres, three times: as simulated, and as followed in truth
// and sample.
struct ObjectPaths {
  size_t object = 0;  // index into Observation::objects
  int body = 0;
  MotionPlane plane;
  double noise_floor_m = 0.0;  // a tenth of a pixel
  std::vector<PathPoint> states;
  std::vector<PathPoint> truth;
  std::vector<PathPoint> sample;
};

// Runs of pairs (first and last) in which the body flies freely: the simulated velocity changes by
// gravity alone (within 5 %) from each frame to the next.
struct Flight {
  int first = 0;
  int last = 0;
};
std::vector<Flight> FreeFlights(const Truth& truth,
                                int body,
                                const std::vector<FramePair>& pairs,
                                int first_pair);

// Downward acceleration over the flights (m/s²), 95 % interval from the residuals (Student's t);
// each flight weighs by its inverse variance, and of a flight only the longest piece without a
// break is used. Empty when no piece has five points.
std::optional<Interval> RecoverGravity(const std::vector<PathPoint>& path,
                                       const std::vector<Flight>& flights,
                                       double noise_floor_m);

// A sudden change of velocity along a path.
struct Break {
  double time_s = 0.0;
  FlightSegment before;
  FlightSegment after;
  double noise_m = 0.0;
  Eigen::Vector2d velocity_before_mps = Eigen::Vector2d::Zero();
  Eigen::Vector2d velocity_after_mps = Eigen::Vector2d::Zero();
  double velocity_error_mps = 0.0;  // standard error of either
};

// Breaks at which the velocity changes by more than three standard errors and 0.15 m/s. Short
// pieces (under six points) are fitted with the downward acceleration given.
struct BreakOptions {
  double noise_floor_m = 1e-3;
  Eigen::Vector2d acceleration_mps2 = Eigen::Vector2d::Zero();  // for short pieces
};
std::vector<Break> FindBreaks(const std::vector<PathPoint>& path, const BreakOptions& options);

// The break nearest to a time whose velocity change is at least `least_change_mps`, within
// `reach_s`.
std::optional<Break> BreakNear(const std::vector<Break>& breaks,
                               double time_s,
                               double reach_s,
                               double least_change_mps);

}  // namespace plumb
