// SPDX-License-Identifier: Apache-2.0
// What moves by itself while the camera films: tracks on it say nothing about the rigid world
// behind it, so they take no part in fitting that world nor in scoring it.
#pragma once

#include <vector>

#include "core/score.h"
#include "core/truth.h"
#include "core/video.h"
#include "metrics/geometry/motion_class.h"
#include "metrics/geometry/tracks.h"

namespace plumb {

struct MovingParts {
  std::vector<bool> moves;         // per track of the set
  std::vector<double> area_share;  // of the picture, per tracked frame

  int num_tracks() const;       // that move
  double masked_share() const;  // mean of the area over the frames; 0 without frames
};

struct MovingPartsOptions {
  double window_units = 8.0;  // motion of the camera between two compared frames …
  int windows = 12;  // … which begin at this many places of a segment, or every ten frames
  // A track disagrees from this residual on, and from this multiple of the pair's median.
  double disagree_units = 1.0;
  double disagree_ratio = 6.0;
  double near_share = 0.08;        // of the picture's side: neighbours in one part
  int min_tracks = 4;              // of a part
  double coherent_units = 1.0;     // median residual of a part's own affine motion, at most
  double max_masked_share = 0.25;  // of the tracks; more is no part but the world itself
  double max_loose_share = 0.15;   // of the others that disagree; more is a world that bends

  void Validate() const;
};

// Tracks that leave the dominant motion (of a still camera none, of a turning one a homography, of
// a travelling one epipolar geometry) together with their neighbours, as one piece with a motion of
// its own, in at least two places of the clip. Nothing moves by itself where the disagreement is
// spread out, nearly everywhere, fading, or without a motion of its own: that is a defect of the
// world, and masking it would hide it. A part that moves along with the epipolar lines is not seen.
MovingParts FindMovingParts(const TrackSet& set,
                            const MotionEvidence& motion,
                            const MovingPartsOptions& options = {});

// Tracks that lie, for at least half of their sightings, on bodies that the truth moves (or within
// ten pixels of them, where patches show both). Sample frames take the truth's mask that is nearest
// in time; sizes are matched by scale. Nothing when the truth has no masks.
MovingParts MovingInTruth(const TrackSet& set, const Video& sample, const Truth& truth);
// Some body of the truth leaves its pose by more than a millimetre or a tenth of a degree.
bool AnythingMoves(const Truth& truth);

// Either moves.
MovingParts Both(const MovingParts& a, const MovingParts& b);
// Counts, and the area as a curve over the frames of the sample (`sample_frames` of them; null
// where a frame was not tracked).
Evidence EvidenceOf(const MovingParts& parts, const TrackSet& set, int sample_frames);

// The set without what moves; transitions and frames stay.
TrackSet WithoutParts(const TrackSet& set, const MovingParts& parts);

}  // namespace plumb
