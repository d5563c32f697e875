// SPDX-License-Identifier: Apache-2.0
#include "scenes/reference_models.h"

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

}  // namespace
}  // namespace plumb
