// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include <gmock/gmock.h>

#include "scenes/rendering/internal_texture.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

constexpr float kFine_m = 0.002f;

Texture TextureOf(const Body& body) { return MakeTexture(body.name, body.shape, body.material); }

Body Patterned(Pattern pattern, ShapeKind kind = ShapeKind::kBox) {
  Body body = PlainBody("thing", kind, {2, 2, 2});
  body.material.pattern = pattern;
  body.material.pattern_size_m = 0.25;
  body.material.colour = {0.8, 0.3, 0.2};
  body.material.second_colour = {0.2, 0.3, 0.6};
  return body;
}

// The top of a box, seen by pixels of the given size.
TexturePoint OnTop(float x, float y, float pixel_m) {
  return {{x, y, 1}, 5, {pixel_m, 0, 0}, {0, pixel_m, 0}, pixel_m};
}

TexturePoint OnSphere(float longitude_rad, float latitude_rad) {
  const Eigen::Vector3f x(std::cos(latitude_rad) * std::cos(longitude_rad),
                          std::cos(latitude_rad) * std::sin(longitude_rad),
                          std::sin(latitude_rad));
  return {x, 0, {kFine_m, 0, 0}, {0, 0, kFine_m}, kFine_m};
}

const Pattern kAllPatterns[] = {Pattern::kPlain,
                                Pattern::kChecker,
                                Pattern::kStripes,
                                Pattern::kNoise,
                                Pattern::kWood,
                                Pattern::kBrick,
                                Pattern::kMarble,
                                Pattern::kTiles};

// Mean and spread of the red channel over a patch of the top.
struct Spread {
  double mean = 0;
  double sigma = 0;
};
Spread SpreadOf(const Texture& texture, float pixel_m) {
  double sum = 0, squares = 0;
  int count = 0;
  for (float y = -0.9f; y < 0.9f; y += 0.043f) {
    for (float x = -0.9f; x < 0.9f; x += 0.043f) {
      const double value = Albedo(texture, OnTop(x, y, pixel_m)).x();
      sum += value;
      squares += value * value;
      ++count;
    }
  }
  return {sum / count, std::sqrt(std::max(0.0, squares / count - sum * sum / count / count))};
}

TEST(TextureTest, PlainIsExactlyTheColour) {
  const Body body = Patterned(Pattern::kPlain);
  EXPECT_EQ(Albedo(TextureOf(body), OnTop(0.3f, 0.2f, kFine_m)),
            LinearFromSrgb(body.material.colour));
}

TEST(TextureTest, EveryPatternHasContrastForATracker) {
  for (const Pattern pattern : kAllPatterns) {
    if (pattern == Pattern::kPlain) continue;
    EXPECT_GT(SpreadOf(TextureOf(Patterned(pattern)), kFine_m).sigma, 0.02)
        << static_cast<int>(pattern);
  }
}

TEST(TextureTest, FarAwayEveryPatternKeepsItsMeanAndLosesContrast) {
  for (const Pattern pattern : kAllPatterns) {
    const Texture texture = TextureOf(Patterned(pattern));
    const Spread near = SpreadOf(texture, kFine_m);
    const Spread far = SpreadOf(texture, 1.0f);
    EXPECT_LE(far.sigma, near.sigma + 1e-9) << static_cast<int>(pattern);
    // The filters are estimates: the mean may move a little.
    EXPECT_NEAR(far.mean, near.mean, 0.35 * near.mean) << static_cast<int>(pattern);
  }
}

TEST(TextureTest, AlbedoStaysBetweenZeroAndOneOnEveryShape) {
  for (const Pattern pattern : kAllPatterns) {
    for (const ShapeKind kind : {ShapeKind::kSphere,
                                 ShapeKind::kCylinder,
                                 ShapeKind::kCone,
                                 ShapeKind::kCapsule,
                                 ShapeKind::kBox}) {
      const Texture texture = TextureOf(Patterned(pattern, kind));
      for (float angle = -3.1f; angle < 3.1f; angle += 0.21f) {
        const Eigen::Vector3f albedo = Albedo(texture, OnSphere(angle, 0.4f));
        EXPECT_TRUE(albedo.allFinite());
        EXPECT_GE(albedo.minCoeff(), 0);
        EXPECT_LE(albedo.maxCoeff(), 1);
      }
    }
  }
}

TEST(TextureTest, PolesAndAxesAreFinite) {
  for (const Pattern pattern : kAllPatterns) {
    for (const ShapeKind kind : {ShapeKind::kSphere, ShapeKind::kCone, ShapeKind::kCapsule}) {
      const Texture texture = TextureOf(Patterned(pattern, kind));
      const TexturePoint pole{{0, 0, 1}, 0, {kFine_m, 0, 0}, {0, kFine_m, 0}, kFine_m};
      EXPECT_TRUE(Albedo(texture, pole).allFinite()) << static_cast<int>(pattern);
    }
  }
}

TEST(TextureTest, ACheckerAlternatesAndClosesAroundABall) {
  const Texture texture = TextureOf(Patterned(Pattern::kChecker, ShapeKind::kSphere));
  // As many changes of colour along the equator as there are cells, and an even number.
  int changes = 0;
  bool last = false;
  constexpr int kSteps = 2000;
  for (int k = 0; k <= kSteps; ++k) {
    const float angle = 2 * std::numbers::pi_v<float> * k / kSteps - std::numbers::pi_v<float>;
    const bool bright = Albedo(texture, OnSphere(angle, 0.05f)).x() > 0.25f;
    if (k > 0 && bright != last) ++changes;
    last = bright;
  }
  EXPECT_EQ(changes % 2, 0);
  EXPECT_NEAR(changes, 2 * std::numbers::pi / 0.25, 2.5);
}

TEST(TextureTest, BricksLieInShiftedRows) {
  Body body = Patterned(Pattern::kBrick);
  body.material.colour = {0.9, 0.9, 0.9};
  body.material.second_colour = {0, 0, 0};
  const Texture texture = TextureOf(body);
  // The upright joints of one row are not those of the next.
  const float row_m = 0.25f / 2.6f;
  const auto joint = [&](float x, float v) {
    return Albedo(texture, {{x, -1, v}, 2, {kFine_m, 0, 0}, {0, 0, kFine_m}, kFine_m}).x() < 0.1f;
  };
  EXPECT_TRUE(joint(0.0f, 0.5f * row_m));
  EXPECT_FALSE(joint(0.0f, 1.5f * row_m));
  EXPECT_TRUE(joint(0.125f, 1.5f * row_m));
}

TEST(TextureTest, TwoBodiesOfOneMaterialLookDifferent) {
  Body first = Patterned(Pattern::kNoise);
  Body second = first;
  second.name = "other";
  const Texture a = TextureOf(first);
  const Texture b = TextureOf(second);
  double difference = 0;
  for (float x = -0.9f; x < 0.9f; x += 0.1f) {
    difference +=
        std::abs(Albedo(a, OnTop(x, 0, kFine_m)).x() - Albedo(b, OnTop(x, 0, kFine_m)).x());
  }
  EXPECT_GT(difference, 0.2);
}

TEST(TextureTest, AnotherMaterialKeepsTheBody) {
  const Texture texture = TextureOf(Patterned(Pattern::kTiles));
  Material material = Patterned(Pattern::kPlain).material;
  material.colour = {0.1, 0.9, 0.1};
  const Texture changed = WithMaterial(texture, material);
  EXPECT_EQ(changed.salt, texture.salt);
  EXPECT_EQ(changed.half_m, texture.half_m);
  EXPECT_EQ(Albedo(changed, OnTop(0, 0, kFine_m)), LinearFromSrgb(material.colour));
}

TEST(TextureTest, TransferFunctionMatchesItsDefinition) {
  const Eigen::Vector3f linear = LinearFromSrgb({0.5, 0.02, 1.0});
  EXPECT_NEAR(linear[0], 0.2140411, 1e-6);
  EXPECT_NEAR(linear[1], 0.02 / 12.92, 1e-7);
  EXPECT_NEAR(linear[2], 1.0, 1e-6);
  EXPECT_EQ(SrgbFromLinear({-1, 0, 7})[0], 0);
  EXPECT_EQ(SrgbFromLinear({-1, 0, 7})[2], 255);
}

}  // namespace
}  // namespace plumb
