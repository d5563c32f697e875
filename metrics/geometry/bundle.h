// SPDX-License-Identifier: Apache-2.0
// Cameras, focal length and scene points of a clip adjusted together until all sightings agree best
// (bundle adjustment; Triggs et al. 2000).
#pragma once

#include <vector>

#include "metrics/geometry/posed_clip.h"
#include "metrics/geometry/tracks.h"

namespace plumb {

// The cameras of a clip and the points they see.
struct Bundle {
  PosedClip clip;
  std::vector<ScenePoint> points;  // by track
};

struct BundleOptions {
  int max_frames = 24;         // posed frames that are adjusted, evenly chosen; their points then
                               // pose all the others
  int max_iterations = 15;     // of one adjustment
  double loss_units = 0.05;    // least residual from which on a sighting counts for less (Cauchy);
                               // the median residual of the start where that is larger
  double min_angle_deg = 0.5;  // between the first ray of a point and the one farthest from it
  double keep_units = 2.0;     // median residual above which a track shows no point
  // How firmly the focal length keeps to GuessedFocalPx: the loss at e times the guess, in losses.
  // Thousands of sightings overrule it; a camera that only drives ahead or trembles tells nothing
  // of its focal length, and without a guess it would run away.
  double focal_weight = 30.0;

  // Throws CheckFailure naming the field that is out of range.
  void Validate() const;
};

// The longer side: a field of view of 53° across it.
double GuessedFocalPx(const TrackSet& set);

// Gives each of `tracks` the point in which its rays from the posed frames meet best. A track whose
// rays are too nearly parallel, or that no point explains, gets none.
Bundle WithPoints(const TrackSet& set,
                  const std::vector<int>& tracks,
                  Bundle bundle,
                  const BundleOptions& options);

// Adjusts poses, the one focal length and the points; the first adjusted camera stays where it is.
// One thread; the same input gives the same bytes. With fewer than two posed frames, or without
// points, what came in.
Bundle Adjusted(const TrackSet& set, Bundle bundle, const BundleOptions& options);

// Over all points and the posed frames that see them; 1e6 without any.
double MedianResidualPx(const TrackSet& set, const Bundle& bundle);

// New points of all `tracks` and an adjustment, twice: the second time with what the first made
// clear.
Bundle Refined(const TrackSet& set,
               const std::vector<int>& tracks,
               Bundle bundle,
               const BundleOptions& options);

}  // namespace plumb
