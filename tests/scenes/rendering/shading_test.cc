// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "scenes/rendering/internal_light.h"

namespace plumb {
namespace {

Lighting Lit(Surroundings surroundings, double film = 0) {
  Lighting lighting;
  lighting.centre_m = {0, 0, 4};
  lighting.surroundings = surroundings;
  lighting.film = film;
  return lighting;
}

SurfaceSample Floor(float albedo) {
  SurfaceSample sample;
  sample.body = 0;
  sample.normal = {0, 0, 1};
  sample.albedo.setConstant(albedo);
  return sample;
}

constexpr Openness kInShadow{0.0f, 1.0f};

TEST(ShadingTest, WithoutReflectionTheSurroundingsMirrorNothing) {
  const Light light(Lit(Surroundings::kEven), {0, 0, 0});
  // Ambient alone: a quarter of the white level.
  EXPECT_NEAR(light.Shade(Floor(0.5f), kInShadow, {}, {0, -3, 3}).x(), 0.125, 1e-6);
  EXPECT_NEAR(light.Shade(Floor(0), kInShadow, {}, {0, -3, 3}).norm(), 0, 1e-6);
}

TEST(ShadingTest, AMirrorShowsTheSkyWhereItIsMirrored) {
  const Light light(Lit(Surroundings::kSky), {0, 0, 0});
  const Finish mirror{1, 1, 0};
  // Seen from straight above the zenith is mirrored; it is bluer than the horizon.
  const Eigen::Vector3f zenith = light.Shade(Floor(0), kInShadow, mirror, {0, 0, 3});
  const Eigen::Vector3f horizon = light.Shade(Floor(0), kInShadow, mirror, {0, -30, 1});
  EXPECT_NEAR(zenith.z(), 1, 0.01);
  EXPECT_LT(zenith.x(), 0.5);
  EXPECT_GT(horizon.x(), 0.7);
}

TEST(ShadingTest, GrazingLooksMirrorMore) {
  const Light light(Lit(Surroundings::kEven), {0, 0, 0});
  const Finish varnish{0.9f, 0.04f, 0};
  const float above = light.Shade(Floor(0), kInShadow, varnish, {0, 0, 3}).x();
  const float grazing = light.Shade(Floor(0), kInShadow, varnish, {0, -30, 1}).x();
  EXPECT_LT(above, 0.05);
  EXPECT_GT(grazing, 5 * above);
}

TEST(ShadingTest, MetalMirrorsInItsOwnColour) {
  const Light light(Lit(Surroundings::kStudio), {0, 0, 0});
  SurfaceSample copper = Floor(0);
  copper.albedo = {0.9f, 0.45f, 0.3f};
  const Eigen::Vector3f seen = light.Shade(copper, kInShadow, {0.9f, 0.8f, 1}, {0, 0, 3});
  EXPECT_NEAR(seen.x() / seen.y(), 2, 0.2);
  const Eigen::Vector3f glass = light.Shade(Floor(0), kInShadow, {0.9f, 0.8f, 0}, {0, 0, 3});
  EXPECT_NEAR(glass.x() / glass.y(), 1, 0.05);
}

TEST(ShadingTest, RoughMirrorsShowSofterSurroundings) {
  const Light light(Lit(Surroundings::kStudio), {0, 0, 0});
  float sharp_low = 9, sharp_high = 0, rough_low = 9, rough_high = 0;
  for (float y = -20; y <= 0; y += 0.5f) {
    const float sharp = light.Shade(Floor(0), kInShadow, {1, 0.9f, 0}, {0, y, 3}).x();
    const float rough = light.Shade(Floor(0), kInShadow, {0, 0.9f, 0}, {0, y, 3}).x();
    sharp_low = std::min(sharp_low, sharp);
    sharp_high = std::max(sharp_high, sharp);
    rough_low = std::min(rough_low, rough);
    rough_high = std::max(rough_high, rough);
  }
  EXPECT_GT(sharp_high - sharp_low, 1.2f * (rough_high - rough_low));
}

TEST(ShadingTest, TheFilmLeavesDarkTonesAndHoldsBrightOnes) {
  const Light plain(Lit(Surroundings::kEven), {0, 0, 0});
  const Light film(Lit(Surroundings::kEven, 1), {0, 0, 0});
  const Eigen::Vector3f radiance(0.3f, 0.9f, 4.0f);
  EXPECT_EQ(plain.Exposed(radiance), radiance);
  const Eigen::Vector3f exposed = film.Exposed(radiance);
  EXPECT_FLOAT_EQ(exposed.x(), 0.3f);
  EXPECT_LT(exposed.y(), 0.9f);
  EXPECT_LT(exposed.z(), 1.0f);
  // Monotone and without a kink at the knee.
  float last = 0;
  for (float x = 0; x < 6; x += 0.01f) {
    const float value = film.Exposed(Eigen::Vector3f::Constant(x)).x();
    EXPECT_GE(value, last);
    EXPECT_LE(value - last, 0.0101f);
    last = value;
  }
}

}  // namespace
}  // namespace plumb
