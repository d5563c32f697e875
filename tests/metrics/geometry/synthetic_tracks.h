// SPDX-License-Identifier: Apache-2.0
// Exact tracks of random points before known cameras: no picture, no tracker, so that a solver's
// error is its own.
#pragma once

#include "metrics/geometry/tracks.h"
#include "tests/metrics/geometry/room_video.h"

namespace plumb {

struct SyntheticTracksOptions {
  int width = 256;
  int height = 256;
  int frames = 24;
  int points = 400;
  double vertical_fov_rad = 0.9;
  double noise_px = 0.0;  // normal, on both coordinates
  uint64_t seed = 1;
};

struct SyntheticTracks {
  TrackSet set;
  std::vector<Camera> cameras;
};

// Points fill a box in front of the camera; each gives one track over the longest stretch in which
// it is in view.
SyntheticTracks MakeSyntheticTracks(const CameraPathOf& path,
                                    const SyntheticTracksOptions& options);

// Tracks of a grid of `side` × `side` picture points in a 256×256 picture that all move as `move`
// says (from where a point was in frame 0 to where it is); every point is seen in every frame.
using PictureMotion = std::function<Eigen::Vector2d(int frame, const Eigen::Vector2d& start_px)>;
TrackSet MovedGrid(int frames, int side, const PictureMotion& move);

// All track indices of a set, in order.
std::vector<int> AllTracks(const TrackSet& set);

}  // namespace plumb
