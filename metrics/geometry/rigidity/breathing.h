// SPDX-License-Identifier: Apache-2.0
// Does a part of the picture grow and shrink? Asked of the tracks alone, so that it holds for
// moving and still cameras and needs no model of the world.
#pragma once

#include <vector>

#include "metrics/geometry/tracks.h"

namespace plumb {

struct BreathingOptions {
  int window_frames = 16;          // in which a group's tracks must all live
  double radius_units = 20.0;      // of a group round its track, in 1/256 of the picture
  int min_tracks = 5;              // of a group
  double max_misfit_units = 0.35;  // of a group that moves as one rigid piece seen from afar
};

// Tracks that stay together and keep their shape but for its size.
struct BreathingGroup {
  int first_frame = 0;  // tracked frame
  Eigen::Vector2d centre_px = Eigen::Vector2d::Zero();
  int tracks = 0;
  double amplitude = 0.0;  // of the oscillation beyond noise, as a share of the size
  double sd = 0.0;         // of the amplitude, from the misfit
};

// One group per track and window: the similarity that brings the group's mean shape to each frame
// (least squares), its scale as a logarithm, less what is common to all groups (a plane over the
// picture: its height is a zoom or a camera that comes nearer, its slope a camera that turns: d ln
// s/dθ ≈ 1.5 tan of the angle off the axis), less the best parabola in time (a body that comes
// nearer). What is left
// oscillates; its root mean square times √2 is the amplitude (of a breath longer than the window
// only a part). Groups whose shape changes otherwise, as that of rolling bodies or across an edge
// in depth, are left out.
std::vector<BreathingGroup> BreathingGroups(const TrackSet& set, const BreathingOptions& options);

}  // namespace plumb
