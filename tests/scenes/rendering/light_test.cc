// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cmath>
#include <numeric>
#include <set>

#include <gmock/gmock.h>

#include "core/seed.h"
#include "scenes/rendering/internal_light.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

constexpr int kSide = 16;

Lighting Overhead() {
  Lighting lighting;
  lighting.centre_m = {0, 0, 4};
  lighting.side_m = 1;
  lighting.area_share = 0.7;
  return lighting;
}

SurfaceSample FloorPoint(float x, float y) {
  SurfaceSample sample;
  sample.body = 0;
  sample.x_in_world = {x, y, 0};
  sample.normal = {0, 0, 1};
  sample.albedo = Eigen::Vector3f::Constant(0.5f);
  return sample;
}

// A block of pixels that all look at the floor near one point.
std::vector<SurfaceSample> Patch(float x, float y) {
  std::vector<SurfaceSample> samples;
  for (int v = 0; v < kSide; ++v) {
    for (int u = 0; u < kSide; ++u) samples.push_back(FloorPoint(x + 1e-4f * u, y + 1e-4f * v));
  }
  return samples;
}

std::vector<int> AllPixels() {
  std::vector<int> pixels(kSide * kSide);
  std::iota(pixels.begin(), pixels.end(), 0);
  return pixels;
}

// How open the middle of a patch is under a ball of 0.3 m whose centre is 0.5 m above the floor.
Openness OpennessUnderBall(float x) {
  Scene scene = BallAboveFloor(0.35, 0.5);
  RayScene rays(scene, {1, 0});
  rays.Place({scene.bodies[0].world_from_body, scene.bodies[1].world_from_body}, {1, 1});
  const Light light(Overhead(), {0, 0, 0});
  const std::vector<SurfaceSample> samples = Patch(x, 0);
  const auto blocked = light.Blocked(rays, BodySet::kMoving, samples, AllPixels(), kSide);
  return FilterOpenness(blocked, samples, kSide)[kSide / 2 * kSide + kSide / 2];
}

TEST(LightTest, ShadingFollowsLambert) {
  const Light light(Overhead(), {0, 0, 0});
  const Eigen::Vector3f eye(0, -5, 2);
  EXPECT_NEAR(light.Shade(FloorPoint(0, 0), {}, Finish{}, eye).x(), 0.5, 1e-6);
  // Without the light only the ambient part is left, without the sky only the direct one.
  EXPECT_NEAR(light.Shade(FloorPoint(0, 0), {0, 1}, Finish{}, eye).x(), 0.15, 1e-6);
  EXPECT_NEAR(light.Shade(FloorPoint(0, 0), {1, 0}, Finish{}, eye).x(), 0.35, 1e-6);
  // Both cosines and the square of the distance: (cos^2 / d^2) relative to straight below.
  const double square = 3 * 3 + 4 * 4;
  EXPECT_NEAR(light.Shade(FloorPoint(3, 0), {1, 0}, Finish{}, eye).x(),
              0.35 * 16.0 * 16.0 / (square * square),
              1e-6);
}

TEST(LightTest, SurfacesThatFaceAwayGetNoDirectLight) {
  const Light light(Overhead(), {0, 0, 0});
  SurfaceSample ceiling = FloorPoint(0, 0);
  ceiling.normal = {0, 0, -1};
  EXPECT_EQ(light.Shade(ceiling, {1, 0}, Finish{}, {0, -5, 2}).x(), 0);
}

TEST(LightTest, NothingHitShowsTheBackground) {
  Lighting lighting = Overhead();
  lighting.background = {0.5, 0.5, 0.5};
  const Light light(lighting, {0, 0, 0});
  EXPECT_NEAR(light.Shade(SurfaceSample(), {}, Finish{0.5f}, {0, 0, 0}).x(), 0.2140411, 1e-6);
}

TEST(LightTest, GlossAddsAHighlightInTheMirrorDirectionOnly) {
  const Light light(Overhead(), {0, 0, 0});
  const SurfaceSample point = FloorPoint(0, -2);
  const float mirror = light.Shade(point, {}, Finish{0.8f}, {0, -4, 4}).x();
  const float aside = light.Shade(point, {}, Finish{0.8f}, {4, -2, 0.5f}).x();
  const float matte = light.Shade(point, {}, Finish{}, {0, -4, 4}).x();
  EXPECT_GT(mirror, matte + 0.2);
  EXPECT_NEAR(aside, matte, 0.01);
}

TEST(LightTest, ALightBelowTheTargetIsRefused) {
  EXPECT_THROW(Light(Overhead(), {0, 0, 5}), CheckFailure);
}

TEST(LightTest, OpennessGrowsFromUmbraToFullLight) {
  float last = -1;
  for (const float x : {0.0f, 0.12f, 0.2f, 0.3f}) {
    const float open = OpennessUnderBall(x).light;
    EXPECT_GT(open, last) << x;
    last = open;
  }
  EXPECT_LT(OpennessUnderBall(0).light, 0.05);
  EXPECT_EQ(OpennessUnderBall(0.3f).light, 1);
}

TEST(LightTest, ThePenumbraIsTheShareOfTheLightThatIsSeen) {
  // The share by brute force over a fine grid of the light.
  for (const float x : {0.13f, 0.16f, 0.2f}) {
    int open = 0;
    constexpr int kGrid = 100;
    for (int j = 0; j < kGrid; ++j) {
      for (int i = 0; i < kGrid; ++i) {
        const Eigen::Vector3d from(x, 0, 0);
        const Eigen::Vector3d to((i + 0.5) / kGrid - 0.5, (j + 0.5) / kGrid - 0.5, 4);
        const Eigen::Vector3d along = (to - from).normalized();
        const Eigen::Vector3d off = Eigen::Vector3d(0, 0, 0.5) - from;
        open += (off - off.dot(along) * along).norm() > 0.15;
      }
    }
    EXPECT_NEAR(OpennessUnderBall(x).light, open / (1.0 * kGrid * kGrid), 0.06) << x;
  }
}

TEST(LightTest, TheSkyIsDarkerUnderABall) {
  EXPECT_LT(OpennessUnderBall(0).sky, OpennessUnderBall(0.7f).sky);
  EXPECT_LT(OpennessUnderBall(0).sky, 0.95);
  EXPECT_EQ(OpennessUnderBall(2).sky, 1);
}

TEST(LightTest, EveryPixelHasRaysOfItsOwnToLightAndSky) {
  // At the edge of a ball's shadow some rays of a pixel are blocked, others not.
  Scene scene = BallAboveFloor(0.35, 0.2);
  RayScene rays(scene, {1, 0});
  rays.Place({scene.bodies[0].world_from_body, scene.bodies[1].world_from_body}, {1, 1});
  const Light light(Overhead(), {0, 0, 0});
  const std::vector<SurfaceSample> samples = Patch(0.11f, 0.11f);
  const auto blocked = light.Blocked(rays, BodySet::kMoving, samples, AllPixels(), kSide);
  std::set<int> light_counts, sky_counts;
  for (const BlockedBits bits : blocked) {
    light_counts.insert(std::popcount(bits & ((1u << kLightRays) - 1)));
    sky_counts.insert(std::popcount(static_cast<unsigned int>(bits) >> kLightRays));
  }
  EXPECT_GE(kLightRays, 4);
  EXPECT_GT(light_counts.size(), 2u) << testing::PrintToString(light_counts);
  // One count alone: all pixels share their rays. No 1: the two rays of a pixel are the same.
  EXPECT_GT(sky_counts.size(), 1u) << testing::PrintToString(sky_counts);
  EXPECT_THAT(sky_counts, testing::Contains(1));
}

TEST(LightTest, WhatCannotBlockIsLeftOutRightly) {
  // Wherever CanBlock says no, no ray is blocked.
  Scene scene = BallAboveFloor(0.35, 0.5);
  RayScene rays(scene, {1, 0});
  rays.Place({scene.bodies[0].world_from_body, scene.bodies[1].world_from_body}, {1, 1});
  const Light light(Overhead(), {0.5, 0, 0});
  int left_out = 0;
  for (float x = -2; x <= 2; x += 0.11f) {
    for (float y = -2; y <= 2; y += 0.13f) {
      const std::vector<SurfaceSample> samples = Patch(x, y);
      if (light.CanBlock({0, 0, 0.5f}, 0.15f, samples[0])) continue;
      ++left_out;
      const auto blocked = light.Blocked(rays, BodySet::kMoving, samples, AllPixels(), kSide);
      EXPECT_THAT(blocked, ::testing::Each(0));
    }
  }
  EXPECT_GT(left_out, 300);
}

TEST(LightTest, TheFilterDoesNotMixSurfaces) {
  // The left half is wholly blocked and belongs to another body.
  std::vector<SurfaceSample> samples = Patch(0, 0);
  std::vector<BlockedBits> blocked(samples.size(), 0);
  for (size_t i = 0; i < samples.size(); ++i) {
    if (i % kSide >= kSide / 2) continue;
    samples[i].body = 1;
    blocked[i] = 0xff;
  }
  const auto open = FilterOpenness(blocked, samples, kSide);
  for (size_t i = 0; i < open.size(); ++i) {
    const float expected = i % kSide < kSide / 2 ? 0.0f : 1.0f;
    EXPECT_EQ(open[i].light, expected);
    EXPECT_EQ(open[i].sky, expected);
  }
}

// By the definition: blocked rays to the light and to the sky of the pixels around pixel `i`, from
// `before` ahead to `after` behind, that lie on its surface.
struct CountAround {
  int pixels = 0, light = 0, sky = 0;

  CountAround(const std::vector<BlockedBits>& blocked,
              const std::vector<SurfaceSample>& samples,
              int i,
              int before,
              int after) {
    for (int v = i / kSide - before; v <= i / kSide + after; ++v) {
      for (int u = i % kSide - before; u <= i % kSide + after; ++u) {
        if (u < 0 || v < 0 || u >= kSide || v >= kSide) continue;
        const SurfaceSample& other = samples[v * kSide + u];
        if (other.body != samples[i].body || other.normal.dot(samples[i].normal) <= 0.9f) continue;
        ++pixels;
        for (int k = 0; k < kLightRays + kSkyRays; ++k) {
          (k < kLightRays ? light : sky) += blocked[v * kSide + u] >> k & 1;
        }
      }
    }
  }
};

TEST(LightTest, TheFilterIsTheMeanOverABlockOfOneSurfaceWiderWhereAnEdgeCutsIt) {
  // Two flat bodies, a turned strip and random rays: against the definition, pixel by pixel.
  Random random(5);
  std::vector<SurfaceSample> samples = Patch(0, 0);
  std::vector<BlockedBits> blocked(samples.size());
  for (int i = 0; i < kSide * kSide; ++i) {
    if (i / kSide >= 11) samples[i].body = 1;
    if (i % kSide == 13) samples[i].normal = Eigen::Vector3f(0.6f, 0, 0.8f);
    if (i % kSide == 14) samples[i].normal = Eigen::Vector3f(0.1f, 0, 0.995f);
    blocked[i] = static_cast<BlockedBits>(random.Index(1 << (kLightRays + kSkyRays)));
  }
  const auto open = FilterOpenness(blocked, samples, kSide);
  int whole = 0;
  for (int i = 0; i < kSide * kSide; ++i) {
    CountAround count(blocked, samples, i, 1, 2);
    if (count.pixels < 16) {
      count = CountAround(blocked, samples, i, 3, 4);
    } else {
      ++whole;
    }
    const auto pixels = static_cast<float>(count.pixels);
    EXPECT_EQ(open[i].light, 1 - static_cast<float>(count.light) / (kLightRays * pixels)) << i;
    EXPECT_EQ(open[i].sky, 1 - static_cast<float>(count.sky) / (kSkyRays * pixels)) << i;
  }
  EXPECT_GT(whole, 20);
  EXPECT_LT(whole, kSide * kSide - 20);
}

TEST(LightTest, WithoutBlockedRaysEverythingIsOpen) {
  const std::vector<SurfaceSample> samples = Patch(0, 0);
  for (const Openness& open :
       FilterOpenness(std::vector<BlockedBits>(samples.size(), 0), samples, kSide)) {
    EXPECT_EQ(open.light, 1);
    EXPECT_EQ(open.sky, 1);
  }
}

}  // namespace
}  // namespace plumb
