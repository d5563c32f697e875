// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/moving_regions.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/metrics/disc_scores.h"

namespace plumb {
namespace {

int Area(const std::vector<uint8_t>& mask) {
  return static_cast<int>(std::count(mask.begin(), mask.end(), 1));
}

double RadiusPx(const DiscWorld& world, double radius_m) {
  return radius_m * world.MakeCamera().intrinsics.fx_px / 4.0;
}

// Discs side by side, all sinking by more than their own size.
DiscWorld Row(int count, double radius_m) {
  DiscWorld world;
  world.width = 320;
  world.frames = 16;
  for (int i = 0; i < count; ++i) {
    const double x = -2.6 + 5.2 * (i + 0.5) / count;
    world.discs.push_back({.radius_m = radius_m, .rgb = {210, 50, 40}});
    world.discs.back().place_m = [=](double t) {
      return Eigen::Vector2d(x, 1.4 - 5.0 * radius_m * t);
    };
  }
  return world;
}

TEST(MovingRegionsTest, ADifferenceOf26LevelsInOneChannelIsAChange) {
  Image first(4, 1);
  Image other(4, 1);
  other.Pixel(1, 0)[2] = 25;
  other.Pixel(2, 0)[0] = 26;
  other.Pixel(3, 0)[1] = 255;
  EXPECT_EQ(ChangedPixels(first, other), (std::vector<uint8_t>{0, 0, 1, 1}));
  EXPECT_EQ(ChangedPixels(first, other), ChangedPixels(other, first));
}

TEST(MovingRegionsTest, InnerColoursLeaveTheBorderOut) {
  Image image(9, 9);
  std::vector<uint8_t> region(81, 0);
  for (int y = 1; y < 8; ++y) {
    for (int x = 1; x < 8; ++x) {
      region[y * 9 + x] = 1;
      const bool border = y == 1 || y == 7 || x == 1 || x == 7;
      image.Pixel(x, y)[0] = border ? 90 : 200;
    }
  }
  const std::vector<Rgb> colours = InnerColours(image, region);
  EXPECT_EQ(colours.size(), 25u);
  for (const Rgb& rgb : colours) EXPECT_EQ(rgb[0], 200);
}

TEST(MovingRegionsTest, AThinRegionGivesAllItsColours) {
  Image image(9, 9);
  std::vector<uint8_t> region(81, 0);
  for (int x = 1; x < 8; ++x) region[4 * 9 + x] = 1;
  EXPECT_EQ(InnerColours(image, region).size(), 7u);
}

TEST(MovingRegionsTest, EachMovingDiscIsARegionWhereItFirstStands) {
  const DiscWorld world = Row(4, 0.2);
  const Video film = world.Film();
  const std::vector<std::vector<uint8_t>> regions = MovingRegions(film.frames());
  ASSERT_EQ(regions.size(), 4u);
  const double radius_px = RadiusPx(world, 0.2);
  for (const std::vector<uint8_t>& region : regions) {
    // Mixed pixels of the border belong to it.
    EXPECT_NEAR(std::sqrt(Area(region) / M_PI), radius_px + 1.5, 1.5);
  }
  for (const DrawnDisc& disc : world.Shown(0)) {
    const Projection seen = Project(world.MakeCamera(), {disc.place_m.x(), 0.0, disc.place_m.y()});
    const size_t p = static_cast<size_t>(seen.point_px.y()) * world.width +
                     static_cast<size_t>(seen.point_px.x());
    const auto holds = [&](const auto& region) { return region[p] == 1; };
    EXPECT_EQ(std::count_if(regions.begin(), regions.end(), holds), 1);
  }
}

TEST(MovingRegionsTest, TheLargestComeFirstAndTwelveAreEnough) {
  DiscWorld world = Row(14, 0.07);
  world.discs[5].radius_m = 0.09;
  const std::vector<std::vector<uint8_t>> regions = MovingRegions(world.Film().frames());
  ASSERT_EQ(regions.size(), 12u);
  for (size_t i = 1; i < regions.size(); ++i) EXPECT_GE(Area(regions[i - 1]), Area(regions[i]));
}

TEST(MovingRegionsTest, SpecksAreNoObjects) {
  EXPECT_TRUE(MovingRegions(Row(3, 0.02).Film().frames()).empty());
}

TEST(MovingRegionsTest, NoiseAndCompressionMoveNothing) {
  DiscWorld world = Row(2, 0.12);
  for (Disc& disc : world.discs) {
    const Eigen::Vector2d place = disc.place_m(0.0);
    disc.place_m = [=](double) { return place; };
  }
  const Video film = world.Film();
  EXPECT_TRUE(MovingRegions(film.frames()).empty());
  EXPECT_TRUE(MovingRegions(Reencoded(film).frames()).empty());
  const Video noisy = Filtered(film, [](double level, size_t i) {
    return level + static_cast<double>((i * 2654435761u >> 7) % 19) - 9.0;
  });
  EXPECT_TRUE(MovingRegions(noisy.frames()).empty());
}

TEST(MovingRegionsTest, OneFrameHasNoMotion) {
  DiscWorld world = Row(2, 0.12);
  world.frames = 1;
  EXPECT_TRUE(MovingRegions(world.Film().frames()).empty());
}

}  // namespace
}  // namespace plumb
