// SPDX-License-Identifier: Apache-2.0
// From what was fitted to the tracked (reduced, thinned out) frames to cameras and points of the
// video as it came.
#pragma once

#include "core/video.h"
#include "metrics/geometry/reconstruction.h"
#include "metrics/geometry/tracks.h"
#include "metrics/geometry/world_fit.h"

namespace plumb {

// A point's views are its track's sightings in the posed frames of the world's stretch that lie
// within four units (TrackSet::UnitPx) of its projection; a point with fewer than two is left out.
// `video` gives size and colours. Without worlds `why_not` is the fit's.
Reconstruction ReconstructionOf(const TrackSet& set, const WorldFit& fit, const Video& video);

}  // namespace plumb
