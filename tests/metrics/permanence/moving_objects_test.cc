// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/moving_objects.h"

#include <gtest/gtest.h>

#include "tests/metrics/disc_world.h"

namespace plumb {
namespace {

DiscWorld Balls() {
  DiscWorld world;
  world.frames = 24;
  world.discs = {{"red ball", 0.2, {210, 50, 40}, Rolling({-0.7, 0.4}, 1.0)},
                 {"blue ball", 0.15, {40, 70, 200}, Rolling({0.6, 1.3}, -0.8)},
                 {"green ball", 0.15, {50, 160, 70}, Rolling({0.0, 0.85}, 0.0)}};
  return world;
}

MovingObjects Find(const Video& sample, const Video& truth) {
  const PairedVideo paired = PairFrames(sample, truth);
  std::vector<double> times_s;
  for (const FramePair& pair : paired.pairs) times_s.push_back(pair.time_s);
  return FindMovingObjects(paired, times_s);
}

TEST(MovingObjectsTest, WhatMovesIsFoundAndWhatRestsIsNot) {
  const DiscWorld world = Balls();
  const Video film = world.Film();
  const MovingObjects found = Find(film, film);
  ASSERT_FALSE(found.unmeasurable);
  ASSERT_EQ(found.truth.objects.size(), 2u);
  EXPECT_EQ(found.sample.objects.size(), 2u);
  EXPECT_EQ(found.sample_only, 0);
  // Larger first; each where it was drawn, for all frames.
  for (size_t i = 0; i < 2; ++i) {
    for (int f = 0; f < world.frames; f += 5) {
      const Eigen::Vector2d place = world.discs[i].place_m(f / world.fps);
      const Projection seen = Project(world.MakeCamera(), {place.x(), 0.0, place.y()});
      EXPECT_LT((found.truth.objects[i].expected[f].centroid_px - seen.point_px).norm(), 0.6)
          << i << " " << f;
    }
  }
}

TEST(MovingObjectsTest, OtherColoursAndPlacesAreMatched) {
  const DiscWorld world = Balls();
  DiscWorld other = world;
  other.discs[0].rgb = {170, 90, 70};
  other.discs[0].place_m = Rolling({-0.6, 0.45}, 0.8);
  other.discs[1].rgb = {80, 100, 170};
  const MovingObjects found = Find(other.Film(), world.Film());
  ASSERT_EQ(found.sample.objects.size(), 2u);
  EXPECT_LT((found.sample.objects[0].look.mean_rgb() - Eigen::Vector3d(170, 90, 70)).norm(), 12.0);
  EXPECT_LT((found.sample.objects[1].look.mean_rgb() - Eigen::Vector3d(80, 100, 170)).norm(), 12.0);
}

TEST(MovingObjectsTest, ThePlateIsTheWall) {
  const DiscWorld world = Balls();
  const Video film = world.Film();
  const MovingObjects found = Find(film, film);
  DiscWorld still = world;
  still.discs = {world.discs[2]};
  const Image wall = still.Film().frame(0);
  int wrong = 0;
  for (size_t p = 0; p < wall.rgb.size() / 3; ++p) {
    const Plate& plate = found.truth.plates[0];
    if (!plate.known[p]) continue;
    wrong += std::abs(plate.picture.rgb[3 * p] - wall.rgb[3 * p]) > 12;
  }
  EXPECT_LT(wrong, 30);
}

TEST(MovingObjectsTest, WhereNothingMovesThereIsNoObject) {
  DiscWorld world = Balls();
  world.discs = {world.discs[2]};
  const Video film = world.Film();
  const MovingObjects found = Find(film, film);
  ASSERT_TRUE(found.unmeasurable);
  EXPECT_EQ(found.unmeasurable->code, ReasonCode::kNoObjects);
}

TEST(MovingObjectsTest, AMovingCameraIsRefused) {
  const Video film = Balls().Film();
  size_t index = 0;
  const size_t bytes = film.frame(0).rgb.size();
  const Video moved = Filtered(film, [&](double level, size_t i) {
    index = i / bytes;
    return index > 10 ? 255.0 - level : level;
  });
  const MovingObjects found = Find(film, moved);
  ASSERT_TRUE(found.unmeasurable);
  EXPECT_EQ(found.unmeasurable->code, ReasonCode::kNoStates);
}

}  // namespace
}  // namespace plumb
