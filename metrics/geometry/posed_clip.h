// SPDX-License-Identifier: Apache-2.0
// Cameras of a clip, however they were found: what the consistency of a world is measured with.
#pragma once

#include <vector>

#include "core/rigid3.h"
#include "metrics/geometry/centred_pinhole.h"
#include "metrics/geometry/tracks.h"

namespace plumb {

struct PosedClip {
  CentredPinhole pinhole;
  std::vector<Rigid3>
      camera_from_world;  // per tracked frame; only meaningful where posed. Scale is arbitrary
  std::vector<bool> posed;
  bool turns_only = false;  // all cameras stand in one place
};

// A point of a reconstructed world and the track (index in the set) that shows it.
struct ScenePoint {
  int track = 0;
  Eigen::Vector3d x_in_world;
};

// A scene point and where a frame saw it.
struct PointSighting {
  Eigen::Vector3d x_in_world;
  Eigen::Vector2d seen_px;
};

// The pose that explains the sightings best: Gauss–Newton on six unknowns with a Cauchy loss of
// `scale_px`, from a start near the solution. Needs three sightings; returns the start when it
// cannot be improved.
struct PoseProblem {
  CentredPinhole pinhole;
  std::vector<PointSighting> sightings;
  double scale_px = 1.0;
};
Rigid3 RefinedPose(const PoseProblem& problem, const Rigid3& start);

// Distance between projection and sighting in pixels; 1e6 behind the camera.
double ReprojectionPx(const CentredPinhole& pinhole,
                      const Rigid3& camera_from_world,
                      const PointSighting& sighting);

}  // namespace plumb
