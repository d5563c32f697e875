// SPDX-License-Identifier: Apache-2.0
// One model of the world fitted to a whole clip, part by part, and what it explains of the held-out
// tracks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/progress.h"
#include "metrics/geometry/consistency.h"
#include "metrics/geometry/motion_class.h"
#include "metrics/geometry/tracks.h"

namespace plumb {

// What one model of the world explains of a clip, over all segments.
struct WorldFit {
  std::vector<ScoredTrack> tracks;
  int posed_frames = 0;
  int segment_frames = 0;
  int points = 0;
  int models = 0;
  int pairs = 0;                 // of keyframes with a verified two-view geometry …
  int planar_pairs = 0;          // … of which one homography explains nearly as much
  std::vector<double> focal_px;  // per modelled segment, tracked pixels
  std::string why_not;           // of the last segment without a model
  Json details = Json::object();

  // Of the frames of all segments.
  double PosedShare() const;
  // Mean over the held-out tracks; 0 without any.
  double Agreement() const;
};

// A camera that only turns: one rotation per frame, one focal length per segment.
WorldFit FitTurning(const TrackSet& set, const MotionEvidence& motion, const Progress& progress);

// A camera that travels through a rigid world: structure from motion. What a model leaves unposed
// gets a model of its own, since a solver that stops says nothing about the frames beyond. `seed`
// is that of RANSAC.
struct TravelInput {
  const TrackSet& set;
  const MotionEvidence& motion;
  uint64_t seed = 0;
};
WorldFit FitTravelling(const TravelInput& input, const Progress& progress);

}  // namespace plumb
