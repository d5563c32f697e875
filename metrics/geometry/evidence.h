// SPDX-License-Identifier: Apache-2.0
// What a report can show of a geometry score: a residual per frame and per part of the picture,
// held-out tracks with a verdict, the worst frames, the pair of frames that agrees least.
#pragma once

#include <optional>
#include <vector>

#include "core/score.h"
#include "metrics/geometry/consistency.h"
#include "metrics/geometry/tracks.h"
#include "metrics/geometry/world_fit.h"

namespace plumb {

// Mean agreement and median residual (sample pixels) of the held-out sightings of each tracked
// frame; empty where there are none.
struct FrameAgreement {
  std::optional<double> agreement;
  std::optional<double> residual_px;
};
std::vector<FrameAgreement> PerFrame(const TrackSet& set, const std::vector<ScoredTrack>& tracks);

// Evidence in the keys of core/score.h: "per_frame" has one entry per frame of the sample (null
// where a frame was not tracked), "tracks" at most 240 held-out tracks, evenly chosen, "heat_maps"
// one map over all frames and one for each of the three frames that agree least (a twelfth of the
// clip apart), "worst_pair" as FindWorstPair has it, and `frames` up to eight that agree least.
// What can't be said without a model of the world is left out.
Evidence ConsistencyEvidence(const TrackSet& set, const WorldFit& fit, int sample_frames);

}  // namespace plumb
