// SPDX-License-Identifier: Apache-2.0
// A blow that does not come when two objects touch. Internal to the scenes room.
#pragma once

#include <optional>

#include "scenes/sabotage/internal_sabotage.h"

namespace plumb {

struct ShiftedBlow {
  Motion motion;
  int struck_body;
  int first_frame;  // the first that may differ
};

// The next impact of two objects acts some seconds after they touch, or before when negative.
//   After:  both stand still where they touch until it acts, so that neither enters the other.
//   Before: both get the velocities that it gives them while there is still a gap between them, so
//           that no momentum is lost or won; no earlier than the frame before the job's first.
// From then on all move as bodies do. None where no two objects hit each other any more.
std::optional<ShiftedBlow> WithBlowShifted(const SabotageJob& job, double by_s);

}  // namespace plumb
