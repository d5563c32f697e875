// SPDX-License-Identifier: Apache-2.0
// How scenarios put their bodies into a scene and set them going. Internal to the scenes room.
#pragma once

#include "core/scene.h"

namespace plumb {

// Bodies that should touch from the start overlap by this much, or the first step would find a gap.
constexpr double kSeat_m = 1e-6;

// Upright on the floor (z = 0), turned about the vertical. For shapes whose size along z is their
// height.
void StandOnFloor(Body& body, const Eigen::Vector2d& place_m, double heading_rad);

// At rest in the air with its lowest point `height_m` above the floor, in the turn it already has.
void HangAt(Body& body, double height_m, double x_m);

// A ball that rolls along x without slipping.
void Roll(Body& ball, double speed_mps);

}  // namespace plumb
