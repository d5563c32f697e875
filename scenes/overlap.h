// SPDX-License-Identifier: Apache-2.0
// Bodies that stand in one another at the start of a scene: the simulator would shoot them apart.
#pragma once

#include <vector>

#include "core/scene.h"

namespace plumb {

struct Overlap {
  int body_a = 0;  // index into Scene::bodies, a < b
  int body_b = 0;
  double depth_m = 0.0;  // the shortest way that parts the two
};

// Pairs that stand in each other by more than `allowed_m`, by (a, b), when one of the two can move
// (it is not fixed, or an event releases it) and no joint holds them together. Shapes are taken as
// they collide: a torus as its hull, a hoop as a ring of staves, a compound as its parts. By GJK
// and EPA (van den Bergen 2003).
std::vector<Overlap> DeepOverlaps(const Scene& scene, double allowed_m = 0.005);

}  // namespace plumb
