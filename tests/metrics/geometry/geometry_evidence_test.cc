// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

#include "metrics/geometry/evidence.h"
#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

// Held-out tracks with a residual of 0.2 px everywhere but in tracked frame 7, where it is 6 px.
WorldFit OneBadFrame(const TrackSet& set) {
  WorldFit fit;
  for (size_t i = 0; i < set.tracks.size(); ++i) {
    ScoredTrack scored{static_cast<int>(i), {}};
    const Track& track = set.tracks[i];
    for (int frame = track.first_frame; frame <= track.last_frame(); ++frame) {
      const double residual = frame == 7 ? 6.0 : 0.2;
      scored.sightings.push_back({frame, residual, Agreement(residual)});
    }
    fit.tracks.push_back(std::move(scored));
  }
  return fit;
}

TrackSet EverySecondFrame() {
  SyntheticTracksOptions options;
  options.points = 900;
  TrackSet set = MakeSyntheticTracks(ArcPath(0.5), options).set;
  for (int i = 0; i < set.num_frames(); ++i) set.frames[i] = 2 * i;
  set.sample_scale = 2.0;
  return set;
}

TEST(GeometryEvidenceTest, WorstFrameIsNamedInSampleFrames) {
  const TrackSet set = EverySecondFrame();
  const Evidence evidence = ConsistencyEvidence(set, OneBadFrame(set), 47);
  EXPECT_EQ(evidence.frames, (std::vector<int>{14}));
}

TEST(GeometryEvidenceTest, StripHasOneEntryPerSampleFrame) {
  const TrackSet set = EverySecondFrame();
  const Json strip = ConsistencyEvidence(set, OneBadFrame(set), 47).details["per_frame"];
  ASSERT_EQ(strip["values"].size(), 47u);
  EXPECT_TRUE(strip["values"][1].is_null());
  // Residuals are pixels of the sample, which is twice as large as the tracked frames.
  EXPECT_DOUBLE_EQ(strip["values"][2].get<double>(), 0.4);
  EXPECT_DOUBLE_EQ(strip["values"][14].get<double>(), 12.0);
  EXPECT_EQ(strip["unit"], "px");
}

TEST(GeometryEvidenceTest, AFewHundredTracksInSamplePixels) {
  const TrackSet set = EverySecondFrame();
  const Json tracks = ConsistencyEvidence(set, OneBadFrame(set), 47).details["tracks"];
  ASSERT_EQ(tracks.size(), 240u);
  const Json& point = tracks[0]["points"][0];
  EXPECT_EQ(point[0], set.frames[set.tracks[0].first_frame]);
  EXPECT_NEAR(point[1].get<double>(), 2.0 * set.tracks[0].points_px[0].x(), 0.006);
  EXPECT_TRUE(tracks[0]["ok"].get<bool>());
}

TEST(GeometryEvidenceTest, MapsOfTheWholeClipAndOfTheWorstFramesApart) {
  const TrackSet set = EverySecondFrame();
  WorldFit fit = OneBadFrame(set);
  // The frame after the bad one is nearly as bad: of the same moment, it gets no map of its own.
  for (ScoredTrack& track : fit.tracks) {
    for (ScoredSighting& sighting : track.sightings) {
      if (sighting.frame == 8) sighting = {8, 3.0, Agreement(3.0)};
    }
  }
  const Json maps = ConsistencyEvidence(set, fit, 47).details["heat_maps"];
  ASSERT_EQ(maps.size(), 4u);
  EXPECT_TRUE(maps[0]["frame"].is_null());
  EXPECT_EQ(maps[1]["frame"], 14);
  for (size_t i = 2; i < 4; ++i) EXPECT_GE(std::abs(maps[i]["frame"].get<int>() - 14), 4);
  // 6 px of the tracked frames are 12 px of the sample, kept in steps of a hundredth.
  const Json& values = maps[1]["values"];
  EXPECT_EQ(*std::max_element(values.begin(), values.end()), 1200);
}

TEST(GeometryEvidenceTest, NothingScoredIsEmptyAndNoFailure) {
  const TrackSet set = EverySecondFrame();
  const Evidence evidence = ConsistencyEvidence(set, {}, 47);
  EXPECT_TRUE(evidence.frames.empty());
  EXPECT_TRUE(evidence.details["tracks"].empty());
  EXPECT_FALSE(evidence.details.contains("heat_maps"));
  EXPECT_FALSE(evidence.details.contains("worst_pair"));
}

}  // namespace
}  // namespace plumb
