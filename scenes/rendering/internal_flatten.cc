// SPDX-License-Identifier: Apache-2.0
#include "scenes/rendering/internal_flatten.h"

#include <algorithm>
#include <cmath>

#include "core/check.h"
#include "scenes/rendering/internal_noise.h"

namespace plumb {
namespace {

float Reach(const TexturePoint& point, int axis) {
  return std::abs(point.step_right[axis]) + std::abs(point.step_down[axis]) + 1e-6f;
}

}  // namespace

FlatPoint OnPlane(const TexturePoint& point, int u_axis, int v_axis) {
  return {
      point.x_in_body[u_axis], point.x_in_body[v_axis], Reach(point, u_axis), Reach(point, v_axis)};
}

namespace {

// Longitude and latitude (height for cylinders and cones), as lengths on the surface.
FlatPoint OnRoundSide(const Texture& texture, const TexturePoint& point) {
  const Eigen::Vector3f& x = point.x_in_body;
  const float reach = point.reach;
  const float angle = std::atan2(x.y(), x.x());
  const float radius = std::max(1e-4f, std::hypot(x.x(), x.y()));
  FlatPoint flat{angle * texture.half_m.x(), x.z(), reach * texture.half_m.x() / radius, reach};
  if (texture.shape == ShapeKind::kSphere) {
    flat.v = texture.half_m.x() * std::asin(std::clamp(x.z() / texture.half_m.x(), -1.0f, 1.0f));
  }
  return flat;
}

// Round the ring and round the tube, with an even number of cells both ways.
FlatPoint OnTube(const Texture& texture, const TexturePoint& point) {
  const Eigen::Vector3f& x = point.x_in_body;
  FlatPoint flat = OnRoundSide(texture, point);
  const float ring = texture.half_m.x() - texture.half_m.z();
  const float tube = texture.half_m.z();
  const float cells = 2 * std::max(1.0f, std::round(kPi * tube / texture.size_m));
  const float stretch = cells * texture.size_m / (2 * kPi * tube);
  flat.v = stretch * tube * std::atan2(x.z(), std::hypot(x.x(), x.y()) - ring);
  flat.reach_v *= stretch;
  return flat;
}

}  // namespace

FlatPoint Flatten(const Texture& texture, const TexturePoint& point) {
  switch (texture.shape) {
    case ShapeKind::kBox:
    case ShapeKind::kConvex:
      // Walls keep the body's z upright in v.
      return OnPlane(point, point.part / 2 == 0 ? 1 : 0, point.part / 2 == 2 ? 1 : 2);
    case ShapeKind::kCylinder:
    case ShapeKind::kCone:
    case ShapeKind::kHoop:
      if (point.part == 1 || point.part == 2) return OnPlane(point, 0, 1);
      return OnRoundSide(texture, point);
    case ShapeKind::kSphere:
    case ShapeKind::kCapsule:
      return OnRoundSide(texture, point);
    case ShapeKind::kTorus:
      return OnTube(texture, point);
    case ShapeKind::kCompound:
      break;
  }
  throw CheckFailure("unknown shape");
}

// A square wave of period 2 between -1 and 1, averaged over `reach`.
float SquareWave(float x, float reach) {
  const float phase = x - 2 * std::floor(x / 2);      // 0–2
  const float triangle = 0.5f - std::abs(phase - 1);  // 0.5 at 1, crosses at 0.5 and 1.5
  const float fade = std::clamp(2.0f - reach, 0.0f, 1.0f);
  return fade * std::clamp(2 * triangle / std::max(reach, 1e-4f), -1.0f, 1.0f);
}

// Share of a pixel that is covered by the lines of width `width` between cells of length 1.
float LineShare(float x, float width, float reach) {
  const float from_line = 0.5f - std::abs(x - std::floor(x) - 0.5f);
  const float cover = std::clamp((0.5f * width - from_line) / reach + 0.5f, 0.0f, 1.0f);
  return cover * std::min(1.0f, width / reach + 0.25f);
}

Eigen::Vector3f Mix(const Eigen::Vector3f& a, const Eigen::Vector3f& b, float t) {
  return a + (b - a) * t;
}

// A random multiplier for each colour channel of one brick, tile or plank: they differ more in
// brightness than in hue.
Eigen::Vector3f CellTint(const Texture& texture, int x, int y, float spread) {
  constexpr float kHueSpread = 0.15f;
  const uint32_t salt = texture.salt;
  const float shared = CellValue(x, y, salt) - 0.5f;
  Eigen::Vector3f tint;
  for (int c = 0; c < 3; ++c) {
    const float own = CellValue(x, y, salt + 77 + static_cast<uint32_t>(c)) - 0.5f;
    tint[c] = 1 + spread * (1.4f * shared + kHueSpread * own);
  }
  return tint;
}

float NoiseAt(const Texture& texture, const TexturePoint& point, float size_m) {
  return FractalNoise((point.x_in_body + texture.origin_m) / size_m, point.reach / size_m);
}

}  // namespace plumb
