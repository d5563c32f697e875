// SPDX-License-Identifier: Apache-2.0
// Whether an object that is not found is lost, hidden or gone out of the picture.
#pragma once

#include <vector>

#include "metrics/permanence/events.h"

namespace plumb {

// One verdict a pair with `asked`, `state` and `copies` (those beyond what the finder sees in the
// truth). An object that is not found may be hidden behind the occluder beside which it was last
// seen: where it had kept up with the truth, for up to three frames longer than the truth needs; a
// slower or faster one for as long as the truth needs in all and half as much again. One that was
// last seen at the border and moved towards it has left the picture. Neither is asked.
std::vector<FrameVerdict> PresenceOf(const Observation& observation, size_t object);

}  // namespace plumb
