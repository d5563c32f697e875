// SPDX-License-Identifier: Apache-2.0
// The truth with something done to the video that breaks no law of the world.
#pragma once

#include <cstdint>

#include "core/nuisances.h"
#include "core/video.h"

namespace plumb {

// The whole video, conditioning frames included. The neutral amount gives the video's own bytes;
// the same arguments give the same bytes. `seed` chooses noise and grain. Throws UsageError for an
// unknown nuisance, an amount out of range, and for "reencode", which needs a codec.
Video WithNuisance(const Video& video, const NuisanceAmount& nuisance, uint64_t seed);

}  // namespace plumb
