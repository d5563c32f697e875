// SPDX-License-Identifier: Apache-2.0
// Jumps: steps of a followed object that no motion explains.
#pragma once

#include <vector>

#include "metrics/permanence/observe.h"

namespace plumb {

// Per pair the length of the unexplained jump into it, in object sizes (small ones are noise; 0
// before the first scored pair). A jump is what a step is longer than the steps before and after it
// allow (so that bounces are none), or longer than one and a half times the fastest step of any
// object in the truth; across a gap it is the change of the distance from the truth beyond half of
// what the truth moves meanwhile. What the truth itself shows by the same measure is taken off. The
// first scored pair also carries how far from the truth the object is when it is first seen.
std::vector<double> UnexplainedJumps(const Observation& observation, size_t object);

}  // namespace plumb
