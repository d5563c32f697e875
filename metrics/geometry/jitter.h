// SPDX-License-Identifier: Apache-2.0
// How much tracks jitter because of the picture, not of the world: grain, blur and codecs move
// every point for itself and anew in every frame, while a world that bends moves neighbours alike
// or goes on bending.
#pragma once

#include <vector>

#include <Eigen/Core>

namespace plumb {

// One track as far as a model of the world was asked about it, at even steps of time.
struct TrackOffsets {
  std::vector<int> frames;                    // growing
  std::vector<Eigen::Vector2d> seen_units;    // where it was seen, in 1/256 of the picture
  std::vector<Eigen::Vector2d> offset_units;  // from there to where the model puts it
};

// Standard deviation, per axis and in 1/256 of the picture, of what is left of the offsets without
// what their neighbours share (mean of the eight nearest of that frame, none farther than 48 units)
// and without what goes on in time (fourth differences, whose variance is seventy times that of
// white noise). Offsets of more than eight units are lost tracks and do not count, and neither does
// a minority of tracks. 0 when fewer than ten tracks can be asked.
double JitterUnits(const std::vector<TrackOffsets>& tracks);

}  // namespace plumb
