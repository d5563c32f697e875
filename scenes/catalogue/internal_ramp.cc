// SPDX-License-Identifier: Apache-2.0
#include "scenes/catalogue/internal_ramp.h"

#include <cmath>

#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_placing.h"

namespace plumb {
namespace {

Material RampWood() {
  Material wood;
  wood.name = "wooden";
  wood.pattern = Pattern::kWood;
  wood.colour = {0.70, 0.58, 0.44};
  wood.second_colour = {0.46, 0.35, 0.25};
  wood.pattern_size_m = 0.24;
  wood.gloss = 0.1;
  wood.friction = 1;
  wood.restitution = 1;
  return wood;
}

}  // namespace

Eigen::Quaterniond Ramp::Tilt() const {
  return Eigen::Quaterniond(Eigen::AngleAxisd(side * angle_rad, Eigen::Vector3d::UnitY()));
}

Body Ramp::Slab() const {
  const double height_m = length_m / 2 * std::sin(angle_rad) + 0.02 + lift_m;
  Body slab = FixedBox("ramp", {x_m, 0, height_m}, {length_m, width_m, thick_m}, RampWood());
  slab.world_from_body.rotation = Tilt();
  return slab;
}

std::vector<Body> Ramp::Posts() const {
  std::vector<Body> posts;
  const double along_m = 0.36 * length_m;
  const double height_m = Slab().world_from_body.translation.z() + along_m * std::sin(angle_rad);
  const double aside_m = width_m * 0.36 / 0.95;
  for (const double y : {-aside_m, aside_m}) {
    posts.push_back(FixedBox(y < 0 ? "front post" : "rear post",
                             {x_m - side * along_m * std::cos(angle_rad), y, height_m / 2},
                             {0.12, 0.12, height_m},
                             RampWood()));
  }
  return posts;
}

Rigid3 Ramp::Place(double down_m, double y_m, double reach_m) const {
  const Eigen::Vector3d x_in_ramp(
      -side * (length_m / 2 - down_m), y_m, thick_m / 2 + reach_m - kSeat_m);
  return Rigid3(Tilt(), Slab().world_from_body * x_in_ramp);
}

Eigen::Vector3d Ramp::Downhill() const { return Tilt() * Eigen::Vector3d(side, 0, 0); }
Eigen::Vector3d Ramp::Normal() const { return Tilt() * Eigen::Vector3d::UnitZ(); }

}  // namespace plumb
