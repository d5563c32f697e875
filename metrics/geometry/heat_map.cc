// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/heat_map.h"

#include <algorithm>
#include <cmath>

#include "core/check.h"

namespace plumb {
namespace {

constexpr double kStep = 0.01;  // pixels

struct CellSums {
  double weight = 0.0;
  double weighted_px = 0.0;
};

class Grid {
 public:
  Grid(const TrackSet& set, const HeatMapOptions& options)
      : spread_cells_(options.spread_cells),
        cell_px_(static_cast<double>(std::max(set.width, set.height)) / options.cells),
        columns_(CellsOver(set.width)),
        rows_(CellsOver(set.height)),
        sums_(static_cast<size_t>(columns_) * rows_) {}

  void Add(const Eigen::Vector2d& point_px, double residual_px) {
    const Eigen::Vector2d at = point_px / cell_px_;
    const int reach = static_cast<int>(std::ceil(3.0 * spread_cells_));
    const int column = static_cast<int>(std::floor(at.x()));
    const int row = static_cast<int>(std::floor(at.y()));
    for (int y = std::max(0, row - reach); y <= std::min(rows_ - 1, row + reach); ++y) {
      for (int x = std::max(0, column - reach); x <= std::min(columns_ - 1, column + reach); ++x) {
        const double squared = (Eigen::Vector2d(x + 0.5, y + 0.5) - at).squaredNorm();
        const double weight = std::exp(-0.5 * squared / (spread_cells_ * spread_cells_));
        CellSums& sums = sums_[static_cast<size_t>(y) * columns_ + x];
        sums.weight += weight;
        sums.weighted_px += weight * residual_px;
      }
    }
  }

  HeatMap Finish(double min_weight, double sample_scale) const {
    HeatMap map{columns_, rows_, {}};
    for (const CellSums& sums : sums_) {
      map.residual_px.push_back(sums.weight < min_weight
                                    ? std::nullopt
                                    : std::optional(sums.weighted_px / sums.weight * sample_scale));
    }
    return map;
  }

 private:
  int CellsOver(int side_px) const {
    return std::max(1, static_cast<int>(std::lround(side_px / cell_px_)));
  }

  double spread_cells_;
  double cell_px_;
  int columns_, rows_;
  std::vector<CellSums> sums_;
};

}  // namespace

void HeatMapOptions::Validate() const {
  PLUMB_CHECK(cells >= 2 && cells <= 512, "cells {}", cells);
  PLUMB_CHECK(spread_cells > 0.0 && spread_cells < cells, "spread_cells {}", spread_cells);
  PLUMB_CHECK(cap_units > 0.0, "cap_units {}", cap_units);
  PLUMB_CHECK(min_weight > 0.0, "min_weight {}", min_weight);
}

HeatMap MakeHeatMap(const TrackSet& set,
                    const std::vector<ScoredTrack>& tracks,
                    std::optional<int> frame,
                    const HeatMapOptions& options) {
  options.Validate();
  Grid grid(set, options);
  const double cap_px = options.cap_units * set.UnitPx();
  for (const ScoredTrack& track : tracks) {
    for (const ScoredSighting& sighting : track.sightings) {
      if (!sighting.residual_px || (frame && sighting.frame != *frame)) continue;
      grid.Add(set.tracks[track.track].At(sighting.frame), std::min(*sighting.residual_px, cap_px));
    }
  }
  return grid.Finish(options.min_weight, set.sample_scale);
}

Json ToJson(const HeatMap& map) {
  Json values = Json::array();
  for (const std::optional<double>& value : map.residual_px) {
    values.push_back(value ? Json(std::lround(*value / kStep)) : Json());
  }
  return {{"columns", map.columns},
          {"rows", map.rows},
          {"step", kStep},
          {"unit", "px"},
          {"values", std::move(values)}};
}

}  // namespace plumb
