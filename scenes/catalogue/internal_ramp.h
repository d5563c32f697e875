// SPDX-License-Identifier: Apache-2.0
// A wooden ramp on posts, and where things stand on it. Internal to the scenes room.
#pragma once

#include <vector>

#include "core/scene.h"

namespace plumb {

// Along x; the slab's middle is above (x_m, 0). Friction and restitution 1, so that a pair's
// product is the object's own value.
struct Ramp {
  double angle_rad = 0.4;
  double side = 1.0;  // +1: downhill to the right, -1: to the left
  double length_m = 3.2;
  double width_m = 0.95;
  double thick_m = 0.14;
  double x_m = 0.0;
  double lift_m = 0.0;  // of the lower end above the floor

  Eigen::Quaterniond Tilt() const;
  Body Slab() const;  // named "ramp"; its lower end stands on the floor if lift_m is 0
  std::vector<Body> Posts() const;  // two that carry the upper end

  // World-from-body of a thing that touches the ramp `down_m` downhill of the upper edge (along the
  // slope), `y_m` aside, whose origin is `reach_m` above the surface.
  Rigid3 Place(double down_m, double y_m, double reach_m) const;
  Eigen::Vector3d Downhill() const;  // unit, world frame
  Eigen::Vector3d Normal() const;    // unit, world frame, upwards
};

}  // namespace plumb
