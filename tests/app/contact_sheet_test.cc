// SPDX-License-Identifier: Apache-2.0
#include "app/contact_sheet.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/errors.h"

namespace plumb {
namespace {

// Frame i has grey value 10 * i.
Video Ramp(int frames, int width, int height) {
  std::vector<Image> images;
  for (int i = 0; i < frames; ++i) {
    Image image(width, height);
    std::fill(image.rgb.begin(), image.rgb.end(), static_cast<uint8_t>(10 * i));
    images.push_back(image);
  }
  return {images, 24.0};
}

TEST(ContactSheetTest, FirstAndLastFrameAreShown) {
  ContactSheetOptions options;
  options.cells = 4;
  options.columns = 2;
  options.gap_px = 2;
  const Image sheet = ContactSheet(Ramp(10, 16, 12), options);
  EXPECT_EQ(sheet.width, 34);
  EXPECT_EQ(sheet.height, 26);
  EXPECT_EQ(sheet.Pixel(0, 0)[0], 0);
  EXPECT_EQ(sheet.Pixel(33, 25)[0], 90);
  EXPECT_EQ(sheet.Pixel(16, 5)[0], 255) << "the gap is white";
}

TEST(ContactSheetTest, ShortClipsGiveFewerCellsAndWideFramesAreReduced) {
  ContactSheetOptions options;
  options.cell_width_px = 32;
  const Image sheet = ContactSheet(Ramp(2, 64, 48), options);
  EXPECT_EQ(sheet.width, 2 * 32 + options.gap_px);
  EXPECT_EQ(sheet.height, 24);
  EXPECT_EQ(ContactSheet(Ramp(1, 16, 16), options).width, 16) << "never enlarged";
}

TEST(ContactSheetTest, CellsFollowTheClipRowByRow) {
  ContactSheetOptions options;
  options.cells = 5;
  options.columns = 2;
  options.gap_px = 0;
  const Image sheet = ContactSheet(Ramp(9, 8, 8), options);
  ASSERT_EQ(sheet.width, 16);
  ASSERT_EQ(sheet.height, 24);
  // Frames 0, 2, 4, 6, 8 of nine.
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(sheet.Pixel(8 * (i % 2) + 4, 8 * (i / 2) + 4)[0], 20 * i) << "cell " << i;
  }
  EXPECT_EQ(sheet.Pixel(12, 20)[0], 255) << "the rest of the last row is white";
}

// For every number of frames and cells the frames rise, and the ends are the clip's ends.
TEST(ContactSheetTest, FramesRiseFromTheFirstToTheLast) {
  for (int frames = 1; frames <= 25; ++frames) {
    const Video video = Ramp(frames, 8, 8);
    for (const int cells : {1, 2, 7, 12}) {
      ContactSheetOptions options;
      options.cells = cells;
      options.columns = cells;
      options.gap_px = 1;
      const Image sheet = ContactSheet(video, options);
      const int shown = std::min(cells, frames);
      ASSERT_EQ(sheet.width, 9 * shown - 1) << frames << " frames, " << cells << " cells";
      EXPECT_EQ(sheet.Pixel(4, 4)[0], 0);
      if (shown > 1) {
        EXPECT_EQ(sheet.Pixel(9 * (shown - 1) + 4, 4)[0], 10 * (frames - 1));
      }
      for (int i = 1; i < shown; ++i) {
        EXPECT_GT(sheet.Pixel(9 * i + 4, 4)[0], sheet.Pixel(9 * i - 5, 4)[0]);
      }
    }
  }
}

TEST(ContactSheetTest, ExtremeShapesKeepAtLeastOnePixel) {
  ContactSheetOptions options;
  options.cells = 1;
  options.cell_width_px = 8;
  EXPECT_EQ(ContactSheet(Ramp(1, 400, 2), options).height, 1);
  const Image tall = ContactSheet(Ramp(1, 2, 300), options);
  EXPECT_EQ(tall.width, 2);
  EXPECT_EQ(tall.height, 300);
}

TEST(ContactSheetTest, SenselessOptionsAreRefusedByName) {
  const auto refusal = [](const ContactSheetOptions& options) -> std::string {
    try {
      ContactSheet(Ramp(1, 16, 16), options);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "fine";
  };
  EXPECT_EQ(refusal({.cells = 0}), "cells 0: expected 1 or more");
  EXPECT_EQ(refusal({.columns = -2}), "columns -2: expected 1 or more");
  EXPECT_EQ(refusal({.cell_width_px = 7}), "cell_width_px 7: expected 8 or more");
  EXPECT_EQ(refusal({.gap_px = -1}), "gap_px -1: expected 0 or more");
  EXPECT_EQ(refusal({.cells = 1, .columns = 1, .cell_width_px = 8, .gap_px = 0}), "fine");
}

}  // namespace
}  // namespace plumb
