// SPDX-License-Identifier: Apache-2.0
#include "scenes/rendering/internal_surroundings.h"

#include <algorithm>
#include <cmath>

#include "scenes/rendering/internal_noise.h"

namespace plumb {
namespace {

// From 0 to 1 where x runs from -width to width.
float Step(float x, float width) { return std::clamp(0.5f + 0.5f * x / width, 0.0f, 1.0f); }

Eigen::Vector3f Mix(const Eigen::Vector3f& a, const Eigen::Vector3f& b, float t) {
  return a + (b - a) * t;
}

Eigen::Vector3f SkyAbove(float up) {
  const Eigen::Vector3f zenith(0.42f, 0.62f, 1.0f);
  const Eigen::Vector3f horizon(0.95f, 0.96f, 0.98f);
  return Mix(horizon, zenith, std::sqrt(std::clamp(up, 0.0f, 1.0f)));
}

Eigen::Vector3f SkyIn(const Eigen::Vector3f& d, float blur) {
  const Eigen::Vector3f ground(0.50f, 0.46f, 0.42f);
  return Mix(ground, SkyAbove(d.z()), Step(d.z(), 0.02f + 0.6f * blur));
}

// Two soft boxes to the sides, one above, a dark room between.
Eigen::Vector3f StudioIn(const Eigen::Vector3f& d, float blur) {
  const float width = 0.04f + 0.5f * blur;
  const float above = Step(d.z() - 0.72f, width);
  const float sides =
      Step(std::abs(d.x()) - 0.62f, width) * Step(0.5f - std::abs(d.z() - 0.25f), width);
  const float light = 0.22f + 0.12f * d.z() + 1.5f * above + 1.1f * sides;
  return light * Eigen::Vector3f(1.0f, 0.985f, 0.96f);
}

}  // namespace

Eigen::Vector3f RadianceFrom(Surroundings surroundings, const Eigen::Vector3f& d, float blur) {
  return surroundings == Surroundings::kSky ? SkyIn(d, blur) : StudioIn(d, blur);
}

Eigen::Vector3f AmbientOn(Surroundings surroundings, const Eigen::Vector3f& normal) {
  const float up = 0.5f + 0.5f * normal.z();
  if (surroundings == Surroundings::kSky) {
    // Blue from above, warm light that the ground sends back from below.
    return Mix({0.62f, 0.54f, 0.45f}, {0.80f, 0.92f, 1.12f}, up);
  }
  // More from above and from the sides where the boxes stand than from the front. The film holds
  // what shines brighter than white.
  const float light = 0.64f + 0.60f * up + 0.18f * normal.x() * normal.x();
  return light * Eigen::Vector3f(0.95f, 0.99f, 1.03f);
}

Eigen::Vector3f LampColour(Surroundings surroundings) {
  if (surroundings == Surroundings::kSky) return {1.42f, 1.31f, 1.12f};
  return {1.34f, 1.28f, 1.17f};
}

namespace {

// Grass in clumps, seen from above it in perspective and paler far away.
Eigen::Vector3f MeadowAt(const Eigen::Vector3f& eye, const Eigen::Vector3f& d) {
  const float distance = std::max(0.1f, eye.z()) / -d.z();
  const Eigen::Vector2f place = eye.head<2>() + distance * d.head<2>();
  // One pixel of a common picture in units of the coarse clumps, stretched by the flat look.
  const float reach = 0.004f * distance * std::min(20.0f, 1 / -d.z());
  const float coarse = FractalNoise({0.4f * place.x(), 0.4f * place.y(), 2.5f}, 0.4f * reach);
  const float fine = FractalNoise({3 * place.x(), 3 * place.y(), 7.5f}, 3 * reach);
  const Eigen::Vector3f grass = Mix(
      {0.13f, 0.20f, 0.05f}, {0.34f, 0.37f, 0.14f}, std::clamp(coarse + fine - 0.5f, 0.0f, 1.0f));
  return Mix(grass, {0.30f, 0.38f, 0.24f}, std::min(1.0f, distance / 60));
}

}  // namespace

Eigen::Vector3f OpenSky(const Eigen::Vector3f& eye, const Eigen::Vector3f& d) {
  if (d.z() < -0.004f) return MeadowAt(eye, d);
  const float up = std::max(0.0f, d.z());
  Eigen::Vector3f colour = Mix({0.72f, 0.84f, 0.95f}, {0.20f, 0.42f, 0.85f}, std::sqrt(up));
  // Clouds on a sheet far above, drawn thin towards the horizon.
  const Eigen::Vector2f sheet = d.head<2>() / (up + 0.12f);
  const float cloud = FractalNoise({0.9f * sheet.x(), 1.6f * sheet.y(), 4.3f}, 0.05f);
  const float cover = std::clamp(3.2f * (cloud - 0.47f), 0.0f, 0.9f) * Step(up - 0.06f, 0.06f);
  colour = Mix(colour, {0.97f, 0.97f, 0.98f}, cover);
  if (up > 0.15f) return colour;
  // Two rows of hills on a circle around the eye.
  const Eigen::Vector2f way = d.head<2>().normalized();
  const float far_hills = 0.045f + 0.07f * FractalNoise({4 * way.x(), 4 * way.y(), 0.5f}, 0.02f);
  const float near_hills = 0.01f + 0.06f * FractalNoise({7 * way.x(), 7 * way.y(), 9.5f}, 0.02f);
  const float ridge = FractalNoise({30 * way.x(), 30 * way.y(), 3.5f}, 0.3f);
  // Woods on the near ones, seen as light and dark crowns; their edge is uneven.
  const float woods = FractalNoise({45 * way.x(), 45 * way.y(), 110 * up}, 0.4f);
  colour = Mix(colour, {0.46f, 0.57f, 0.68f}, Step(far_hills + 0.008f * ridge - up, 0.002f));
  const Eigen::Vector3f crowns = Mix(
      {0.09f, 0.15f, 0.08f}, {0.31f, 0.38f, 0.24f}, std::clamp(2.2f * woods - 0.6f, 0.0f, 1.0f));
  colour = Mix(colour, crowns, Step(near_hills + 0.012f * woods - up, 0.002f));
  // Down to the colour of the far meadow.
  return Mix(colour, {0.30f, 0.38f, 0.24f}, Step(-0.001f - d.z(), 0.004f));
}

}  // namespace plumb
