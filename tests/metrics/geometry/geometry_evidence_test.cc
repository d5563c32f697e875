// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "metrics/geometry/evidence.h"
#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

// Held-out tracks with a residual of 0.2 px everywhere but in tracked frame 7, where it is 6 px.
std::vector<ScoredTrack> OneBadFrame(const TrackSet& set) {
  std::vector<ScoredTrack> tracks;
  for (size_t i = 0; i < set.tracks.size(); ++i) {
    ScoredTrack scored{static_cast<int>(i), {}};
    const Track& track = set.tracks[i];
    for (int frame = track.first_frame; frame <= track.last_frame(); ++frame) {
      const double residual = frame == 7 ? 6.0 : 0.2;
      scored.sightings.push_back({frame, residual, Agreement(residual)});
    }
    tracks.push_back(std::move(scored));
  }
  return tracks;
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

TEST(GeometryEvidenceTest, NothingScoredIsEmptyAndNoFailure) {
  const TrackSet set = EverySecondFrame();
  const Evidence evidence = ConsistencyEvidence(set, {}, 47);
  EXPECT_TRUE(evidence.frames.empty());
  EXPECT_TRUE(evidence.details["tracks"].empty());
}

}  // namespace
}  // namespace plumb
