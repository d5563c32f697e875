// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/heat_map.h"

#include <gtest/gtest.h>

#include "core/check.h"
#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

// About one point per cell, up to the borders of the picture.
TrackSet StillGrid() {
  return MovedGrid(6, 32, [](int, const Eigen::Vector2d& start) {
    return Eigen::Vector2d((start.array() - 128.0) * 1.43 + 128.0);
  });
}

// Every track in every frame; the residual as a function of frame and place.
template <typename ResidualAt>
std::vector<ScoredTrack> Scored(const TrackSet& set, ResidualAt residual_at) {
  std::vector<ScoredTrack> tracks;
  for (size_t i = 0; i < set.tracks.size(); ++i) {
    ScoredTrack scored{static_cast<int>(i), {}};
    for (int frame = 0; frame < set.num_frames(); ++frame) {
      const double residual = residual_at(frame, set.tracks[i].At(frame));
      scored.sightings.push_back({frame, residual, Agreement(residual)});
    }
    tracks.push_back(std::move(scored));
  }
  return tracks;
}

double At(const HeatMap& map, int column, int row) {
  return map.residual_px.at(static_cast<size_t>(row) * map.columns + column).value();
}

TEST(HeatMapTest, AnEvenResidualIsEvenAndInSamplePixels) {
  TrackSet set = StillGrid();
  set.sample_scale = 2.5;
  const HeatMap map = MakeHeatMap(set, Scored(set, [](int, auto&) { return 0.4; }), std::nullopt);
  EXPECT_EQ(map.columns, 32);
  EXPECT_EQ(map.rows, 32);
  for (const std::optional<double>& value : map.residual_px) EXPECT_NEAR(value.value(), 1.0, 1e-12);
}

TEST(HeatMapTest, ACornerThatBendsIsHotAndTheRestIsCold) {
  const TrackSet set = StillGrid();
  const auto bent = [](int, const Eigen::Vector2d& at) {
    return at.x() > 160.0 && at.y() < 96.0 ? 3.0 : 0.1;
  };
  const HeatMap map = MakeHeatMap(set, Scored(set, bent), std::nullopt);
  EXPECT_GT(At(map, 28, 4), 2.9);
  EXPECT_LT(At(map, 28, 28), 0.11);
  EXPECT_LT(At(map, 4, 4), 0.11);
  // Across the border it only rises.
  for (int column = 15; column < 25; ++column) {
    EXPECT_LE(At(map, column, 4), At(map, column + 1, 4) + 1e-9) << column;
  }
}

TEST(HeatMapTest, OneFrameShowsItsOwnSightingsOnly) {
  const TrackSet set = StillGrid();
  const std::vector<ScoredTrack> tracks =
      Scored(set, [](int frame, auto&) { return frame == 3 ? 2.0 : 0.1; });
  EXPECT_NEAR(At(MakeHeatMap(set, tracks, 3), 10, 10), 2.0, 1e-12);
  EXPECT_NEAR(At(MakeHeatMap(set, tracks, 2), 10, 10), 0.1, 1e-12);
  EXPECT_NEAR(At(MakeHeatMap(set, tracks, std::nullopt), 10, 10), (2.0 + 5 * 0.1) / 6, 1e-12);
}

TEST(HeatMapTest, OneWildTrackIsCappedAndStaysLocal) {
  const TrackSet set = StillGrid();
  std::vector<ScoredTrack> tracks = Scored(set, [](int, auto&) { return 0.1; });
  const Eigen::Vector2d wild = set.tracks[0].At(0);
  for (ScoredSighting& sighting : tracks[0].sightings) sighting.residual_px = 1e6;
  const HeatMap map = MakeHeatMap(set, tracks, std::nullopt);
  EXPECT_LT(At(map, static_cast<int>(wild.x() / 8), static_cast<int>(wild.y() / 8)), 8.0);
  EXPECT_NEAR(At(map, 20, 20), 0.1, 1e-9);
}

TEST(HeatMapTest, WhereNothingIsFollowedThereIsNoValue) {
  const TrackSet set = StillGrid();
  std::vector<ScoredTrack> tracks = Scored(set, [](int, auto&) { return 0.2; });
  std::erase_if(
      tracks, [&](const ScoredTrack& track) { return set.tracks[track.track].At(0).x() > 128.0; });
  for (ScoredSighting& sighting : tracks[0].sightings) sighting.residual_px.reset();
  const HeatMap map = MakeHeatMap(set, tracks, std::nullopt);
  EXPECT_TRUE(map.residual_px[10 * 32 + 5].has_value());
  EXPECT_FALSE(map.residual_px[10 * 32 + 25].has_value());
  const HeatMap none = MakeHeatMap(set, {}, std::nullopt);
  for (const std::optional<double>& value : none.residual_px) EXPECT_FALSE(value.has_value());
}

TEST(HeatMapTest, CellsAreSquareInWidePictures) {
  TrackSet set = StillGrid();
  set.height = 144;
  EXPECT_EQ(MakeHeatMap(set, {}, std::nullopt).rows, 18);
  set.width = 16;
  EXPECT_EQ(MakeHeatMap(set, {}, std::nullopt).columns, 4);
}

TEST(HeatMapTest, JsonHasWholeStepsAndNulls) {
  const HeatMap map{2, 1, {0.126, std::nullopt}};
  const Json json = ToJson(map);
  EXPECT_EQ(json["values"], Json::parse("[13, null]"));
  EXPECT_EQ(json["step"], 0.01);
  EXPECT_EQ(json["columns"], 2);
}

TEST(HeatMapTest, OptionsOutOfRangeAreNamed) {
  EXPECT_THROW(MakeHeatMap(StillGrid(), {}, std::nullopt, {.cells = 1}), CheckFailure);
  EXPECT_THROW(MakeHeatMap(StillGrid(), {}, std::nullopt, {.spread_cells = 0.0}), CheckFailure);
  EXPECT_THROW(MakeHeatMap(StillGrid(), {}, std::nullopt, {.cap_units = 0.0}), CheckFailure);
  EXPECT_THROW(MakeHeatMap(StillGrid(), {}, std::nullopt, {.min_weight = 0.0}), CheckFailure);
}

}  // namespace
}  // namespace plumb
