// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/follow.h"

#include <gtest/gtest.h>

#include "core/check.h"
#include "metrics/permanence/known_scene.h"
#include "metrics/permanence/observe.h"
#include "tests/metrics/disc_scores.h"

namespace plumb {
namespace {

DiscWorld Crossing() {
  DiscWorld world;
  world.frames = 30;
  world.discs = {{"red ball", 0.15, {210, 50, 40}, Rolling({-0.7, 0.5}, 1.1)},
                 {"blue ball", 0.15, {40, 70, 200}, Rolling({0.7, 0.95}, -1.1)}};
  return world;
}

std::vector<ObjectTrack> Followed(const DiscWorld& world, const Truth& truth, const Video& sample) {
  const PairedVideo paired = PairFrames(sample, truth.video);
  std::vector<double> times_s;
  for (const FramePair& pair : paired.pairs) times_s.push_back(pair.time_s);
  EXPECT_EQ(static_cast<int>(times_s.size()), world.frames);
  return FollowObjects(paired.sample_frames, times_s, KnownSceneFromTruth(truth, paired), {});
}

TEST(FollowTest, BallsThatPassEachOtherKeepTheirNames) {
  const DiscWorld world = Crossing();
  const Truth truth = world.MakeTruth();
  const std::vector<ObjectTrack> tracks = Followed(world, truth, truth.video);
  ASSERT_EQ(tracks.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    for (int f = 0; f < world.frames; ++f) {
      const Sighting& sighting = tracks[i].sightings[f];
      ASSERT_TRUE(sighting.found) << i << " " << f;
      EXPECT_FALSE(sighting.changed);
      EXPECT_TRUE(sighting.copies_px.empty());
      EXPECT_LT((sighting.centroid_px - truth.views[f][i + 1].centroid_px).norm(), 0.3);
    }
  }
}

TEST(FollowTest, LookAlikesThatPassEachOtherKeepTheirPlaces) {
  DiscWorld world = Crossing();
  world.discs[1].rgb = world.discs[0].rgb;
  const Truth truth = world.MakeTruth();
  const std::vector<ObjectTrack> tracks = Followed(world, truth, truth.video);
  EXPECT_GT(tracks[0].sightings.back().centroid_px.x(), 80.0);
  EXPECT_LT(tracks[1].sightings.back().centroid_px.x(), 80.0);
}

TEST(FollowTest, ARepaintedBallIsFoundByItsPlace) {
  const DiscWorld world = Crossing();
  const Truth truth = world.MakeTruth();
  const std::vector<ObjectTrack> tracks = Followed(world, truth, world.Film([](int f, auto& shown) {
    if (f >= 10) shown[0].rgb = {40, 170, 60};
  }));
  EXPECT_FALSE(tracks[0].sightings[9].changed);
  EXPECT_TRUE(tracks[0].sightings[11].found);
  EXPECT_TRUE(tracks[0].sightings[11].changed);
}

TEST(FollowTest, ACopyIsNamedWithItsPlace) {
  const DiscWorld world = Crossing();
  const Truth truth = world.MakeTruth();
  const std::vector<ObjectTrack> tracks = Followed(world, truth, world.Film([](int, auto& shown) {
    shown.push_back({{0.0, 1.4}, 0.15, shown[0].rgb});
  }));
  ASSERT_EQ(tracks[0].sightings[5].copies_px.size(), 1u);
  const Projection seen = Project(world.MakeCamera(), {0.0, 0.0, 1.4});
  EXPECT_LT((tracks[0].sightings[5].copies_px[0] - seen.point_px).norm(), 0.3);
}

TEST(FollowTest, SmallColouredSpecksAreNotTheBall) {
  const DiscWorld world = Crossing();
  const Truth truth = world.MakeTruth();
  const std::vector<ObjectTrack> tracks = Followed(world, truth, world.Film([](int f, auto& shown) {
    if (f >= 10) shown[0] = {{0.6, 1.4}, 0.05, shown[0].rgb};
  }));
  EXPECT_FALSE(tracks[0].sightings[20].found);
}

TEST(FollowTest, KnownScenesExpectWhatTheTruthShows) {
  const DiscWorld world = Crossing();
  const Truth truth = world.MakeTruth();
  ASSERT_TRUE(HasMasks(truth));
  const PairedVideo paired = PairFrames(truth.video, truth.video);
  const KnownScene scene = KnownSceneFromTruth(truth, paired);
  ASSERT_EQ(scene.objects.size(), 2u);
  EXPECT_EQ(scene.plates.size(), 1u);
  EXPECT_EQ(scene.objects[0].name, "red ball");
  EXPECT_EQ(scene.objects[0].body, 1);
  const double size_px = 0.3 * world.MakeCamera().intrinsics.fy_px / 4.0;
  for (const ExpectedView& view : scene.objects[0].expected) {
    EXPECT_TRUE(view.visible);
    EXPECT_NEAR(view.size_px, size_px, 1e-6);
    EXPECT_GT(view.full_area_px, 0.6 * size_px * size_px);
  }
}

TEST(FollowTest, ATruthWithoutMasksIsNoKnownScene) {
  Truth truth = Crossing().MakeTruth();
  truth.passes.instances = Tensor();
  EXPECT_FALSE(HasMasks(truth));
  const PairedVideo paired = PairFrames(truth.video, truth.video);
  EXPECT_THROW(KnownSceneFromTruth(truth, paired), CheckFailure);
}

TEST(FollowTest, ObservationsSayWhereTheFinderIsTrusted) {
  DiscWorld world = Crossing();
  world.screen_m = Eigen::Vector2d(-0.25, 0.25);
  const Truth truth = world.MakeTruth();
  const Observation observation = Observe(InputOf(truth, truth.video, 4), {});
  ASSERT_FALSE(observation.unmeasurable);
  EXPECT_EQ(observation.first_scored, 4);
  EXPECT_FALSE(observation.SampleStandsStill());
  ASSERT_EQ(observation.trusted.size(), 2u);
  int hidden = 0;
  for (int f = 0; f < world.frames; ++f) {
    if (observation.objects[0].expected[f].visible) continue;
    EXPECT_FALSE(observation.trusted[0][f]);
    ++hidden;
  }
  EXPECT_GT(hidden, 3);
  EXPECT_FALSE(observation.occluders.empty());
}

}  // namespace
}  // namespace plumb
