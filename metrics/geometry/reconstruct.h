// SPDX-License-Identifier: Apache-2.0
// Structure from motion over one segment: COLMAP's incremental mapper on keyframes (matches come
// from the tracks, the database lives in memory), every other frame posed against the points it
// found, then all of it adjusted together.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/progress.h"
#include "metrics/geometry/motion_class.h"
#include "metrics/geometry/posed_clip.h"
#include "metrics/geometry/tracks.h"

namespace plumb {

struct ReconstructOptions {
  uint64_t seed = 0;          // of COLMAP's RANSAC
  int min_pair_matches = 15;  // tracks that a pair of keyframes must share to be verified
  int min_pose_points = 12;   // points that agree with a frame's pose before it counts as posed
  double agree_units = 3.0;   // how near a point's projection must be to agree
  double min_agreeing = 0.3;  // share of a frame's points that must agree

  void Validate() const;
};

// What a segment was reconstructed to. Without a model `posed` is false everywhere and `why_not`
// says where it ended.
struct SegmentModel {
  PosedClip clip;
  std::vector<ScenePoint> points;  // by track
  int keyframes = 0;
  int posed_keyframes = 0;
  int two_view_pairs = 0;  // verified pairs of keyframes …
  int planar_pairs =
      0;  // … of which a homography explains nearly as many matches as epipolar geometry
  std::string why_not;
  bool found() const { return posed_keyframes > 0; }
};

// Uses only the tracks in `fit_tracks`. One thread; the same input gives the same bytes.
SegmentModel Reconstruct(const TrackSet& set,
                         const std::vector<int>& fit_tracks,
                         const std::vector<int>& keyframes,
                         const ReconstructOptions& options);

// The same world once more with every track of the clip: the best cameras, for who does not score
// them with tracks that were held out. Needs a model that was found.
SegmentModel WithAllTracks(const TrackSet& set, SegmentModel model);

// Poses every frame that has no pose yet against the points, outwards from those that have one; a
// frame that too few points agree on stays unposed.
void PoseAllFrames(const TrackSet& set,
                   const std::vector<ScenePoint>& points,
                   const ReconstructOptions& options,
                   PosedClip& clip);

}  // namespace plumb
