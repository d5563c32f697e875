// SPDX-License-Identifier: Apache-2.0
// Made-up geometry for the pages that tests open: maps, a pair of frames, cameras and points.
#pragma once

#include "core/score.h"

namespace plumb {

// Adds "heat_maps" (over all frames and of frame 30, hot in the upper right, nothing followed along
// the left border), "worst_pair" (frames 6 and 30, twelve matches from 0 to 5.5 px) and "worlds"
// (of a camera that travels: frames 0–23 and 24–47 with 40 points each; of one that turns: all,
// without points) for clips of `size` × `size` pixels.
void AddWorlds(int size, bool turns_only, Evidence& evidence);

}  // namespace plumb
