// SPDX-License-Identifier: Apache-2.0
// What a sparse COLMAP model says of a set of pictures by SysCON3D's definitions (arXiv 2605.18754,
// colmap_metrics): how many could be placed and from how far round they look.
#pragma once

#include <string>
#include <vector>

#include "core/rigid3.h"
#include "metrics/published/named_values.h"

namespace plumb {

struct SparseModel {
  struct Picture {
    std::string name;
    Rigid3 camera_from_world;
  };
  std::vector<Picture> pictures;        // those that have a pose
  std::vector<Eigen::Vector3d> points;  // in world
};

// Values: `coverage/pca` and `coverage/xz`, degrees: 360 less the largest gap between the azimuths
// of the camera centres round the median of the points, in the plane of the two main axes of the
// centres, or in the world's x–z plane, which also stands in when there are fewer than three
// centres or they lie on a line; 0 without points or with fewer than two cameras.
// `registration_rate` = `registered_images` / `attempted_images`, 0 when nothing was attempted;
// `points`. Names are compared after normalising their paths; failure is 0, as published.
NamedValues SparseModelValues(const SparseModel& model, const std::vector<std::string>& attempted);

}  // namespace plumb
