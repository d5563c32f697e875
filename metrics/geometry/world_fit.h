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

// Of a turning camera with the tracks, from which on it explains a stretch.
inline constexpr double kExplainedAgreement = 0.9;

// One rigid world that was found behind a stretch of the clip, in a frame of its own and, where the
// camera travels, at a scale of its own. Lengths in tracked pixels.
struct RigidWorld {
  Segment stretch;                 // the tracked frames it was fitted to
  PosedClip clip;                  // cameras; posed in at least one frame of the stretch
  std::vector<ScenePoint> points;  // by track; none when the camera only turns
};

// What one model of the world explains of a clip, over all segments.
struct WorldFit {
  std::vector<RigidWorld> worlds;  // in the order in which they were found
  std::vector<ScoredTrack> tracks;
  int posed_frames = 0;
  int segment_frames = 0;
  int pairs = 0;         // of keyframes with a verified two-view geometry …
  int planar_pairs = 0;  // … of which one homography explains nearly as much
  std::string why_not;   // of the last segment without a model
  Json details = Json::object();

  // Of the frames of all segments.
  double PosedShare() const;
  // Mean over the held-out tracks; 0 without any.
  double Agreement() const;
  int ScenePoints() const;  // of all worlds
};

// A camera that only turns: one rotation per frame, one focal length per segment; segments that
// follow each other without a gap are one.
WorldFit FitTurning(const TrackSet& set, const MotionEvidence& motion, const Progress& progress);

// A camera that travels before one plane: one pose per frame, one focal length per segment.
WorldFit FitBeforePlane(const TrackSet& set,
                        const MotionEvidence& motion,
                        const Progress& progress);

// A camera that travels through a rigid world: structure from motion. What a model leaves unposed
// gets a model of its own, since a solver that stops says nothing about the frames beyond; a
// stretch without a model that a turn explains was looked round in. `seed` is that of RANSAC.
struct TravelInput {
  const TrackSet& set;
  const MotionEvidence& motion;
  uint64_t seed = 0;
};
WorldFit FitTravelling(const TravelInput& input, const Progress& progress);

}  // namespace plumb
