// SPDX-License-Identifier: Apache-2.0
// Objects followed through a clip: where each one is in every frame, by its look against the known
// background.
#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>

#include "core/progress.h"
#include "core/video.h"
#include "metrics/permanence/look.h"
#include "metrics/permanence/plate.h"

namespace plumb {

// Where the truth has an object in one paired frame, in paired pixels.
struct ExpectedView {
  bool visible = false;   // seen at all: visible share at least 0.1
  bool occluded = false;  // in view but hidden
  double share = 0.0;     // visible share
  Eigen::Vector2d centroid_px = Eigen::Vector2d::Zero();
  double full_area_px = 0.0;  // unhidden
  double size_px = 0.0;       // the object's size, in which distances are told
};

struct FollowedObject {
  std::string name;
  int body = -1;  // index into Scene::bodies; -1 when no scene is known
  Look look;
  std::vector<ExpectedView> expected;  // one per paired frame
};

// All that is known before the sample is looked at.
struct KnownScene {
  std::vector<Plate> plates;  // one for a camera that stands still, else one per paired frame
  std::vector<FollowedObject> objects;

  const Plate& PlateAt(size_t frame) const {
    return plates.size() == 1 ? plates[0] : plates[frame];
  }
};

// One object in one frame of a clip. The other fields mean something only when found.
struct Sighting {
  bool found = false;
  bool changed = false;  // found by its place only: the look is another
  Eigen::Vector2d centroid_px = Eigen::Vector2d::Zero();
  Eigen::Vector4d box_px = Eigen::Vector4d::Zero();
  double area_px = 0.0;
  Eigen::Vector3d mean_rgb = Eigen::Vector3d::Zero();
  std::vector<Eigen::Vector2d>
      copies_px;  // where else something of that look and of a like area is
};

struct ObjectTrack {
  std::vector<Sighting> sightings;  // one per paired frame
};

// Follows all objects of the scene. In each frame regions of an object's look that lie together
// count as one; among the large enough the one nearest to where the track's own velocity puts the
// object is taken, however far; an object that is not found so is looked for among unnamed regions
// near its place. `times_s` are the stamps of the frames. Tracks come in the order of the objects.
// Throws CancelledError.
std::vector<ObjectTrack> FollowObjects(const std::vector<Image>& frames,
                                       const std::vector<double>& times_s,
                                       const KnownScene& scene,
                                       const Progress& progress);

}  // namespace plumb
