// SPDX-License-Identifier: Apache-2.0
// A camera that only turns: one focal length for the clip and one rotation per frame explain every
// static point, however deep the world is. x_in_frame = K R K⁻¹ x (Hartley & Zisserman 2004,
// §8.4.2).
#pragma once

#include <optional>
#include <vector>

#include <Eigen/Geometry>

#include "metrics/geometry/tracks.h"

namespace plumb {

// Points of the tracks that two frames share, pixel centres at +0.5.
struct PointPairs {
  std::vector<Eigen::Vector2d> a_px;
  std::vector<Eigen::Vector2d> b_px;
};
PointPairs PairsBetween(const TrackSet& set, int frame_a, int frame_b);

// Centred pinhole camera: unit ray of a pixel and back. `Project` of a ray that points backwards
// gives nothing.
struct CentredPinhole {
  double focal_px = 0.0;
  Eigen::Vector2d centre_px = Eigen::Vector2d::Zero();

  Eigen::Vector3d Ray(const Eigen::Vector2d& point_px) const;
  std::optional<Eigen::Vector2d> Project(const Eigen::Vector3d& x_in_camera) const;
};

// The rotation b_from_a that best maps the points of a onto those of b (weighted Kabsch,
// re-weighted with a Cauchy loss of `scale_px`), and how far each point then is from where it
// should be (pixels; 1e6 behind the camera).
struct PairRotation {
  Eigen::Matrix3d b_from_a = Eigen::Matrix3d::Identity();
  std::vector<double> residuals_px;
};
PairRotation FitPairRotation(const PointPairs& pairs,
                             const CentredPinhole& pinhole,
                             double scale_px);

// The focal length (of 40 between 0.3 and 8 widths, in equal ratios) under which rotations explain
// the pairs of frames best. Short clips of small turns leave it open; then it is the best of
// equals.
double BestRotationFocal(const TrackSet& set, const std::vector<std::pair<int, int>>& frame_pairs);

// Rotations of all frames of one segment, jointly refined with the focal length and one direction
// per track (Ceres, Cauchy loss). Frames without tracks keep the rotation of their predecessor and
// count as not posed.
struct RotationModel {
  CentredPinhole pinhole;
  std::vector<Eigen::Matrix3d> camera_from_world;  // per tracked frame of the set
  std::vector<bool> posed;
  bool converged = false;
};
struct RotationOptions {
  int first_frame = 0;
  int last_frame = 0;
  double focal_px = 0.0;  // start value
};
RotationModel FitRotationModel(const TrackSet& set,
                               const std::vector<int>& fit_tracks,
                               const RotationOptions& options);

}  // namespace plumb
