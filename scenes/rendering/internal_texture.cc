// SPDX-License-Identifier: Apache-2.0
#include "scenes/rendering/internal_texture.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "core/check.h"
#include "core/seed.h"
#include "scenes/rendering/internal_flatten.h"
#include "scenes/rendering/internal_noise.h"

namespace plumb {
namespace {

Eigen::Vector3f CheckerColour(const Texture& texture, const FlatPoint& flat) {
  const float across =
      SquareWave(flat.u / texture.around_m + 0.5f, flat.reach_u / texture.around_m);
  const float up = SquareWave(flat.v / texture.size_m, flat.reach_v / texture.size_m);
  return Mix(texture.colour, texture.second_colour, 0.5f + 0.5f * across * up);
}

Eigen::Vector3f StripesColour(const Texture& texture, const FlatPoint& flat) {
  const float wave = SquareWave(flat.v / texture.size_m, flat.reach_v / texture.size_m);
  return Mix(texture.colour, texture.second_colour, 0.5f + 0.5f * wave);
}

Eigen::Vector3f BrickColour(const Texture& texture, const FlatPoint& flat) {
  const float length = texture.around_m;
  const float height = texture.size_m / 2.6f;
  const int row = static_cast<int>(std::floor(flat.v / height));
  const float u = flat.u / length + ((row & 1) != 0 ? 0.5f : 0.0f);
  const int column = static_cast<int>(std::floor(u));
  const float mortar = std::max(LineShare(u, 0.05f, flat.reach_u / length),
                                LineShare(flat.v / height, 0.13f, flat.reach_v / height));
  const Eigen::Vector3f brick = texture.colour.cwiseProduct(CellTint(texture, column, row, 0.45f));
  return Mix(brick, texture.second_colour, mortar);
}

Eigen::Vector3f TilesColour(const Texture& texture, const FlatPoint& flat) {
  const float u = flat.u / texture.around_m;
  const float v = flat.v / texture.size_m;
  const float grout = std::max(LineShare(u, 0.045f, flat.reach_u / texture.around_m),
                               LineShare(v, 0.045f, flat.reach_v / texture.size_m));
  const Eigen::Vector3f tint =
      CellTint(texture, static_cast<int>(std::floor(u)), static_cast<int>(std::floor(v)), 0.4f);
  return Mix(texture.colour.cwiseProduct(tint), texture.second_colour, grout);
}

// Planks along u with grain; bodies smaller than three planks are one piece.
Eigen::Vector3f WoodColour(const Texture& texture, const TexturePoint& point) {
  const FlatPoint flat =
      texture.shape == ShapeKind::kBox ? Flatten(texture, point) : OnPlane(point, 2, 0);
  const float length = 7 * texture.size_m;
  const bool planks = texture.half_m.maxCoeff() > 1.5f * texture.size_m;
  const int row = planks ? static_cast<int>(std::floor(flat.v / texture.size_m)) : 0;
  const float u = flat.u / length + (planks ? CellValue(row, 0, texture.salt) : 0.0f);
  const int column = planks ? static_cast<int>(std::floor(u)) : 0;
  // Grain: noise stretched eight times along the plank, another cut for each plank.
  const float own = 37.0f * CellValue(row, column, texture.salt + 5);
  const float size = 0.3f * texture.size_m;
  const Eigen::Vector3f stretched(flat.u / (8 * size) + own, flat.v / size, own);
  const float grain = FractalNoise(stretched, flat.reach_v / size);
  const Eigen::Vector3f wood =
      Mix(texture.colour, texture.second_colour, std::clamp(1.8f * grain - 0.4f, 0.0f, 1.0f));
  if (!planks) return wood;
  const float gap =
      std::max(LineShare(u, 0.008f, flat.reach_u / length),
               LineShare(flat.v / texture.size_m, 0.05f, flat.reach_v / texture.size_m));
  return wood.cwiseProduct(CellTint(texture, column, row, 0.35f)) * (1 - 0.65f * gap);
}

// One vein in each unit of `across`; where `fade` is 0, veins are finer than a pixel and become the
// share of the surface that they cover.
float VeinAt(float across, float fade) {
  constexpr float kVeinShare = 0.11f;
  const float edge = 1 - std::abs(std::sin(kPi * across));
  return kVeinShare + fade * (edge * edge * edge * edge - kVeinShare);
}

Eigen::Vector3f MarbleColour(const Texture& texture, const TexturePoint& point) {
  const float turbulence = NoiseAt(texture, point, texture.size_m);
  const Eigen::Vector3f x = point.x_in_body / texture.size_m;
  // Broad veins mostly one way, and finer and paler ones across them.
  const float broad = x.dot(Eigen::Vector3f(0.55f, 0.30f, 0.40f)) + 3.2f * turbulence;
  const float narrow = x.dot(Eigen::Vector3f(-0.7f, 1.1f, 0.5f)) + 5.0f * turbulence;
  const float fade = std::clamp(1.5f - 2 * point.reach / texture.size_m, 0.0f, 1.0f);
  const float vein = VeinAt(broad, fade) + 0.4f * VeinAt(narrow, fade);
  const float cloud = std::clamp(2.0f * turbulence - 0.6f, 0.0f, 1.0f);
  return Mix(texture.colour, texture.second_colour, std::min(1.0f, vein + 0.3f * cloud));
}

Eigen::Vector3f NoiseColour(const Texture& texture, const TexturePoint& point) {
  // Coarse clouds and, on top, the octaves of a quarter of their size.
  const float coarse = NoiseAt(texture, point, texture.size_m);
  const float fine = NoiseAt(texture, point, 0.25f * texture.size_m);
  const float noise = 0.3f * coarse + 0.7f * fine;
  return Mix(texture.colour, texture.second_colour, std::clamp(3.4f * noise - 1.2f, 0.0f, 1.0f));
}

Eigen::Vector3f PatternColour(const Texture& texture, const TexturePoint& point) {
  switch (texture.pattern) {
    case Pattern::kPlain:
      return texture.colour;
    case Pattern::kChecker:
      return CheckerColour(texture, Flatten(texture, point));
    case Pattern::kStripes:
      return StripesColour(texture, Flatten(texture, point));
    case Pattern::kBrick:
      return BrickColour(texture, Flatten(texture, point));
    case Pattern::kTiles:
      return TilesColour(texture, Flatten(texture, point));
    case Pattern::kWood:
      return WoodColour(texture, point);
    case Pattern::kMarble:
      return MarbleColour(texture, point);
    case Pattern::kNoise:
      return NoiseColour(texture, point);
    default:
      return StuffColour(texture, point);
  }
  throw CheckFailure("unknown pattern");
}

std::vector<uint8_t> EncodeTable(int entries) {
  std::vector<uint8_t> table(entries + 1);
  for (int i = 0; i <= entries; ++i) {
    const double linear = static_cast<double>(i) / entries;
    const double srgb =
        linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
    table[i] = static_cast<uint8_t>(std::lround(255 * srgb));
  }
  return table;
}

}  // namespace

Texture WithMaterial(const Texture& texture, const Material& material) {
  Texture result = texture;
  result.pattern = material.pattern;
  result.colour = LinearFromSrgb(material.colour);
  result.second_colour = LinearFromSrgb(material.second_colour);
  result.size_m = static_cast<float>(material.pattern_size_m);
  result.around_m = result.size_m;
  if (result.shape != ShapeKind::kBox && result.shape != ShapeKind::kConvex) {
    // An even number of cells, so that a checker closes.
    const float round_m = 2 * kPi * result.half_m.x();
    result.around_m = round_m / (2 * std::max(1.0f, std::round(round_m / result.size_m / 2)));
  }
  return result;
}

Texture MakeTexture(const std::string& name, const Shape& shape, const Material& material) {
  Texture texture;
  texture.shape = shape.kind;
  texture.half_m = (shape.size_m / 2).cast<float>();
  const uint64_t seed = DeriveSeed(0, name, "texture");
  texture.salt = static_cast<uint32_t>(seed);
  for (int i = 0; i < 3; ++i) {
    texture.origin_m[i] = static_cast<float>((seed >> (16 * i)) & 1023) / 64.0f;
  }
  return WithMaterial(texture, material);
}

Eigen::Vector3f Albedo(const Texture& texture, const TexturePoint& point) {
  if (texture.pattern == Pattern::kPlain) return texture.colour;
  // All patterned surfaces carry a faint fine grain too: nothing real is perfectly even.
  const float grain = NoiseAt(texture, point, 0.35f * texture.size_m);
  const Eigen::Vector3f colour = PatternColour(texture, point) * (0.72f + 0.56f * grain);
  return colour.cwiseMin(1.0f).cwiseMax(0.0f);
}

Eigen::Vector3f LinearFromSrgb(const Eigen::Vector3d& srgb) {
  Eigen::Vector3f linear;
  for (int c = 0; c < 3; ++c) {
    const double value =
        srgb[c] <= 0.04045 ? srgb[c] / 12.92 : std::pow((srgb[c] + 0.055) / 1.055, 2.4);
    linear[c] = static_cast<float>(value);
  }
  return linear;
}

std::array<uint8_t, 3> SrgbFromLinear(const Eigen::Vector3f& linear) {
  constexpr int kEntries = 16384;
  static const std::vector<uint8_t> table = EncodeTable(kEntries);
  std::array<uint8_t, 3> encoded;
  for (int c = 0; c < 3; ++c) {
    const float clamped = std::clamp(linear[c], 0.0f, 1.0f);
    encoded[c] = table[static_cast<int>(clamped * kEntries + 0.5f)];
  }
  return encoded;
}

}  // namespace plumb
