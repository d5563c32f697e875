// SPDX-License-Identifier: Apache-2.0
#include "app/contact_sheet.h"

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

TEST(ContactSheetTest, SenselessOptionsAreRefused) {
  ContactSheetOptions options;
  options.columns = 0;
  EXPECT_THROW(ContactSheet(Ramp(1, 16, 16), options), UsageError);
}

}  // namespace
}  // namespace plumb
