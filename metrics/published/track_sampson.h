// SPDX-License-Identifier: Apache-2.0
// Sampson error of a video as NVIDIA's Cosmos evaluation describes it (arXiv 2501.03575, §5.3.1;
// its code was never released), on this program's own point tracks instead of learned matches.
#pragma once

#include "core/progress.h"
#include "core/video.h"
#include "metrics/published/named_values.h"

namespace plumb {

struct TrackSampsonSettings {
  int interval = 15;          // tracked frames between the two of a pair
  int min_matches = 20;       // tracks that a pair must share
  double threshold_px = 3.0;  // of RANSAC, on the canvas
};

// Pairs of frames i · interval and the next such. Of each `pairI/mean_error`: the mean √Sampson
// distance of the tracks that RANSAC keeps to the matrix that fits those best (eight points,
// normalised), in pixels of a 960×540 canvas (times its diagonal over the picture's, as published);
// `pairI/keep_ratio`, what RANSAC keeps, without which a small error means little; `pairI/matches`.
// `video/mean_error` and `video/keep_ratio`: their means over the `valid_pairs` of the `pairs`.
// Undefined, with a reason, without one. Longer clips: 240 frames, evenly chosen.
NamedValues TrackSampson(const Video& video,
                         const TrackSampsonSettings& settings,
                         const Progress& progress);

}  // namespace plumb
