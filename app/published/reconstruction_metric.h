// SPDX-License-Identifier: Apache-2.0
// `plumb measure reconstruction video=FILE [--set out=FOLDER]`: the cameras and points that
// geometry's scores are measured with.
#pragma once

#include "app/published/published_metrics.h"
#include "metrics/geometry/reconstruction.h"

namespace plumb {

// `worlds`, `frames` (of the video), `posed_frames`, `points`, and over all worlds `views`,
// `mean_track_length` (views a point), `mean_reprojection_px` (over views); `focal_px` is that of
// the world with most frames. Without a world all are undefined; without points those of points
// are.
NamedValues ReconstructionValues(const Reconstruction& reconstruction);

PublishedMetric ReconstructionMetric();

}  // namespace plumb
