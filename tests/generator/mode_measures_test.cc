// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/mode_measures.h"

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
  const ObjectLook red = LookOf(Video({image}, 12.0));
  EXPECT_DOUBLE_EQ(red.share, 4.0 / 32);
  EXPECT_DOUBLE_EQ(red.hues[0], 1.0);
  const ObjectLook blue = LookOf(Video({Filled(20, 20, 200)}, 12.0));
  EXPECT_DOUBLE_EQ(blue.hues[16], 1.0);
  EXPECT_DOUBLE_EQ(HueDistance(red, blue), 1.0);
  EXPECT_DOUBLE_EQ(HueDistance(red, red), 0.0);
  EXPECT_DOUBLE_EQ(SizeDistance(red, blue), std::log(8.0));
  const ObjectLook none = LookOf(Greys({100}));
  EXPECT_DOUBLE_EQ(HueDistance(red, none), 1.0);
  EXPECT_DOUBLE_EQ(SizeDistance(none, red), 3.0);
}

}  // namespace
}  // namespace plumb
