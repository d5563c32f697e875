// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/mode_measures.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace plumb {
namespace {

Image Filled(int red, int green, int blue) {
  Image image(8, 4);
  for (size_t i = 0; i < image.rgb.size(); i += 3) {
    image.rgb[i] = static_cast<uint8_t>(red);
    image.rgb[i + 1] = static_cast<uint8_t>(green);
    image.rgb[i + 2] = static_cast<uint8_t>(blue);
  }
  return image;
}

Video Greys(const std::vector<int>& levels) {
  std::vector<Image> frames;
  for (const int level : levels) frames.push_back(Filled(level, level, level));
  return {frames, 12.0};
}

TEST(ModeMeasuresTest, AnEvenChangeHasNoSeam) {
  const Video even = Greys({10, 20, 30, 40, 50});
  for (int i = 1; i < 5; ++i) EXPECT_DOUBLE_EQ(SeamError(even, i), 1.0);
  const Video jump = Greys({10, 20, 80, 90, 100});
  EXPECT_DOUBLE_EQ(SeamError(jump, 2), 6.0);
  EXPECT_DOUBLE_EQ(SeamError(jump, 1), 10.0 / (80.0 / 3));
  // What stands still is compared with a tenth of a level.
  EXPECT_DOUBLE_EQ(SeamError(Greys({5, 5, 6, 6}), 2), 10.0);
}

TEST(ModeMeasuresTest, ALoopIsJudgedWhereItCloses) {
  EXPECT_DOUBLE_EQ(LoopSeamError(Greys({0, 10, 20, 10})), 1.0);
  EXPECT_DOUBLE_EQ(LoopSeamError(Greys({0, 10, 20, 30, 40})), 4.0);
}

TEST(ModeMeasuresTest, TheEdgeOfAMaskIsComparedWithTheOriginal) {
  Image image = Filled(0, 0, 0);
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 8; ++x) std::fill_n(image.Pixel(x, y), 3, static_cast<uint8_t>(2 * x));
  }
  const Video original({image, image}, 12.0);
  std::vector<uint8_t> mask(32, 1);
  for (int y = 0; y < 4; ++y) std::fill_n(mask.begin() + 8 * y + 4, 4, uint8_t{0});
  EXPECT_DOUBLE_EQ(EdgeError(original, original, mask), 1.0);
  for (int y = 0; y < 4; ++y) std::fill_n(image.Pixel(4, y), 12, uint8_t{26});
  EXPECT_DOUBLE_EQ(EdgeError(Video({image, image}, 12.0), original, mask), 10.0);
}

TEST(ModeMeasuresTest, PalettesOfOtherColoursAreApart) {
  EXPECT_DOUBLE_EQ(PaletteDistance(Filled(10, 10, 10), Filled(20, 30, 40)), 0.0);
  EXPECT_DOUBLE_EQ(PaletteDistance(Filled(10, 10, 10), Filled(200, 10, 10)), 1.0);
}

TEST(ModeMeasuresTest, ObjectsAreWhatIsStronglyColoured) {
  Image image = Filled(150, 150, 150);
  for (int x = 0; x < 4; ++x) {
    image.Pixel(x, 0)[0] = 200;
    image.Pixel(x, 0)[1] = image.Pixel(x, 0)[2] = 20;
  }
  const ColouredObject red = LookOf(Video({image}, 12.0));
  EXPECT_DOUBLE_EQ(red.share, 4.0 / 32);
  EXPECT_DOUBLE_EQ(red.hues[0], 1.0);
  const ColouredObject blue = LookOf(Video({Filled(20, 20, 200)}, 12.0));
  EXPECT_DOUBLE_EQ(blue.hues[16], 1.0);
  EXPECT_DOUBLE_EQ(HueDistance(red, blue), 1.0);
  EXPECT_DOUBLE_EQ(HueDistance(red, red), 0.0);
  EXPECT_DOUBLE_EQ(SizeDistance(red, blue), std::log(8.0));
  const ColouredObject none = LookOf(Greys({100}));
  EXPECT_DOUBLE_EQ(HueDistance(red, none), 1.0);
  EXPECT_DOUBLE_EQ(SizeDistance(none, red), 3.0);
}

// A grey picture of 64x64 with a red shape where `inside` says so.
template <class Inside>
ColouredObject LookOfShape(const Inside& inside) {
  Image image(64, 64);
  std::fill(image.rgb.begin(), image.rgb.end(), uint8_t{120});
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) {
      if (!inside(x - 31.5, y - 31.5)) continue;
      image.Pixel(x, y)[0] = 200;
      image.Pixel(x, y)[1] = image.Pixel(x, y)[2] = 20;
    }
  }
  return LookOf(Video({image}, 12.0));
}

TEST(ModeMeasuresTest, ShapesAreToldApartButNotSizesPlacesAndTurns) {
  const auto disc = [](double radius, double at) {
    return LookOfShape([=](double x, double y) { return std::hypot(x - at, y) <= radius; });
  };
  const auto box = [](double half_width, double half_height, double turn_rad) {
    return LookOfShape([=](double x, double y) {
      const double c = std::cos(turn_rad), s = std::sin(turn_rad);
      return std::abs(c * x + s * y) <= half_width && std::abs(c * y - s * x) <= half_height;
    });
  };
  const ColouredObject round = disc(12.0, 0.0), square = box(10.0, 10.0, 0.0);
  const ColouredObject rod = box(24.0, 3.0, 0.0);
  EXPECT_LT(ShapeDistance(round, disc(9.0, 8.0)), 0.06);
  EXPECT_LT(ShapeDistance(square, box(10.0, 10.0, 0.6)), 0.06);
  EXPECT_GT(ShapeDistance(round, square), 0.08);
  EXPECT_GT(ShapeDistance(square, rod), 0.4);
  EXPECT_GT(ShapeDistance(round, rod), ShapeDistance(square, rod));
  EXPECT_DOUBLE_EQ(ShapeDistance(round, LookOf(Greys({100}))), 1.0);
}

TEST(ModeMeasuresTest, OfSeveralPiecesTheLargestIsTheObject) {
  const ColouredObject one = LookOfShape([](double x, double y) { return std::hypot(x, y) <= 10; });
  const ColouredObject two = LookOfShape(
      [](double x, double y) { return std::hypot(x, y) <= 10 || (x < -28 && y < -20); });
  EXPECT_GT(two.share, one.share);
  EXPECT_DOUBLE_EQ(ShapeDistance(one, two), 0.0);
}

}  // namespace
}  // namespace plumb
