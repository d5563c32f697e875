// SPDX-License-Identifier: Apache-2.0
// Where each frame saw the points of a world: what all questions to a world that was found begin
// with.
#pragma once

#include <vector>

#include "metrics/geometry/posed_clip.h"
#include "metrics/geometry/tracks.h"
#include "metrics/geometry/world_fit.h"

namespace plumb {

struct FrameSightings {
  int frame = 0;  // tracked frame
  Rigid3 camera_from_world;
  std::vector<PointSighting> points;
};

// Posed frames of one world, in order. Of a camera that only turns the points are directions.
struct WorldSightings {
  CentredPinhole pinhole;
  bool turns_only = false;
  double unit_px = 1.0;  // TrackSet::UnitPx
  std::vector<FrameSightings> frames;
};

// The reconstructed points; of a turning camera, which has none, every track of at least five
// observations points where its rays point on average.
WorldSightings SightingsOf(const TrackSet& set, const RigidWorld& world);

// A camera that stands still: each frame should see every point where it was `kStillLag` frames
// before. Slow motion of what stands still adds up over that time; what moves fast is told apart.
constexpr int kStillLag = 4;
WorldSightings StillSightings(const TrackSet& set);

}  // namespace plumb
