// SPDX-License-Identifier: Apache-2.0
#include "metrics/pairing.h"

#include <gtest/gtest.h>

#include "core/check.h"

namespace plumb {
namespace {

// Frame k is a picture of level k.
Video Counting(int frames, double fps, int width = 8, int height = 6) {
  std::vector<Image> pictures;
  for (int k = 0; k < frames; ++k) {
    Image picture(width, height);
    picture.rgb.assign(picture.rgb.size(), static_cast<uint8_t>(k));
    pictures.push_back(std::move(picture));
  }
  return {std::move(pictures), fps};
}

TEST(PairingTest, EqualClipsPairFrameByFrameWithoutANote) {
  const Video clip = Counting(12, 24.0);
  const PairedVideo paired = PairFrames(clip, clip);
  ASSERT_EQ(paired.pairs.size(), 12u);
  for (int k = 0; k < 12; ++k) {
    EXPECT_EQ(paired.pairs[k].truth, k);
    EXPECT_EQ(paired.pairs[k].sample, k);
    EXPECT_DOUBLE_EQ(paired.pairs[k].time_s, k / 24.0);
  }
  EXPECT_TRUE(paired.notes.empty());
  EXPECT_EQ(paired.truth_frames_unpaired, 0);
}

TEST(PairingTest, AFastSampleGivesEveryTruthFrameItsNearest) {
  const PairedVideo paired = PairFrames(Counting(200, 200.0), Counting(5, 5.0));
  ASSERT_EQ(paired.pairs.size(), 5u);
  for (int k = 0; k < 5; ++k) EXPECT_EQ(paired.pairs[k].sample, 40 * k);
  ASSERT_EQ(paired.notes.size(), 1u);
  EXPECT_NE(paired.notes[0].find("nearest in time"), std::string::npos);
}

TEST(PairingTest, ASlowSampleIsNeverRepeated) {
  const PairedVideo paired = PairFrames(Counting(8, 8.0), Counting(24, 24.0));
  ASSERT_EQ(paired.pairs.size(), 8u);
  for (int k = 0; k < 8; ++k) {
    EXPECT_EQ(paired.pairs[k].sample, k);
    EXPECT_EQ(paired.pairs[k].truth, 3 * k);
  }
  EXPECT_EQ(paired.truth_frames_unpaired, 16);
}

TEST(PairingTest, AShortSampleLeavesTheRestUnpaired) {
  const PairedVideo paired = PairFrames(Counting(10, 5.0), Counting(17, 5.0));
  EXPECT_EQ(paired.pairs.size(), 10u);
  EXPECT_EQ(paired.truth_frames_unpaired, 7);
}

TEST(PairingTest, PairsRiseForAnyRates) {
  for (const double fps : {7.0, 15.0, 23.976, 30.0, 60.0, 125.0}) {
    const PairedVideo paired =
        PairFrames(Counting(static_cast<int>(2 * fps), fps), Counting(48, 24.0));
    for (size_t k = 1; k < paired.pairs.size(); ++k) {
      EXPECT_GT(paired.pairs[k].sample, paired.pairs[k - 1].sample) << fps;
      EXPECT_GT(paired.pairs[k].truth, paired.pairs[k - 1].truth) << fps;
    }
    EXPECT_GE(paired.pairs.size(), std::min<size_t>(48, static_cast<size_t>(2 * fps)) - 1) << fps;
  }
}

TEST(PairingTest, TheLargerPictureIsReducedPerAxis) {
  const PairedVideo paired = PairFrames(Counting(3, 5.0, 16, 6), Counting(3, 5.0, 8, 12));
  EXPECT_EQ(paired.width, 8);
  EXPECT_EQ(paired.height, 6);
  EXPECT_EQ(paired.sample_frames[2].width, 8);
  EXPECT_EQ(paired.truth_frames[2].height, 6);
  EXPECT_DOUBLE_EQ(paired.sample_px_per_px_x, 2.0);
  EXPECT_DOUBLE_EQ(paired.sample_px_per_px_y, 1.0);
  EXPECT_EQ(paired.notes.size(), 2u);
}

TEST(PairingTest, LargePicturesAreReducedToTheLongestSide) {
  const PairedVideo paired = PairFrames(Counting(2, 5.0, 64, 32), Counting(2, 5.0, 64, 32), {16});
  EXPECT_EQ(paired.width, 16);
  EXPECT_EQ(paired.height, 8);
}

TEST(PairingTest, NonsenseOptionsAreRefused) {
  EXPECT_THROW(PairFrames(Counting(2, 5.0), Counting(2, 5.0), {0}), CheckFailure);
}

}  // namespace
}  // namespace plumb
