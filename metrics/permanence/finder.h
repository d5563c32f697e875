// SPDX-License-Identifier: Apache-2.0
// What stands out in one frame: connected regions that the background does not explain, named by
// the look they have.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "core/video.h"
#include "metrics/permanence/look.h"
#include "metrics/permanence/plate.h"

namespace plumb {

struct Region {
  int look = -1;  // index of the look its colours belong to; -1: of none
  double area_px = 0.0;
  Eigen::Vector2d centroid_px = Eigen::Vector2d::Zero();  // pixel centres at +0.5
  Eigen::Vector4d box_px = Eigen::Vector4d::Zero();       // left, top, width, height
  Eigen::Vector3d mean_rgb = Eigen::Vector3d::Zero();     // after the gain
};

// A look that is searched for, and where its object is expected.
struct KnownLook {
  const Look* look = nullptr;
  Eigen::Vector2d expected_px = Eigen::Vector2d::Zero();
};

struct FinderOptions {
  float look_levels = 16.0f;  // a pixel belongs to a look within this opponent-space distance …
  float plate_levels = 9.0f;  // … if the background fails to explain it by more than this …
  float other_levels =
      24.0f;  // a pixel of no look stands out beyond this distance from the background
  double smallest_px = 6.0;  // regions below are dropped

  void Validate() const;  // throws CheckFailure when a number is not positive
};

// All regions, by look (-1 last) and then top to bottom. Where two looks fit a pixel about equally
// well, the one expected nearer takes it.
std::vector<Region> FindRegions(const Image& frame,
                                const Plate& plate,
                                const std::vector<KnownLook>& looks,
                                const FinderOptions& options = {});

}  // namespace plumb
