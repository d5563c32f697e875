// SPDX-License-Identifier: Apache-2.0
// The cameras that were found beside those of the truth (or those that were asked for).
#pragma once

#include <string>
#include <vector>

#include "core/json.h"
#include "core/truth.h"
#include "core/video.h"
#include "metrics/geometry/tracks.h"
#include "metrics/geometry/world_fit.h"
#include "metrics/published/pose_pairs.h"

namespace plumb {

// Stamped by the sample's clock; the posed frames of a world's stretch.
Trajectory FoundPath(const Video& sample, const TrackSet& set, const RigidWorld& world);
// A camera that stands still, for every tracked frame.
Trajectory StillPath(const Video& sample, const TrackSet& set);
// Stamped by the truth's clock.
Trajectory TruePath(const Truth& truth);

// Errors per pose, over all paths that share at least three poses with the truth. Poses belong
// together when they are at most half the longer frame interval apart.
struct CameraErrors {
  std::vector<double> rotation_deg;  // with both first poses laid on each other
  // Distance from the true place as a share of the true path's extent (its farthest point from its
  // start), first poses laid on each other, the found path scaled to the least sum of distances
  // (never mirrored: who goes the other way is off by the whole way); none when the true camera
  // never leaves its place.
  std::vector<double> translation;
  // Distance after the best similarity (Umeyama), in the truth's metres; where the places alone fix
  // none (a straight way), the rotation is that of the poses. Not for a true camera in one place.
  std::vector<double> absolute_m;
  std::vector<double> step_m;   // of each step beyond the true one, after the same similarity
  Json forms = Json::object();  // CameraPathError of the longest path
};
CameraErrors CompareCameras(const std::vector<Trajectory>& found, const Trajectory& truth);

}  // namespace plumb
