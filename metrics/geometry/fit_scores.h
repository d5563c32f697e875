// SPDX-License-Identifier: Apache-2.0
// What a model of the world, fitted to half of the tracks, is worth on the other half.
#pragma once

#include "metrics/geometry/motion_class.h"
#include "metrics/geometry/score_sheet.h"
#include "metrics/geometry/tracks.h"
#include "metrics/geometry/world_fit.h"

namespace plumb {

// Held-out tracks below which their agreement says nothing.
constexpr int kMinHeldOut = 30;

class FitScores {
 public:
  // All must outlive it. `sample_frames` is the length of the sample as it came.
  FitScores(const TrackSet& set, const MotionEvidence& motion, int sample_frames)
      : set_(set), motion_(motion), sample_frames_(sample_frames) {}

  // Headline (mean agreement, tracks resampled whole) and share of tracks that agree at least half
  // of the time.
  void PutConsistency(const WorldFit& fit, ScoreSheet& sheet) const;
  // Median over the tracks of each one's median residual, in pixels of the sample.
  void PutResidual(GeometryScore which, const WorldFit& fit, ScoreSheet& sheet) const;
  // Share of the tracked frames whose camera was found.
  void PutRegistered(const WorldFit& fit, ScoreSheet& sheet) const;

 private:
  Evidence EvidenceOf(const WorldFit& fit) const;

  const TrackSet& set_;
  const MotionEvidence& motion_;
  int sample_frames_;
};

}  // namespace plumb
