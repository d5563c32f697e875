// SPDX-License-Identifier: Apache-2.0
#include "scenes/reference_models.h"

#include <algorithm>

#include <gmock/gmock.h>

#include "core/check.h"

namespace plumb {
namespace {

constexpr int kFrames = 12;
constexpr int kConditioning = 3;

// Every frame is one even level, so that frames can be told apart.
Video Ladder() {
  std::vector<Image> frames;
  for (int f = 0; f < kFrames; ++f) {
    Image image(4, 4);
    std::fill(image.rgb.begin(), image.rgb.end(), static_cast<uint8_t>(10 * f));
    frames.push_back(image);
  }
  return {frames, 24};
}

std::vector<int> Levels(const Video& video) {
  std::vector<int> levels;
  for (const Image& frame : video.frames()) levels.push_back(frame.rgb[0] / 10);
  return levels;
}

TEST(ReferenceModelsTest, FrozenRepeatsTheLastConditioningFrame) {
  EXPECT_THAT(Levels(FrozenVideo(Ladder(), kConditioning)),
              ::testing::ElementsAre(0, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2));
  EXPECT_THAT(Levels(FrozenVideo(Ladder(), 0)), ::testing::Each(0));
}

TEST(ReferenceModelsTest, ReversedKeepsTheConditioningFrames) {
  EXPECT_THAT(Levels(ReversedVideo(Ladder(), kConditioning)),
              ::testing::ElementsAre(0, 1, 2, 11, 10, 9, 8, 7, 6, 5, 4, 3));
}

TEST(ReferenceModelsTest, ShuffledMovesEveryFrame) {
  const std::vector<int> levels = Levels(ShuffledVideo(Ladder(), kConditioning, 5));
  for (int f = 0; f < kFrames; ++f) EXPECT_EQ(levels[f] == f, f < kConditioning);
  std::vector<int> sorted = levels;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(sorted, Levels(Ladder()));
  EXPECT_EQ(levels, Levels(ShuffledVideo(Ladder(), kConditioning, 5)));
  EXPECT_NE(levels, Levels(ShuffledVideo(Ladder(), kConditioning, 6)));
}

TEST(ReferenceModelsTest, NoiseIsEvenAndRepeatable) {
  const Video noise = NoiseVideo(Ladder(), kConditioning, 5);
  EXPECT_EQ(noise.frames(), NoiseVideo(Ladder(), kConditioning, 5).frames());
  EXPECT_NE(noise.frames(), NoiseVideo(Ladder(), kConditioning, 6).frames());
  EXPECT_EQ(FirstFrames(noise, kConditioning).frames(),
            FirstFrames(Ladder(), kConditioning).frames());
  double sum = 0;
  for (int f = kConditioning; f < kFrames; ++f) {
    for (const uint8_t value : noise.frame(f).rgb) sum += value;
  }
  EXPECT_NEAR(sum / ((kFrames - kConditioning) * 48), 127.5, 15);
}

TEST(ReferenceModelsTest, RefusesMoreConditioningThanThereIs) {
  EXPECT_THROW(FrozenVideo(Ladder(), kFrames + 1), CheckFailure);
  EXPECT_THROW(ReversedVideo(Ladder(), -1), CheckFailure);
  EXPECT_EQ(ReversedVideo(Ladder(), kFrames).frames(), Ladder().frames());
}

TEST(ReferenceModelsTest, AllKeepSizeRateAndTimeStamps) {
  std::vector<double> times_s;
  for (int f = 0; f < kFrames; ++f) times_s.push_back(0.04 * f + 0.001 * f * f);
  const Video truth(Ladder().frames(), 24, times_s);
  for (const Video& video : {FrozenVideo(truth, kConditioning),
                             NoiseVideo(truth, kConditioning, 1),
                             ReversedVideo(truth, kConditioning),
                             ShuffledVideo(truth, kConditioning, 1)}) {
    EXPECT_EQ(video.times_s(), times_s);
    EXPECT_EQ(video.fps(), 24);
    EXPECT_EQ(video.width(), 4);
    EXPECT_EQ(video.height(), 4);
    EXPECT_EQ(FirstFrames(video, kConditioning).frames(),
              FirstFrames(truth, kConditioning).frames());
  }
}

TEST(ReferenceModelsTest, FrozenTwiceAndReversedTwiceAreWhatTheyShouldBe) {
  const Video frozen = FrozenVideo(Ladder(), kConditioning);
  EXPECT_EQ(FrozenVideo(frozen, kConditioning).frames(), frozen.frames());
  EXPECT_EQ(ReversedVideo(ReversedVideo(Ladder(), kConditioning), kConditioning).frames(),
            Ladder().frames());
}

TEST(ReferenceModelsTest, EveryShuffleIsOneCycleForEverySeed) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const std::vector<int> levels = Levels(ShuffledVideo(Ladder(), 0, seed));
    int length = 0;
    int at = 0;
    do {
      at = levels[at];
      ++length;
    } while (at != 0 && length <= kFrames);
    EXPECT_EQ(length, kFrames) << seed;
  }
}

TEST(ReferenceModelsTest, OneFrameCannotBeShuffled) {
  EXPECT_EQ(ShuffledVideo(Ladder(), kFrames - 1, 3).frames(), Ladder().frames());
  EXPECT_THAT(Levels(ShuffledVideo(Ladder(), kFrames - 2, 3)),
              ::testing::ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 10));
}

TEST(ReferenceModelsTest, NoiseUsesAllLevelsAndFramesOfItsOwn) {
  std::vector<Image> frames(6, Image(64, 64));
  const Video noise = NoiseVideo(Video(frames, 24), 0, 9);
  std::vector<int> counts(256, 0);
  for (const Image& frame : noise.frames()) {
    for (const uint8_t value : frame.rgb) ++counts[value];
  }
  // 288 of each expected; five standard deviations are 85.
  EXPECT_GT(*std::min_element(counts.begin(), counts.end()), 288 - 85);
  EXPECT_LT(*std::max_element(counts.begin(), counts.end()), 288 + 85);
  EXPECT_NE(noise.frame(0), noise.frame(1));
}

}  // namespace
}  // namespace plumb
