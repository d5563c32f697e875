// SPDX-License-Identifier: Apache-2.0
// Where in the picture a world disagrees with what is seen: residuals of held-out sightings, spread
// over a grid.
#pragma once

#include <optional>
#include <vector>

#include "core/json.h"
#include "metrics/geometry/consistency.h"
#include "metrics/geometry/tracks.h"

namespace plumb {

struct HeatMapOptions {
  int cells = 32;             // along the longer side of the picture; cells are square
  double spread_cells = 1.0;  // standard deviation of the Gaussian that a sighting is spread with
  double cap_units = 8.0;     // larger residuals count as this many units (TrackSet::UnitPx)
  double min_weight = 0.1;    // of the sightings round a cell (one in its centre weighs 1)

  // Throws CheckFailure naming the field that is out of range.
  void Validate() const;
};

// Mean residual round the centre of each cell, weighted by the Gaussian (a Nadaraya–Watson
// estimate), in sample pixels; row by row from the upper left, empty where nothing was followed.
struct HeatMap {
  int columns = 0;
  int rows = 0;
  std::vector<std::optional<double>> residual_px;
};

// Of the sightings in tracked frame `frame`, or of all frames together when it is empty.
HeatMap MakeHeatMap(const TrackSet& set,
                    const std::vector<ScoredTrack>& tracks,
                    std::optional<int> frame,
                    const HeatMapOptions& options = {});

// {"columns", "rows", "step": 0.01, "unit": "px", "values": [whole number | null, …]}: a value
// times `step` is in the unit.
Json ToJson(const HeatMap& map);

}  // namespace plumb
