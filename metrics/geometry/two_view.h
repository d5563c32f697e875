// SPDX-License-Identifier: Apache-2.0
// What kind of views two frames of a clip are, in COLMAP's words: does a turn of the camera explain
// them, or one plane, or only a world with depth?
#pragma once

#include "metrics/geometry/centred_pinhole.h"
#include "metrics/geometry/pair_rotation.h"
#include "metrics/geometry/tracks.h"

namespace plumb {

enum class TwoViewType { kDegenerate, kPanoramic, kPlanar, kGeneral };

struct TwoViewOptions {
  double noise_units = 0.1;      // of a track's position; an inlier is within four times that
  double rotation_units = 0.75;  // upper-quartile residual of a turn, at most …
  double rotation_ratio = 4.0;   // … or this multiple of the epipolar one, whichever allows more
  // Upper-quartile residual of a homography over the epipolar one, at most: 2 for noise alone, as
  // the one has two coordinates and noise in both pictures, the other one distance.
  double planar_ratio = 3.0;
  double planar_inliers =
      0.8;  // inliers of the homography over those of epipolar geometry (COLMAP)
};

// Residuals are upper quartiles, in 1/256 of the picture.
struct TwoView {
  TwoViewType type = TwoViewType::kDegenerate;  // no epipolar geometry could be fitted
  double rotation_units = 0.0;
  double homography_units = 0.0;
  double epipolar_units = 0.0;
  double homography_inliers = 0.0;  // shares of the points
  double epipolar_inliers = 0.0;
};

TwoView LookAtPair(const PointPairs& points,
                   const CentredPinhole& pinhole,
                   double unit_px,
                   const TwoViewOptions& options);

// The noise of a track's position in units, from neighbouring frames, where nothing but noise keeps
// the points from their epipolar lines: median over up to 12 steps of 1.48 times the median Sampson
// distance. Neighbours share what the tracker adds to them over many frames, so it is at least 0.1,
// what that is in clean pictures.
double TrackNoiseUnits(const TrackSet& set);

}  // namespace plumb
