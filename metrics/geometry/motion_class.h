// SPDX-License-Identifier: Apache-2.0
// How the camera moves, decided from the tracks alone before anything is reconstructed.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/json.h"
#include "core/score.h"
#include "metrics/geometry/tracks.h"
#include "metrics/metrics.h"

namespace plumb {

struct MotionOptions {
  int min_frames = 6;           // tracked frames below which nothing is said
  int min_tracks = 24;          // tracks that two frames must share to be compared
  double static_units = 1.0;    // median motion below this never counts as camera motion
  double keyframe_units = 8.0;  // median motion between keyframes
  int max_keyframes = 24;       // of one reconstruction; longer stretches are cut into parts
  // The upper-quartile residual of pure rotation below which there is no parallax …
  double rotation_units = 0.75;
  // … or below this multiple of the epipolar residual, whichever allows more.
  double rotation_ratio = 4.0;
  // A turn that needs a lens longer than this many widths is more likely a plane that slides by.
  double long_lens_widths = 3.0;
  // Up to this multiple of that bound both models are tried, and the better one decides.
  double clear_ratio = 2.5;
  double cut_survival = 0.25;  // share of tracks that outlive an ordinary step at least
  // Motion over one step as a share of that over three (over two, where too few tracks outlive
  // three), and the motion over one step, above which the pictures are not in the order in which a
  // camera saw them.
  double disorder_ratio = 0.7;
  double disorder_ratio_of_two = 0.85;
  double disorder_units = 3.0;
  // Median survival below which the pictures do not continue each other.
  double unstable_survival = 0.35;

  void Validate() const;
};

// A stretch of tracked frames with enough tracks from each to the next; both ends included.
struct Segment {
  int first = 0;
  int last = 0;
  int size() const { return last - first + 1; }
};

// The verdict with all numbers that led to it. Nothing here depends on a reconstruction, so it may
// decide whether a failed one is a fault of the video.
struct MotionEvidence {
  MotionClass motion_class = MotionClass::kUnknown;
  std::optional<Reason> reason;   // why geometry cannot be measured; empty when the camera moves
  std::vector<Segment> segments;  // reconstructed one by one, by first frame
  std::vector<std::vector<int>> keyframes;  // per segment, tracked-frame indices
  std::vector<int> cuts;                    // first tracked frame of each new shot
  double motion_units =
      0.0;  // upper quartile of the median motions over windows, in 1/256 of the picture
  double median_survival = 0.0;
  double rotation_focal_px = 0.0;
  double long_motion_units = 0.0;  // median motion over the longest pairs that share tracks
  double parallax_units = 0.0;     // upper-quartile residual of the best rotation over those pairs
  double epipolar_units =
      0.0;  // the same quartile of Sampson distances to the best fundamental matrix
  double homography_units = 0.0;    // and of distances under the best homography
  double homography_inliers = 0.0;  // shares of the points within four times the tracks' noise
  double epipolar_inliers = 0.0;
  double noise_units = 0.0;  // of the tracks' positions
  int panoramic_pairs = 0;   // of those pairs: one turn explains them,
  int planar_pairs = 0;      // one plane,
  int general_pairs = 0;     // or only depth
  bool either = false;       // rotation or parallax: only trying both can tell
  bool frozen = false;       // nearly every picture repeats the one before
};

MotionEvidence ClassifyMotion(const TrackSet& set, const MotionOptions& options);
Json ToJson(const MotionEvidence& evidence);
// The same under the key "motion", as the scores' evidence carries it.
Json MotionDetailsOf(const MotionEvidence& evidence);

}  // namespace plumb
