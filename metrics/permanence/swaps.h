// SPDX-License-Identifier: Apache-2.0
// Two objects in each other's places.
#pragma once

#include "metrics/permanence/events.h"

namespace plumb {

// The verdict with the runs of pairs in which two objects stand in each other's places and into
// which both came by a jump or unseen marked: `swapped_with` of both, one "swapped" event a run;
// the jumps in and out are thereby explained and become 0. One of the two may be missing, hidden in
// the place of the other. A run counts with three sure pairs or when it lasts to the end of the
// clip; pairs in which the truth has the two nearer than three quarters of a size do not break it.
// Needs `jump_sizes` of every frame.
PermanenceVerdict WithSwaps(const Observation& observation, PermanenceVerdict verdict);

}  // namespace plumb
