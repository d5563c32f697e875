// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/plate.h"

#include <gtest/gtest.h>

#include "core/check.h"
#include "tests/metrics/disc_world.h"

namespace plumb {
namespace {

using Mask = std::vector<uint8_t>;

Image Flat(int width, int height, uint8_t level) {
  Image image(width, height);
  image.rgb.assign(image.rgb.size(), level);
  return image;
}

// A bright square wanders over a grey wall.
struct Wandering {
  std::vector<Image> frames;
  std::vector<Mask> masks;
};
Wandering WanderingSquare(int count) {
  Wandering clip;
  for (int k = 0; k < count; ++k) {
    Image frame = Flat(40, 10, 120);
    Mask mask(400, 0);
    for (int y = 2; y < 8; ++y) {
      for (int x = 4 * k; x < 4 * k + 6; ++x) {
        for (int c = 0; c < 3; ++c) frame.Pixel(x, y)[c] = 250;
        mask[y * 40 + x] = 1;
      }
    }
    clip.frames.push_back(frame);
    clip.masks.push_back(mask);
  }
  return clip;
}

TEST(PlateTest, TheWallBehindAWanderingSquareIsFound) {
  const Wandering clip = WanderingSquare(8);
  const Plate plate = MedianPlate(clip.frames, clip.masks);
  EXPECT_EQ(plate.picture, Flat(40, 10, 120));
  EXPECT_EQ(std::count(plate.known.begin(), plate.known.end(), 1), 400);
}

TEST(PlateTest, WhatIsNeverUncoveredIsUnknown) {
  const Wandering clip = WanderingSquare(1);
  const Plate plate = MedianPlate(clip.frames, clip.masks);
  EXPECT_EQ(std::count(plate.known.begin(), plate.known.end(), 0), 36);
}

TEST(PlateTest, FewFramesFallBackOnAnyFreeOne) {
  const Wandering clip = WanderingSquare(8);
  EXPECT_EQ(MedianPlate(clip.frames, clip.masks, 1).picture, Flat(40, 10, 120));
}

TEST(PlateTest, ShadowsWidenTheRangeOfLight) {
  std::vector<Image> frames(6, Flat(20, 20, 160));
  for (int k = 0; k < 6; ++k) {
    for (int x = 3 * k; x < 3 * k + 4; ++x) {
      for (int c = 0; c < 3; ++c) frames[k].Pixel(x, 9)[c] = 96;  // 0.6 of the wall
    }
  }
  const std::vector<Mask> masks(6, Mask(400, 0));
  const Plate plate = MedianPlate(frames, masks);
  EXPECT_LE(plate.darkest, 0.6f);
  const float shaded[3] = {96, 96, 96};
  EXPECT_LT(Unexplained(shaded, plate.picture.Pixel(5, 5), plate), 1.0f);
  const float red[3] = {160, 60, 60};
  EXPECT_GT(Unexplained(red, plate.picture.Pixel(5, 5), plate), 20.0f);
}

TEST(PlateTest, MasksMustMatchTheFrames) {
  EXPECT_THROW(MedianPlate({Flat(4, 4, 9)}, {}), CheckFailure);
}

TEST(PlateTest, AFramePlateKnowsWhatIsFree) {
  Mask mask(16, 0);
  mask[5] = 1;
  const Plate plate = FramePlate(Flat(4, 4, 9), mask);
  EXPECT_EQ(plate.known[5], 0);
  EXPECT_EQ(std::count(plate.known.begin(), plate.known.end(), 1), 15);
}

TEST(PlateTest, DilationGrowsASquare) {
  Mask mask(49, 0);
  mask[3 * 7 + 3] = 1;
  const Mask grown = Dilated(mask, 7, 2);
  EXPECT_EQ(std::count(grown.begin(), grown.end(), 1), 25);
  EXPECT_EQ(grown[1 * 7 + 1], 1);
  EXPECT_EQ(grown[0], 0);
}

TEST(PlateTest, GainUndoesABrightnessChange) {
  DiscWorld world;
  world.frames = 1;
  const Image frame = world.Film().frame(0);
  const Plate plate = FramePlate(frame, Mask(frame.rgb.size() / 3, 0));
  Image darker = frame;
  for (uint8_t& level : darker.rgb) level = static_cast<uint8_t>(0.85 * level);
  const Gain gain = GainToPlate(darker, plate);
  EXPECT_NEAR(gain.red, 1.0 / 0.85, 0.02);
  EXPECT_NEAR(gain.green, 1.0 / 0.85, 0.02);
  EXPECT_NEAR(gain.blue, 1.0 / 0.85, 0.02);
  EXPECT_GT(BackgroundAgreement(darker, plate), 0.99);
}

TEST(PlateTest, NoiseAgreesWithNothing) {
  DiscWorld world;
  world.frames = 1;
  const Video film = world.Film();
  const Plate plate = FramePlate(film.frame(0), Mask(film.frame(0).rgb.size() / 3, 0));
  const Video noise = Filtered(film, [](double, size_t i) { return (i * 2654435761u >> 8) % 256; });
  EXPECT_LT(BackgroundAgreement(noise.frame(0), plate), 0.2);
  EXPECT_DOUBLE_EQ(BackgroundAgreement(film.frame(0), plate), 1.0);
}

}  // namespace
}  // namespace plumb
