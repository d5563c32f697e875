// SPDX-License-Identifier: Apache-2.0
#include "app/generate/sheet_frames.h"

#include <gtest/gtest.h>

#include "app/contact_sheet.h"
#include "core/check.h"

namespace plumb {
namespace {

Image Numbered(int number) {
  Image image(8, 8);
  for (size_t i = 0; i < image.rgb.size(); i += 3) {
    image.rgb[i] = static_cast<uint8_t>(number % 256);
    image.rgb[i + 1] = static_cast<uint8_t>(number / 256);
  }
  return image;
}

int NumberOf(const Image& image) { return image.rgb[0] + 256 * image.rgb[1]; }

SheetFrames Passed(int frames, int cells) {
  SheetFrames video(cells);
  for (int i = 0; i < frames; ++i) video.Add(Numbered(i));
  return video;
}

std::vector<int> Spread(int frames, int cells) {
  std::vector<int> numbers;
  for (const Image& image : Passed(frames, cells).Spread()) numbers.push_back(NumberOf(image));
  return numbers;
}

TEST(SheetFramesTest, ShortVideosAreShownWhole) {
  EXPECT_EQ(Spread(1, 4), std::vector<int>({0}));
  EXPECT_EQ(Spread(3, 4), std::vector<int>({0, 1, 2}));
  EXPECT_EQ(Spread(4, 4), std::vector<int>({0, 1, 2, 3}));
}

TEST(SheetFramesTest, FramesAreSpreadEvenlyFromFirstToLast) {
  EXPECT_EQ(Spread(10, 4), std::vector<int>({0, 3, 6, 9}));
  for (const int frames : {33, 100, 721, 5000}) {
    const std::vector<int> shown = Spread(frames, 4);
    ASSERT_EQ(shown.size(), 4U) << frames;
    EXPECT_EQ(shown.front(), 0);
    EXPECT_EQ(shown.back(), frames - 1);
    for (int i = 1; i < 3; ++i) {
      // What is kept is less than a sixteenth of the video apart for four cells.
      EXPECT_NEAR(shown[i], i * (frames - 1) / 3.0, frames / 16.0) << frames;
    }
  }
}

TEST(SheetFramesTest, OneVideoIsAGridAndSeveralAreRows) {
  const Image grid = GenerationSheet({Passed(30, SheetCells(1))});
  EXPECT_EQ(std::pair(grid.width, grid.height), std::pair(4 * 8 + 3 * 4, 3 * 8 + 2 * 4));
  const std::vector<SheetFrames> shots = {Passed(9, SheetCells(2)), Passed(9, SheetCells(2))};
  const Image rows = GenerationSheet(shots);
  EXPECT_EQ(std::pair(rows.width, rows.height), std::pair(8 * 8 + 7 * 4, 2 * 8 + 4));
  // Each row ends with its video's last frame.
  EXPECT_EQ(rows.Pixel(rows.width - 1, 0)[0], 8);
  EXPECT_EQ(rows.Pixel(rows.width - 1, rows.height - 1)[0], 8);
  EXPECT_EQ(rows.Pixel(0, rows.height - 1)[0], 0);
  const Image picture = GenerationSheet({Passed(1, SheetCells(1))});
  EXPECT_EQ(std::pair(picture.width, picture.height), std::pair(8, 8));
}

TEST(SheetFramesTest, NothingIsNoSheet) {
  EXPECT_THROW(GenerationSheet({}), CheckFailure);
  EXPECT_THROW(SheetFrames(4).Spread(), CheckFailure);
  EXPECT_THROW(SheetFrames{1}, CheckFailure);
}

}  // namespace
}  // namespace plumb
