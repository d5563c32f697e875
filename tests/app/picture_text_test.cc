// SPDX-License-Identifier: Apache-2.0
#include "app/picture_text.h"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>

namespace plumb {
namespace {

Image White(int width, int height) {
  Image image(width, height);
  std::fill(image.rgb.begin(), image.rgb.end(), uint8_t{255});
  return image;
}

// Rows of '#' and '.'.
std::string Drawn(std::string_view text, int width) {
  Image image = White(width, kTextHeight_px);
  DrawText(text, 0, 0, 1, image);
  std::string rows;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) rows += *image.Pixel(x, y) == 0 ? '#' : '.';
    rows += '\n';
  }
  return rows;
}

TEST(PictureTextTest, LettersLookLikeThemselves) {
  EXPECT_EQ(Drawn("L1", 11),
            "#.......#..\n"
            "#......##..\n"
            "#.......#..\n"
            "#.......#..\n"
            "#.......#..\n"
            "#.......#..\n"
            "#####..###.\n");
}

TEST(PictureTextTest, EveryCharacterHasAPictureOfItsOwn) {
  std::set<std::string> seen;
  for (char c = ' '; c <= '~'; ++c) {
    EXPECT_TRUE(seen.insert(Drawn(std::string(1, c), 6)).second) << c;
  }
  EXPECT_EQ(Drawn("\x80", 6), Drawn("?", 6));
}

TEST(PictureTextTest, ScaleEnlargesEveryDot) {
  Image small = White(6, 7), large = White(18, 21);
  DrawText("g", 0, 0, 1, small);
  DrawText("g", 0, 0, 3, large);
  for (int y = 0; y < 21; ++y) {
    for (int x = 0; x < 18; ++x) EXPECT_EQ(*large.Pixel(x, y), *small.Pixel(x / 3, y / 3));
  }
  EXPECT_EQ(TextWidth("abc", 3), 54);
}

TEST(PictureTextTest, WhatLiesOutsideIsCutOff) {
  Image image = White(4, 4);
  DrawText("MMMMMM", -9, -3, 2, image);
  DrawText("M", 3, 3, 1, image);
  EXPECT_EQ(image.rgb.size(), 48u);
}

}  // namespace
}  // namespace plumb
