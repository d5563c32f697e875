// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include <gmock/gmock.h>

#include "scenes/rendering/internal_light.h"
#include "scenes/rendering/internal_surface.h"
#include "scenes/rendering/internal_surroundings.h"

namespace plumb {
namespace {

const Eigen::Vector3f kEye(0, -5, 2);

Eigen::Vector3f Towards(float turn_rad, float up_rad) {
  return {std::cos(turn_rad) * std::cos(up_rad),
          std::sin(turn_rad) * std::cos(up_rad),
          std::sin(up_rad)};
}

TEST(SurroundingsTest, TheSkyLightsFromAboveInBlueAndFromBelowInWarmTones) {
  const Eigen::Vector3f up = AmbientOn(Surroundings::kSky, {0, 0, 1});
  const Eigen::Vector3f down = AmbientOn(Surroundings::kSky, {0, 0, -1});
  EXPECT_GT(up.z(), up.x());
  EXPECT_GT(down.x(), down.z());
  EXPECT_GT(up.sum(), down.sum());
}

TEST(SurroundingsTest, AStudioLightsEveryNormalSomewhatAndBothSidesAlike) {
  for (float up = -1.5f; up <= 1.5f; up += 0.25f) {
    for (float turn = 0; turn < 6.3f; turn += 0.3f) {
      const Eigen::Vector3f n = Towards(turn, up);
      const Eigen::Vector3f light = AmbientOn(Surroundings::kStudio, n);
      EXPECT_GT(light.minCoeff(), 0.4f);
      EXPECT_LT(light.maxCoeff(), 1.4f);
      EXPECT_EQ(light, AmbientOn(Surroundings::kStudio, {-n.x(), n.y(), n.z()}));
    }
  }
}

TEST(SurroundingsTest, TheOpenSkyHasGroundHillsAndSky) {
  for (float turn = 0; turn < 6.3f; turn += 0.1f) {
    const Eigen::Vector3f ground = OpenSky(kEye, Towards(turn, -0.3f));
    const Eigen::Vector3f hills = OpenSky(kEye, Towards(turn, 0.003f));
    const Eigen::Vector3f zenith = OpenSky(kEye, Towards(turn, 1.3f));
    EXPECT_GT(ground.y(), ground.z()) << "grass";
    EXPECT_GT(hills.y(), hills.x()) << "green";
    EXPECT_GE(zenith.z(), zenith.x()) << "blue or white";
    EXPECT_GT(zenith.sum(), 1.5f * hills.sum());
  }
}

TEST(SurroundingsTest, TheOpenSkyGoesOnWhereTheTurnIsComplete) {
  for (float up = -0.1f; up < 1.5f; up += 0.02f) {
    const float pi = std::numbers::pi_v<float>;
    const Eigen::Vector3f before = OpenSky(kEye, Towards(pi - 1e-3f, up));
    const Eigen::Vector3f after = OpenSky(kEye, Towards(-pi + 1e-3f, up));
    EXPECT_LT((before - after).norm(), 0.03f) << up;
  }
}

TEST(SurroundingsTest, TheOpenSkyDoesNotFlicker) {
  // A tenth of a pixel of a 256-pixel picture never changes much.
  const float step = 0.62f / 2560;
  for (float turn = 0; turn < 6; turn += 0.05f) {
    for (float up = -0.1f; up < 0.8f; up += 0.01f) {
      const Eigen::Vector3f here = OpenSky(kEye, Towards(turn, up));
      EXPECT_LT((here - OpenSky(kEye, Towards(turn + step, up))).norm(), 0.03f);
      EXPECT_LT((here - OpenSky(kEye, Towards(turn, up + step))).norm(), 0.06f);
    }
  }
}

TEST(SurroundingsTest, WhatMissesEverythingShowsTheSkyInItsDirection) {
  Lighting lighting;
  lighting.surroundings = Surroundings::kSky;
  const Light light(lighting, {0, 0, 0});
  SurfaceSample nothing;
  const Eigen::Vector3f eye(1, 2, 3);
  nothing.x_in_world = eye + Eigen::Vector3f(0, 0.4f, 0.8f);
  const Eigen::Vector3f seen = light.Shade(nothing, {}, {}, eye);
  const Eigen::Vector3f expected = OpenSky(eye, Eigen::Vector3f(0, 0.4f, 0.8f).normalized());
  EXPECT_LT((seen - expected).norm(), 1e-4f);
}

TEST(SurroundingsTest, AMirrorIsSharperThanAMatteSurface) {
  // Across the border between ground and sky.
  const auto change = [](float blur) {
    return (RadianceFrom(Surroundings::kSky, {0, 0.999f, 0.04f}, blur) -
            RadianceFrom(Surroundings::kSky, {0, 0.999f, -0.04f}, blur))
        .norm();
  };
  EXPECT_GT(change(0), 4 * change(1));
}

}  // namespace
}  // namespace plumb
