// SPDX-License-Identifier: Apache-2.0
// What things hang from. Internal to the scenes room.
#pragma once

#include "core/scene.h"

namespace plumb {

// Two posts and a beam behind what swings in the plane y = pivot.y().
void AddFrame(Scene& scene, const Eigen::Vector3d& pivot);
// From the beam to the pivot.
void AddBracket(Scene& scene, const Eigen::Vector3d& pivot);

}  // namespace plumb
