// SPDX-License-Identifier: Apache-2.0
// Do parts of the picture agree on one camera? The idea of SGC (arXiv 2603.19048) without its
// networks: the parts are cells of the picture, what they see are the world's points.
#pragma once

#include <optional>
#include <vector>

#include "metrics/geometry/rigidity/world_sightings.h"

namespace plumb {

struct LocalPoseOptions {
  int cells = 3;            // per side of the picture
  int min_points = 12;      // that a cell must see to have a pose of its own
  double gate_units = 4.0;  // points farther from where they should be belong to something else
  // Of a part only what moves as most of it does, within so many units, and only where that reaches
  // over three quarters of the part in one direction: what is smaller is a body of its own. For
  // points that may belong to bodies; those of a reconstructed world do not.
  std::optional<double> majority_units;
};

// What a pose of its own moves the points of one part by, beyond what noise explains.
struct FrameDivergence {
  int frame = 0;             // tracked frame
  double squared_px2 = 0.0;  // mean over the points of all parts; below 0 by chance
  int parts = 0;             // that have a pose of their own
  int worst_part = 0;        // row by row
  double worst_px = 0.0;
};

// For each part the pose (of a turning or still camera the turn) that fits its own points best,
// starting from the frame's. With n points, p unknowns and s² the variance of a coordinate that is
// left over, noise alone moves the points by p s² / n in the mean square; that is taken off. Frames
// with fewer than two such parts are left out.
std::vector<FrameDivergence> LocalPoseDivergence(const WorldSightings& seen,
                                                 const LocalPoseOptions& options);

// The ten frames in a row that diverge most, of which at least half say something. A world may
// break in one moment only: afterwards, what slides at a steady pace is another rigid world.
struct WorstDivergence {
  std::vector<FrameDivergence> frames;
  double px = 0.0;  // root of the mean square; 0 where noise explains all
};
std::optional<WorstDivergence> WorstStretch(const std::vector<FrameDivergence>& frames);

}  // namespace plumb
