// SPDX-License-Identifier: Apache-2.0
// What a report can show of a geometry score: a residual per frame, held-out tracks with a verdict,
// the worst frames.
#pragma once

#include <optional>
#include <vector>

#include "core/score.h"
#include "metrics/geometry/consistency.h"
#include "metrics/geometry/tracks.h"

namespace plumb {

// Mean agreement and median residual (sample pixels) of the held-out sightings of each tracked
// frame; empty where there are none.
struct FrameAgreement {
  std::optional<double> agreement;
  std::optional<double> residual_px;
};
std::vector<FrameAgreement> PerFrame(const TrackSet& set, const std::vector<ScoredTrack>& tracks);

// Evidence in the keys of core/score.h: "per_frame" has one entry per frame of the sample (null
// where a frame was not tracked), "tracks" at most 240 held-out tracks, evenly chosen, and `frames`
// up to eight that agree least.
Evidence ConsistencyEvidence(const TrackSet& set,
                             const std::vector<ScoredTrack>& tracks,
                             int sample_frames);

}  // namespace plumb
