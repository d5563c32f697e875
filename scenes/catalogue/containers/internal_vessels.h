// SPDX-License-Identifier: Apache-2.0
// Things that hold things, put together from boards, and how they are led about. Internal to the
// scenes room.
#pragma once

#include <functional>
#include <vector>

#include "core/scene.h"
#include "core/truth.h"

namespace plumb {

// A box without a lid, open upwards; the origin is in the middle of its outer bottom.
struct OpenBoxSpec {
  Eigen::Vector3d inner_m = {0.8, 0.5, 0.2};
  double wall_m = 0.03;
};
Shape OpenBoxShape(const OpenBoxSpec& spec);

// A round cup of upright boards, upside down: the lid is above, the origin is in the middle of its
// open lower end.
struct CupSpec {
  double inner_radius_m = 0.16;  // to the middle of each board, at the open end
  double height_m = 0.34;        // outside
  double wall_m = 0.02;
  double taper_rad = 0.08;  // the boards lean inwards by this
};
Shape CupShape(const CupSpec& spec);

// From 0 to 1 as the share of the time goes from 0 to 1, at rest and without a jolt at both ends
// (least jerk: Flash and Hogan 1985). Constant outside.
double Ease(double share);

// Keys of a guided body at a rate and at the end.
std::vector<PoseKey> LeadAlong(double duration_s,
                               double rate_hz,
                               const std::function<Rigid3(double)>& world_from_body);

// How deep a ball is in any of the boxes that a vessel consists of; below 0: its distance. Parts of
// another shape are left out.
double OverlapWithBoards_m(const Body& vessel,
                           const Rigid3& world_from_vessel,
                           const Eigen::Vector3d& centre_m,
                           double radius_m);

// The deepest overlap that the simulation recorded.
double DeepestContact_m(const Motion& motion);

}  // namespace plumb
