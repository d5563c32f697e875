// SPDX-License-Identifier: Apache-2.0
// A camera that travels before one plane: every picture is a homography of the plane, and all of
// them come from one focal length and one pose per frame.
#pragma once

#include <optional>
#include <vector>

#include <Eigen/Core>

#include "metrics/geometry/posed_clip.h"
#include "metrics/geometry/tracks.h"

namespace plumb {

// Where the pixels of one frame are in others: x_in_frame ~ H x_in_reference.
using Homography = Eigen::Matrix3d;

// The plane and the camera behind a family of homographies. The plane's frame: x and y along it, z
// = 0, at distance 1 from the reference camera.
struct PlaneCalibration {
  double focal_px = 0.0;
  Eigen::Matrix3d reference_from_plane;  // columns: x axis, y axis, nearest point; in the camera
};
// Focal length (0.4 to 6 widths) and tilt under which all homographies come from rigid cameras: the
// plane's two axes stay orthogonal and equally long in each (Triggs 1998, "Autocalibration from
// planar scenes"). By search; where many explain the homographies equally well (a plane seen
// head-on) the focal length next to one width wins. Homographies are of pixels counted from the
// centre.
PlaneCalibration CalibrateFromPlane(const std::vector<Homography>& frame_from_reference,
                                    double width_px);

// Poses of the keyframes, jointly refined with the focal length and the plane's points (Ceres,
// Cauchy loss). Points lie in the plane z = 0 of the world.
struct PlanarModel {
  PosedClip clip;                  // posed in keyframes only
  std::vector<ScenePoint> points;  // by track
  int posed_keyframes = 0;
  bool found() const { return posed_keyframes >= 2; }
};
PlanarModel FitPlanarModel(const TrackSet& set,
                           const std::vector<int>& fit_tracks,
                           const std::vector<int>& keyframes);

}  // namespace plumb
