// SPDX-License-Identifier: Apache-2.0
// Do the pictures of a clip continue each other? Cuts, repeats, disorder and stretches without
// tracks, from the tracks alone.
#pragma once

#include <optional>
#include <vector>

#include "core/score.h"
#include "metrics/geometry/motion_class.h"
#include "metrics/geometry/tracks.h"

namespace plumb {

// Median displacement of the tracks that both frames share, in units of 1/256 of the picture; empty
// when they share fewer than `min_tracks`.
std::optional<double> MedianMotion(const TrackSet& set, int a, int b, int min_tracks);

// Share of the tracks that outlive the step; 0 when there were none.
double Survival(const Transition& transition);
// Median over the steps; 0 without a step.
double MedianSurvival(const TrackSet& set);

// Reasons that hold before any motion is looked at: too few frames, too little to follow, pictures
// without a common track.
std::optional<Reason> Unreadable(const TrackSet& set,
                                 double median_survival,
                                 const MotionOptions& options);

// First frames of new shots: a step that almost no track outlives between steps that most outlive,
// in a full picture.
std::vector<int> FindCuts(const TrackSet& set, const MotionOptions& options);
// The sentence about cuts (at least one).
Reason CutReason(const TrackSet& set, const std::vector<int>& cuts);

// Four of five pictures repeat the one before them, bit for bit.
bool Frozen(const TrackSet& set);

// A camera that moves through a world is nearer to where it was one picture ago than to where it
// was three ago; says so when the pictures are in disorder.
std::optional<Reason> Disorder(const TrackSet& set, const MotionOptions& options);

// Whether enough tracks lead from the frame before to this one (≥ 1).
bool Continues(const TrackSet& set, int frame, const MotionOptions& options);

// Stretches of at least `min_frames` frames, split where too few tracks lead on, for example behind
// something that fills the picture for a moment.
std::vector<Segment> FindSegments(const TrackSet& set, const MotionOptions& options);

}  // namespace plumb
