// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/finder.h"

#include <gtest/gtest.h>

#include "core/check.h"
#include "tests/metrics/disc_world.h"

namespace plumb {
namespace {

const Rgb kRed = {210, 50, 40};
const Rgb kBlue = {40, 70, 200};

struct Bench {
  DiscWorld world;
  Plate plate;
  Look red{std::vector<Rgb>(10, kRed)};
  Look blue{std::vector<Rgb>(10, kBlue)};

  Bench() {
    world.frames = 1;
    const Image wall = world.Film().frame(0);
    plate = FramePlate(wall, std::vector<uint8_t>(wall.rgb.size() / 3, 0));
    plate.darkest = 0.9f;
  }
  Image Show(const std::vector<DrawnDisc>& discs) const {
    return world.Film([&](int, std::vector<DrawnDisc>& shown) { shown = discs; }).frame(0);
  }
  std::vector<Region> Find(const Image& frame) const {
    return FindRegions(frame, plate, {{&red, {80, 60}}, {&blue, {80, 60}}});
  }
};

Eigen::Vector3d Colour(const Rgb& rgb) { return {double(rgb[0]), double(rgb[1]), double(rgb[2])}; }

TEST(FinderTest, AnEmptyWallHasNoRegions) {
  const Bench bench;
  EXPECT_TRUE(bench.Find(bench.Show({})).empty());
}

TEST(FinderTest, ADiscIsFoundWhereItIsDrawn) {
  const Bench bench;
  for (const double x : {-0.5, -0.123, 0.0, 0.31}) {
    const std::vector<Region> regions = bench.Find(bench.Show({{{x, 0.7}, 0.15, Colour(kRed)}}));
    ASSERT_EQ(regions.size(), 1u) << x;
    EXPECT_EQ(regions[0].look, 0);
    const Projection truth = Project(bench.world.MakeCamera(), {x, 0.0, 0.7});
    EXPECT_LT((regions[0].centroid_px - truth.point_px).norm(), 0.15) << x;
    const double radius_px = 0.15 * bench.world.MakeCamera().intrinsics.fx_px / truth.depth_m;
    EXPECT_NEAR(regions[0].area_px, M_PI * radius_px * radius_px, 0.12 * regions[0].area_px)
        << x;  // mixed border pixels
  }
}

TEST(FinderTest, TwoLooksGiveTwoRegionsEvenWhenTheyTouch) {
  const Bench bench;
  const std::vector<Region> regions = bench.Find(
      bench.Show({{{-0.15, 0.7}, 0.15, Colour(kRed)}, {{0.15, 0.7}, 0.15, Colour(kBlue)}}));
  ASSERT_GE(regions.size(), 2u);
  EXPECT_EQ(regions[0].look, 0);
  EXPECT_EQ(regions[1].look, 1);
  EXPECT_LT(regions[0].centroid_px.x(), regions[1].centroid_px.x());
}

TEST(FinderTest, AnUnknownColourStandsOutWithoutAName) {
  const Bench bench;
  const std::vector<Region> regions = bench.Find(bench.Show({{{0.0, 0.7}, 0.15, {40, 180, 60}}}));
  ASSERT_EQ(regions.size(), 1u);
  EXPECT_EQ(regions[0].look, -1);
}

TEST(FinderTest, AShadowIsNoRegion) {
  const Bench bench;
  Plate plate = bench.plate;
  plate.darkest = 0.5f;
  const Image shaded = bench.Show({{{0.0, 0.7}, 0.3, {95, 92, 87}}});
  EXPECT_TRUE(FindRegions(shaded, plate, {{&bench.red, {0, 0}}}).empty());
}

TEST(FinderTest, LookAlikesAreToldApartByPlace) {
  const Bench bench;
  const Image frame =
      bench.Show({{{-0.5, 0.7}, 0.15, Colour(kRed)}, {{0.5, 0.7}, 0.15, Colour(kRed)}});
  const std::vector<Region> regions =
      FindRegions(frame, bench.plate, {{&bench.red, {30, 60}}, {&bench.red, {130, 60}}});
  ASSERT_EQ(regions.size(), 2u);
  EXPECT_EQ(regions[0].look, 0);
  EXPECT_LT(regions[0].centroid_px.x(), 80.0);
  EXPECT_EQ(regions[1].look, 1);
  EXPECT_GT(regions[1].centroid_px.x(), 80.0);
}

TEST(FinderTest, BrightnessAndFineNoiseDoNotMatter) {
  const Bench bench;
  const Image clean = bench.Show({{{0.1, 0.7}, 0.15, Colour(kRed)}});
  const Region expected = bench.Find(clean).at(0);
  for (const double gain : {0.95, 1.05}) {
    const Video changed = Filtered(Video({clean}, 24.0), [&](double level, size_t i) {
      return gain * level + static_cast<double>((i * 40503u >> 4) % 7) - 3.0;
    });
    const std::vector<Region> regions = bench.Find(changed.frame(0));
    ASSERT_EQ(regions.size(), 1u) << gain;
    EXPECT_LT((regions[0].centroid_px - expected.centroid_px).norm(), 0.2) << gain;
    EXPECT_NEAR(regions[0].area_px, expected.area_px, 0.1 * expected.area_px) << gain;
  }
}

TEST(FinderTest, NonsenseOptionsAreRefused) {
  const Bench bench;
  EXPECT_THROW(FindRegions(bench.Show({}), bench.plate, {}, {.look_levels = 0.0f}), CheckFailure);
}

}  // namespace
}  // namespace plumb
