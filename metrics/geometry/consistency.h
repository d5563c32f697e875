// SPDX-License-Identifier: Apache-2.0
// Does one rigid world explain tracks that had no part in finding the cameras? Each held-out track
// becomes one scene point from every second of its observations; the others are scored.
#pragma once

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "metrics/geometry/posed_clip.h"
#include "metrics/geometry/tracks.h"

namespace plumb {

// The share of a residual's worth: mean over the four thresholds of whether the residual stays
// below, as in TAP-Vid's position accuracy (Doersch et al. 2022, §3). In units of 1/256 of the
// picture, times the allowance for the picture's noise (NoiseAllowance).
constexpr std::array<double, 4> kAgreementUnits = {0.5, 1.0, 2.0, 4.0};
double Agreement(double residual_units);

// By how much more the thresholds allow where tracks jitter by more than clean ones do: JitterUnits
// (jitter.h) over 0.12, which truth under grain shows; at least 1, at most 2.
double NoiseAllowance(double jitter_units);

// One scored observation. Without a pose of its frame there is no residual, and its agreement is 0.
struct ScoredSighting {
  int frame = 0;  // tracked frame
  std::optional<double> residual_px;
  double agreement = 0.0;
};

struct ScoredTrack {
  int track = 0;  // index in the set
  std::vector<ScoredSighting> sightings;
  double allowance = 1.0;    // by which its residuals were divided
  double Agreement() const;  // mean over the sightings
};

// Every second track, fit ones first: neighbours in the list start side by side, so both halves
// cover the picture.
struct TrackHalves {
  std::vector<int> fit;
  std::vector<int> held_out;
};
TrackHalves SplitTracks(const TrackSet& set);

// Scores held-out tracks of at least five observations that overlap the frames `first` … `last`;
// sightings outside are left out.
std::vector<ScoredTrack> ScoreTracks(const TrackSet& set,
                                     const std::vector<int>& held_out,
                                     const PosedClip& clip,
                                     const std::pair<int, int>& first_last);

}  // namespace plumb
