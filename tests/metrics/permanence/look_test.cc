// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/look.h"

#include <gtest/gtest.h>

#include "core/check.h"

namespace plumb {
namespace {

TEST(LookTest, OpponentColoursOfGreysHaveNoHue) {
  for (const float level : {0.0f, 64.0f, 255.0f}) {
    const Eigen::Vector3f colour = OpponentColour(level, level, level);
    EXPECT_NEAR(colour[0], 0.5f * level, 1e-3);
    EXPECT_NEAR(colour[1], 0.0f, 1e-3);
    EXPECT_NEAR(colour[2], 0.0f, 1e-3);
  }
}

TEST(LookTest, BrightnessCountsLessThanHue) {
  const Eigen::Vector3f grey = OpponentColour(120, 120, 120);
  const float lighter = (OpponentColour(140, 140, 140) - grey).norm();
  const float redder = (OpponentColour(140, 110, 110) - grey).norm();
  EXPECT_LT(lighter, redder);
}

TEST(LookTest, LabAgreesWithPublishedValues) {
  // Bruce Lindbloom's calculator, sRGB, D65.
  const Eigen::Vector3d red = LabColour({255, 0, 0});
  EXPECT_NEAR(red[0], 53.24, 0.05);
  EXPECT_NEAR(red[1], 80.09, 0.05);
  EXPECT_NEAR(red[2], 67.20, 0.05);
  const Eigen::Vector3d white = LabColour({255, 255, 255});
  EXPECT_NEAR(white[0], 100.0, 0.01);
  EXPECT_NEAR(white[1], 0.0, 0.05);
  EXPECT_NEAR(LabColour({0, 0, 0}).norm(), 0.0, 1e-9);
}

TEST(LookTest, DistanceIsZeroOnItsOwnColoursAndGrowsAway) {
  const Look look(std::vector<Rgb>(50, Rgb{200, 40, 40}));
  const uint8_t own[3] = {200, 40, 40};
  const uint8_t near[3] = {196, 52, 52};
  const uint8_t far[3] = {40, 200, 40};
  EXPECT_NEAR(look.Distance(own), 0.0f, 1e-4);
  EXPECT_LT(look.Distance(near), 16.0f);
  EXPECT_GT(look.Distance(far), 60.0f);
  EXPECT_EQ(look.mean_rgb(), Eigen::Vector3d(200, 40, 40));
}

TEST(LookTest, APatternHasSeveralColours) {
  std::vector<Rgb> colours(60, Rgb{200, 40, 40});
  colours.insert(colours.end(), 40, Rgb{240, 240, 240});
  const Look look(colours);
  const uint8_t white[3] = {240, 240, 240};
  const uint8_t red[3] = {200, 40, 40};
  EXPECT_NEAR(look.Distance(white), 0.0f, 1e-4);
  EXPECT_NEAR(look.Distance(red), 0.0f, 1e-4);
}

TEST(LookTest, RareColoursAreNoPartOfIt) {
  std::vector<Rgb> colours(990, Rgb{200, 40, 40});
  colours.insert(colours.end(), 10, Rgb{40, 40, 200});
  const Look look(colours);
  const uint8_t blue[3] = {40, 40, 200};
  EXPECT_GT(look.Distance(blue), 60.0f);
}

TEST(LookTest, NothingHasNoLook) { EXPECT_THROW(Look({}), CheckFailure); }

}  // namespace
}  // namespace plumb
