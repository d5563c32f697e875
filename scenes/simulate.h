// SPDX-License-Identifier: Apache-2.0
// Scene → motion: rigid-body dynamics by Bullet in double precision, a fresh world for every call.
#pragma once

#include <vector>

#include "core/progress.h"
#include "core/scene.h"
#include "core/truth.h"

namespace plumb {

// A deliberate change of the world during a simulation. Several may follow each other.
struct Intervention {
  double time_s = 0.0;  // states up to and including this time are untouched
  // Factors on gravity and restitution from then on (may exceed 1); with a body, on its own alone.
  double gravity_factor = 1.0;
  double restitution_factor = 1.0;
  // Body that jumps by `jump_m` (world frame), keeping its velocity, or that is taken out of the
  // world (its state then stays as it was); -1: none.
  int body = -1;
  Eigen::Vector3d jump_m = Eigen::Vector3d::Zero();
  bool take_out = false;
  double inertia_factor = 1.0;  // on the body's moments of inertia from then on
};

struct SimulateOptions {
  double fps = 24.0;  // frames that states must fall on
  double minimum_rate_hz =
      960.0;                // the rate used is the smallest whole multiple of fps at or above it
  double duration_s = 0.0;  // time to cover; 0: the scene's duration
  std::vector<Intervention> interventions;  // by time

  // Throws UsageError naming the field that makes no sense.
  void Validate() const;
};

// The smallest whole multiple of `fps` that is at least `minimum_rate_hz`.
double PhysicsRate(double fps, double minimum_rate_hz);

// Motion of every body from the scene's start. Free flight follows the closed form exactly
// (semi-implicit Euler's offset ½·a·t·dt is removed wherever the velocity changes smoothly);
// impacts follow Bullet's solver. The same arguments give the same bytes. Throws InputError for an
// invalid scene and when the simulation leaves the finite numbers (naming body and time),
// CancelledError when `progress` asks to stop.
Motion Simulate(const Scene& scene, const SimulateOptions& options, const Progress& progress = {});

}  // namespace plumb
