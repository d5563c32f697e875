// SPDX-License-Identifier: Apache-2.0
// Where the cameras of a video stood and which points of the world they saw: what `plumb score
// --save-reconstruction` writes, and what geometry's scores were measured with.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/camera.h"
#include "core/progress.h"
#include "core/video.h"

namespace plumb {

// A frame's sighting of a point. Pixels of the video as it came, pixel centres at +0.5.
struct PointView {
  int point = 0;  // index in ReconstructedWorld::points
  Eigen::Vector2d seen_px;
};

// The camera of one frame and what it saw, by point.
struct ReconstructedFrame {
  int frame = 0;  // of the video
  Rigid3 camera_from_world;
  std::vector<PointView> views;
};

struct ReconstructedPoint {
  Eigen::Vector3d x_in_world;
  std::array<uint8_t, 3> rgb = {};  // sRGB of the pixel that shows it in the middle of its views
  double error_px = 0.0;            // mean distance of its views from its projections
};

// One rigid world behind a stretch of the video, in a frame of its own (that of its first
// keyframe's camera or near it) and at a scale of its own: lengths mean nothing across worlds.
struct ReconstructedWorld {
  Intrinsics intrinsics;                   // shared by all frames, principal point in the centre
  bool turns_only = false;                 // the camera stays in one place: no depth, so no points
  std::vector<ReconstructedFrame> frames;  // every frame whose camera was found, in order
  std::vector<ReconstructedPoint> points;  // each seen in at least two of the frames
};

// All worlds, in the order of their first frames; each frame belongs to one at most.
struct Reconstruction {
  int video_frames = 0;
  std::vector<ReconstructedWorld> worlds;
  std::string why_not;  // one sentence when there is no world, else empty

  int PosedFrames() const;
};

struct ReconstructVideoOptions {
  uint64_t seed = 0;  // of RANSAC
};

// The cameras and points that the geometry family finds (tracks, motion class, structure from
// motion or a turning camera; see metrics/geometry/). Frames larger than 640 pixels are reduced
// before tracking, and long clips are thinned out (TrackOptions of tracks.h); results are in the
// video's own pixels and frame numbers. A still camera, too little texture and the like give no
// world and a sentence. One thread; the same input gives the same bytes. Throws CancelledError.
Reconstruction ReconstructVideo(const Video& video,
                                const ReconstructVideoOptions& options = {},
                                const Progress& progress = {});

}  // namespace plumb
