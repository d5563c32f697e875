// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <gmock/gmock.h>

#include "core/seed.h"
#include "scenes/rendering/internal_flatten.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

const Pattern kStuffs[] = {Pattern::kCork,
                           Pattern::kFabric,
                           Pattern::kSpeckle,
                           Pattern::kBrushed,
                           Pattern::kLetters,
                           Pattern::kFrost};

Texture TextureOf(Pattern pattern, ShapeKind kind = ShapeKind::kBox) {
  Body body = PlainBody("thing", kind, {1, 1, 1});
  body.material.pattern = pattern;
  body.material.colour = {0.8, 0.6, 0.4};
  body.material.second_colour = {0.2, 0.2, 0.3};
  body.material.pattern_size_m = 0.2;
  return MakeTexture(body.name, body.shape, body.material);
}

TexturePoint OnTop(double x_m, double y_m, float pixel_m) {
  TexturePoint point;
  point.x_in_body = {static_cast<float>(x_m), static_cast<float>(y_m), 0.5f};
  point.part = 5;
  point.step_right = {pixel_m, 0, 0};
  point.step_down = {0, pixel_m, 0};
  point.reach = pixel_m;
  return point;
}

struct Spread {
  double mean = 0;
  double deviation = 0;
};
Spread SpreadAt(const Texture& texture, float pixel_m) {
  Random random(5);
  constexpr int kCount = 4000;
  double sum = 0, squares = 0;
  for (int i = 0; i < kCount; ++i) {
    const double tone =
        Albedo(texture, OnTop(random.Uniform(-0.5, 0.5), random.Uniform(-0.5, 0.5), pixel_m))
            .mean();
    sum += tone;
    squares += tone * tone;
  }
  const double mean = sum / kCount;
  return {mean, std::sqrt(std::max(0.0, squares / kCount - mean * mean))};
}

TEST(StuffTest, EveryStuffShowsAPatternNearBy) {
  for (const Pattern pattern : kStuffs) {
    EXPECT_GT(SpreadAt(TextureOf(pattern), 0.001f).deviation, 0.02) << static_cast<int>(pattern);
  }
}

TEST(StuffTest, FarAwayItFadesToItsMeanInsteadOfFlickering) {
  for (const Pattern pattern : kStuffs) {
    const Spread near = SpreadAt(TextureOf(pattern), 0.001f);
    const Spread far = SpreadAt(TextureOf(pattern), 0.4f);
    EXPECT_LT(far.deviation, 0.3 * near.deviation) << static_cast<int>(pattern);
    EXPECT_NEAR(far.mean, near.mean, 0.25 * near.mean) << static_cast<int>(pattern);
  }
}

TEST(StuffTest, ColoursStayInRangeOnEveryShape) {
  Random random(6);
  for (const Pattern pattern : kStuffs) {
    for (const ShapeKind kind : kEveryKind) {
      if (kind == ShapeKind::kCompound) continue;
      const Texture texture = TextureOf(pattern, kind);
      for (int i = 0; i < 300; ++i) {
        TexturePoint point = OnTop(random.Uniform(-0.5, 0.5), random.Uniform(-0.5, 0.5), 0.004f);
        point.x_in_body.z() = static_cast<float>(random.Uniform(-0.5, 0.5));
        point.part = 0;
        const Eigen::Vector3f colour = Albedo(texture, point);
        ASSERT_GE(colour.minCoeff(), 0);
        ASSERT_LE(colour.maxCoeff(), 1);
      }
    }
  }
}

TEST(StuffTest, LettersCoverTheirShareOfALabel) {
  // The mean lies between both colours by the share that ink covers.
  const Texture texture = TextureOf(Pattern::kLetters);
  double ink = 0;
  for (int i = 0; i < 40000; ++i) {
    const TexturePoint point = OnTop(0.005 * (i % 200) - 0.5, 0.005 * (i / 200) - 0.5, 0.0005f);
    const float tone = StuffColour(texture, point).x();
    ink += (texture.colour.x() - tone) / (texture.colour.x() - texture.second_colour.x());
  }
  EXPECT_NEAR(ink / 40000, 0.2, 0.08);
}

TEST(StuffTest, WavesAndLinesAreMeansOverAPixel) {
  EXPECT_FLOAT_EQ(SquareWave(1.0f, 1e-3f), 1);
  EXPECT_FLOAT_EQ(SquareWave(0.0f, 1e-3f), -1);
  EXPECT_NEAR(SquareWave(0.3f, 2.5f), 0, 1e-6);
  EXPECT_FLOAT_EQ(LineShare(0.5f, 0.1f, 1e-3f), 0);
  EXPECT_FLOAT_EQ(LineShare(2.0f, 0.1f, 1e-3f), 1);
}

}  // namespace
}  // namespace plumb
