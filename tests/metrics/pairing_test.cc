// SPDX-License-Identifier: Apache-2.0
#include "metrics/pairing.h"

#include <algorithm>

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

TEST(PairingTest, EvenlyChosenKeepsBothEnds) {
  EXPECT_EQ(EvenlyChosen(5, 10), (std::vector<int>{0, 1, 2, 3, 4}));
  EXPECT_EQ(EvenlyChosen(600, 4), (std::vector<int>{0, 199, 399, 599}));
  EXPECT_EQ(EvenlyChosen(7, 1), (std::vector<int>{0}));
  EXPECT_TRUE(EvenlyChosen(0, 3).empty());
  EXPECT_THROW(EvenlyChosen(3, 0), CheckFailure);
  EXPECT_THROW(EvenlyChosen(-1, 3), CheckFailure);
}

TEST(PairingTest, EvenlyChosenRisesAndIsEvenForAnyNumbers) {
  for (const int total : {2, 3, 7, 48, 241, 100000}) {
    for (const int wanted : {2, 3, 5, 48, 240}) {
      const std::vector<int> chosen = EvenlyChosen(total, wanted);
      ASSERT_EQ(static_cast<int>(chosen.size()), std::min(total, wanted));
      EXPECT_EQ(chosen.front(), 0);
      EXPECT_EQ(chosen.back(), total - 1);
      int least = total, most = 0;
      for (size_t i = 1; i < chosen.size(); ++i) {
        least = std::min(least, chosen[i] - chosen[i - 1]);
        most = std::max(most, chosen[i] - chosen[i - 1]);
      }
      EXPECT_GE(least, 1) << total << " " << wanted;
      EXPECT_LE(most - least, 1) << total << " " << wanted;
    }
  }
}

TEST(PairingTest, TheMapBackToTheSampleIsExactOnBothAxes) {
  const PairedVideo paired = PairFrames(Counting(2, 5.0, 96, 50), Counting(2, 5.0, 48, 40), {24});
  EXPECT_EQ(paired.width, 24);
  EXPECT_EQ(paired.height, 20);
  EXPECT_DOUBLE_EQ(paired.width * paired.sample_px_per_px_x, 96.0);
  EXPECT_DOUBLE_EQ(paired.height * paired.sample_px_per_px_y, 50.0);
}

TEST(PairingTest, ATieInTimeGoesToTheEarlierSampleFrame) {
  // Truth frame 1 (0.5 s) lies midway between sample frames 0 and 1; frame 0 is nearer to truth 0,
  // so the tie costs truth frame 1 its partner.
  const PairedVideo paired = PairFrames(Counting(3, 1.0), Counting(5, 2.0));
  std::vector<std::pair<int, int>> found;
  for (const FramePair& pair : paired.pairs) found.emplace_back(pair.truth, pair.sample);
  EXPECT_EQ(found, (std::vector<std::pair<int, int>>{{0, 0}, {2, 1}, {4, 2}}));
  EXPECT_EQ(paired.truth_frames_unpaired, 2);
}

TEST(PairingTest, PairedPicturesAreThoseOfTheNamedFrames) {
  const PairedVideo paired = PairFrames(Counting(12, 6.0), Counting(24, 12.0));
  ASSERT_FALSE(paired.pairs.empty());
  for (size_t k = 0; k < paired.pairs.size(); ++k) {
    EXPECT_EQ(paired.truth_frames[k].rgb.front(), paired.pairs[k].truth);
    EXPECT_EQ(paired.sample_frames[k].rgb.front(), paired.pairs[k].sample);
  }
}

TEST(PairingTest, UnevenStampsPairByTimeAndNotByNumber) {
  std::vector<Image> pictures(4, Image(8, 6));
  const Video uneven(std::move(pictures), 10.0, {0.0, 0.1, 0.5, 0.6});
  const PairedVideo paired = PairFrames(uneven, Counting(7, 10.0));
  ASSERT_EQ(paired.pairs.size(), 4u);
  EXPECT_EQ(paired.pairs[2].truth, 5);
  EXPECT_EQ(paired.pairs[3].truth, 6);
}

TEST(PairingTest, SingleFramesPairWithEachOther) {
  const PairedVideo paired = PairFrames(Counting(1, 24.0), Counting(1, 8.0));
  ASSERT_EQ(paired.pairs.size(), 1u);
  EXPECT_TRUE(paired.notes.empty());
}

}  // namespace
}  // namespace plumb
