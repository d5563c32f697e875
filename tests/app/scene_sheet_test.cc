// SPDX-License-Identifier: Apache-2.0
#include "app/scene_sheet.h"

#include <gmock/gmock.h>

#include "core/check.h"
#include "core/errors.h"
#include "scenes/catalogue.h"

namespace plumb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// Frame i is wholly grey of value 10 i.
Video Greys(int frames, int width, int height) {
  std::vector<Image> images;
  for (int i = 0; i < frames; ++i) {
    images.emplace_back(width, height);
    std::fill(images.back().rgb.begin(), images.back().rgb.end(), static_cast<uint8_t>(10 * i));
  }
  return Video(images, 24);
}

SceneSheetOptions Options(int moments, int columns) {
  SceneSheetOptions options;
  options.moments = moments;
  options.columns = columns;
  options.render.width = 32;
  options.render.height = 24;
  options.render.frames = 10;
  return options;
}

// The first pixel of moment i in the first strip of a block at (left, top).
int ValueAt(const Image& sheet, int left, int top, int i) {
  constexpr int kLabel_px = 22, kGap_px = 4;
  return *sheet.Pixel(left + i * (32 + kGap_px), top + kLabel_px);
}

TEST(SceneSheetTest, MomentsAreSpreadFromTheFirstToTheLast) {
  const Image sheet = SheetOf({{"a", {Greys(10, 32, 24)}}}, Options(4, 1));
  EXPECT_THAT((std::vector{ValueAt(sheet, 4, 4, 0),
                           ValueAt(sheet, 4, 4, 1),
                           ValueAt(sheet, 4, 4, 2),
                           ValueAt(sheet, 4, 4, 3)}),
              ElementsAre(0, 30, 60, 90));
}

TEST(SceneSheetTest, BlocksStandInRows) {
  const SheetBlock block{"a", {Greys(10, 32, 24)}};
  const Image one = SheetOf({block}, Options(2, 3));
  const Image five = SheetOf({block, block, block, block, block}, Options(2, 3));
  EXPECT_EQ(five.width, 3 * (one.width - 4) + 4);
  EXPECT_EQ(five.height, 2 * (one.height - 4) + 4);
  EXPECT_EQ(ValueAt(five, 4 + (one.width - 4), 4, 1), 90);
  EXPECT_THROW(SheetOf({}, Options(2, 3)), CheckFailure);
}

TEST(SceneSheetTest, ABlockHasItsStripsBelowEachOther) {
  const Image one = SheetOf({{"a", {Greys(10, 32, 24)}}}, Options(2, 1));
  const Image two = SheetOf({{"a", {Greys(10, 32, 24), Greys(10, 32, 24)}}}, Options(2, 1));
  EXPECT_EQ(two.height, one.height + 24 + 4);
}

TEST(SceneSheetTest, ATruthAndItsSabotageAreShownWhereTheyDiffer) {
  std::vector<Image> frames = Greys(10, 32, 24).frames();
  frames[5].rgb[0] = 255;
  frames[7].rgb[0] = 171;
  const Image sheet = SheetOf({{"a", {Greys(10, 32, 24), Video(frames, 24)}}}, Options(3, 1));
  // Frames 1 to 4 are alike, so the last of them; of 5 to 9 the one that differs most.
  EXPECT_THAT(
      (std::vector{ValueAt(sheet, 4, 4, 0), ValueAt(sheet, 4, 4, 1), ValueAt(sheet, 4, 4, 2)}),
      ElementsAre(0, 40, 50));
}

TEST(SceneSheetTest, ScenesAreNamedAndTheThreadsChangeNothing) {
  const std::vector<Scene> scenes = {MakeScene("drop", 0, 0), MakeScene("bounce", 0, 1)};
  SceneSheetOptions options = Options(2, 1);
  options.render.frames = 3;
  const std::vector<SheetBlock> blocks = BlocksOfScenes(scenes, options);
  ASSERT_THAT(blocks, SizeIs(2));
  EXPECT_EQ(blocks[0].name, "drop-0");
  EXPECT_EQ(blocks[1].name, "bounce-1");
  options.threads = 2;
  EXPECT_EQ(SheetOf(BlocksOfScenes(scenes, options), options), SheetOf(blocks, options));
}

TEST(SceneSheetTest, ASabotageStandsUnderItsTruth) {
  SceneSheetOptions options = Options(2, 1);
  options.render.frames = 24;
  const SabotageBlocks sheet = BlocksOfSabotages({"gravity=0.25", "gravity=1"}, options);
  ASSERT_THAT(sheet.blocks, SizeIs(1));
  EXPECT_THAT(sheet.blocks[0].name, HasSubstr("gravity=0.25 in "));
  ASSERT_THAT(sheet.blocks[0].strips, SizeIs(2));
  EXPECT_NE(sheet.blocks[0].strips[0].frames(), sheet.blocks[0].strips[1].frames());
  EXPECT_THAT(sheet.left_out, ElementsAre("gravity=1")) << "the neutral value shows nothing";
}

TEST(SceneSheetTest, SenselessNumbersAreUsageErrors) {
  EXPECT_THROW(Options(11, 1).Validate(), UsageError);
  EXPECT_THROW(Options(0, 1).Validate(), UsageError);
  EXPECT_THROW(Options(2, -1).Validate(), UsageError);
}

}  // namespace
}  // namespace plumb
