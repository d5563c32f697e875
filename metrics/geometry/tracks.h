// SPDX-License-Identifier: Apache-2.0
// Point tracks through a clip: Lucas–Kanade, each track re-aligned by an affine warp to the patch
// it started from, so that errors do not add up from frame to frame, and followed back.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "core/progress.h"
#include "core/video.h"

namespace plumb {

struct TrackOptions {
  int max_side_px = 640;  // larger frames are area-reduced to this longer side first
  int max_frames = 1000;  // longer clips: this many frames, evenly chosen
  int cells = 28;         // grid cells along the longer side; one live track each
  // Forward–backward error, from the aligned place to the frame before; up to 2.5 times as much
  // where a noisy picture moves all points.
  double max_return_px = 0.2;
  double max_drift_px = 2.0;  // a track ends when chaining and re-alignment disagree by more
  int min_observations = 4;   // shorter tracks are dropped

  // Throws CheckFailure naming the field that is out of range.
  void Validate() const;
};

// One scene point seen in consecutive frames. Pixel centres at +0.5, in pixels of the tracked
// (reduced) frames.
struct Track {
  int first_frame = 0;  // index among the tracked frames
  std::vector<Eigen::Vector2d> points_px;

  int last_frame() const { return first_frame + static_cast<int>(points_px.size()) - 1; }
  bool Sees(int frame) const { return frame >= first_frame && frame <= last_frame(); }
  const Eigen::Vector2d& At(int frame) const { return points_px[frame - first_frame]; }
};

// What happened to the tracks between a frame and the one before it.
struct Transition {
  int before = 0;     // tracks alive in the frame before
  int survivors = 0;  // those that were found again
  double change_levels =
      0.0;  // mean absolute difference of the two grey pictures, in levels of 0–255
};

struct TrackSet {
  int width = 0;  // of the tracked frames
  int height = 0;
  double sample_scale = 1.0;            // pixels of the sample per pixel here
  std::vector<int> frames;              // the sample's frame index of each tracked frame
  std::vector<Transition> transitions;  // one per tracked frame; the first is empty
  std::vector<Track> tracks;            // by first frame
  double occupied_share = 0.0;          // mean share of grid cells with a live track

  int num_frames() const { return static_cast<int>(frames.size()); }
  // The length that is one pixel in a 256×256 picture: thresholds are multiples of it, so that a
  // score does not depend on the size of the clip.
  double UnitPx() const;
};

// Tracks points through the whole clip. One thread, no random choice. Throws CancelledError.
TrackSet TrackPoints(const Video& video, const TrackOptions& options, const Progress& progress);

// Indices of the tracks that are seen in both frames.
std::vector<int> CommonTracks(const TrackSet& set, int frame_a, int frame_b);

}  // namespace plumb
