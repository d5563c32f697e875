// SPDX-License-Identifier: Apache-2.0
// Patterns of stuffs: cork, fabric, speckle, brushed metal, printed labels, ice.
#include <algorithm>
#include <array>
#include <cmath>

#include "core/check.h"
#include "scenes/rendering/internal_flatten.h"
#include "scenes/rendering/internal_noise.h"

namespace plumb {
namespace {

// 0 below `low`, 1 above `high`, straight between.
float Ramp(float x, float low, float high) {
  return std::clamp((x - low) / (high - low), 0.0f, 1.0f);
}

Eigen::Vector3f CorkColour(const Texture& texture, const TexturePoint& point) {
  const float granule = NoiseAt(texture, point, 0.3f * texture.size_m);
  const float pore = NoiseAt(texture, point, 0.11f * texture.size_m);
  const Eigen::Vector3f base =
      Mix(texture.colour, texture.second_colour, Ramp(granule, 0.35f, 0.65f));
  return base * (1 - 0.6f * Ramp(pore, 0.66f, 0.76f));
}

// Warp over weft and weft over warp in turn, each thread round, some thicker than others.
Eigen::Vector3f FabricColour(const Texture& texture, const TexturePoint& point) {
  constexpr float kThreads = 14;
  const FlatPoint flat = Flatten(texture, point);
  const float u = kThreads * flat.u / texture.around_m;
  const float v = kThreads * flat.v / texture.size_m;
  const float reach =
      kThreads * std::max(flat.reach_u / texture.around_m, flat.reach_v / texture.size_m);
  const int column = static_cast<int>(std::floor(u));
  const int row = static_cast<int>(std::floor(v));
  const bool warp_above = ((column + row) & 1) == 0;
  const float across = warp_above ? u - std::floor(u) : v - std::floor(v);
  const float own = CellValue(warp_above ? column : row, warp_above ? 0 : 1, texture.salt) - 0.5f;
  const float round = std::sin(kPi * across) - 2 / kPi;
  const float fade = std::clamp(1.3f - 1.3f * reach, 0.0f, 1.0f);
  const Eigen::Vector3f thread =
      Mix(texture.colour, texture.second_colour, fade * (warp_above ? -0.35f : 0.35f) + 0.5f);
  return thread * (0.92f + fade * (0.45f * round + 0.25f * own));
}

Eigen::Vector3f SpeckleColour(const Texture& texture, const TexturePoint& point) {
  const float first = NoiseAt(texture, point, 0.22f * texture.size_m);
  TexturePoint moved = point;
  moved.x_in_body += Eigen::Vector3f::Constant(19.7f * texture.size_m);
  const float other = NoiseAt(texture, moved, 0.16f * texture.size_m);
  const Eigen::Vector3f pale = Mix(texture.colour, Eigen::Vector3f::Ones(), 0.6f);
  const Eigen::Vector3f chips =
      Mix(texture.colour, texture.second_colour, Ramp(first, 0.57f, 0.61f));
  return Mix(chips, pale, Ramp(other, 0.62f, 0.66f));
}

Eigen::Vector3f BrushedColour(const Texture& texture, const TexturePoint& point) {
  const FlatPoint flat = Flatten(texture, point);
  const float size = 0.06f * texture.size_m;
  const Eigen::Vector3f stretched(
      flat.u / (40 * size), flat.v / size, 31.0f * CellValue(1, 2, texture.salt));
  const float line = FractalNoise(stretched, flat.reach_v / size);
  return Mix(texture.colour, texture.second_colour, std::clamp(1.6f * line - 0.3f, 0.0f, 1.0f));
}

// Five rows of five dots, the left dot is the highest bit.
constexpr std::array<std::array<uint8_t, 5>, 8> kGlyphs = {{{0x1e, 0x11, 0x1e, 0x10, 0x10},
                                                            {0x10, 0x10, 0x10, 0x10, 0x1f},
                                                            {0x11, 0x11, 0x11, 0x11, 0x0e},
                                                            {0x11, 0x1b, 0x15, 0x11, 0x11},
                                                            {0x1e, 0x11, 0x1e, 0x11, 0x1e},
                                                            {0x0e, 0x11, 0x1f, 0x11, 0x11},
                                                            {0x1f, 0x04, 0x04, 0x04, 0x04},
                                                            {0x0f, 0x10, 0x0e, 0x01, 0x1e}}};
constexpr float kInkShare = 0.27f;  // of a label, its margins included

// Whether a point of a label in dots (7 across a letter, 9 down a line) is inked.
float InkAt(float x, float y, uint32_t salt) {
  const int letter = static_cast<int>(std::floor(x / 7));
  const int line = static_cast<int>(std::floor(y / 9));
  const int column = static_cast<int>(std::floor(x)) - 7 * letter - 1;
  const int row = static_cast<int>(std::floor(y)) - 9 * line - 2;
  if (column < 0 || column > 4 || row < 0 || row > 4) return 0;
  const auto& glyph = kGlyphs[HashCell(letter, line, salt) & 7u];
  return (glyph[row] >> (4 - column)) & 1;
}

Eigen::Vector3f LettersColour(const Texture& texture, const TexturePoint& point) {
  constexpr int kTaps = 4;
  constexpr float kDots = 9;  // a line of letters is one pattern size high
  const FlatPoint flat = Flatten(texture, point);
  const float x = kDots * flat.u / texture.around_m;
  const float y = -kDots * flat.v / texture.size_m;
  const float reach_x = kDots * flat.reach_u / texture.around_m;
  const float reach_y = kDots * flat.reach_v / texture.size_m;
  float ink = 0;
  for (int i = 0; i < kTaps; ++i) {
    for (int k = 0; k < kTaps; ++k) {
      ink += InkAt(x + reach_x * ((i + 0.5f) / kTaps - 0.5f),
                   y + reach_y * ((k + 0.5f) / kTaps - 0.5f),
                   texture.salt);
    }
  }
  // Letters of a few pixels fade to their grey.
  const float fade = std::clamp(2.0f - 0.4f * std::max(reach_x, reach_y), 0.0f, 1.0f);
  const float cover = kInkShare + fade * (ink / (kTaps * kTaps) - kInkShare);
  return Mix(texture.colour, texture.second_colour, cover);
}

Eigen::Vector3f FrostColour(const Texture& texture, const TexturePoint& point) {
  const float cloud = NoiseAt(texture, point, texture.size_m);
  TexturePoint moved = point;
  moved.x_in_body += Eigen::Vector3f::Constant(7.3f * texture.size_m);
  // Cracks run where another noise crosses its mean.
  const float off = std::abs(NoiseAt(texture, moved, 1.3f * texture.size_m) - 0.5f);
  const float fade = std::clamp(1.5f - 3 * point.reach / texture.size_m, 0.0f, 1.0f);
  const float crack = fade * (1 - Ramp(off, 0.0f, 0.025f));
  const Eigen::Vector3f body = Mix(texture.colour, texture.second_colour, Ramp(cloud, 0.35f, 0.7f));
  return Mix(body, Eigen::Vector3f::Ones(), 0.65f * crack);
}

}  // namespace

Eigen::Vector3f StuffColour(const Texture& texture, const TexturePoint& point) {
  switch (texture.pattern) {
    case Pattern::kCork:
      return CorkColour(texture, point);
    case Pattern::kFabric:
      return FabricColour(texture, point);
    case Pattern::kSpeckle:
      return SpeckleColour(texture, point);
    case Pattern::kBrushed:
      return BrushedColour(texture, point);
    case Pattern::kLetters:
      return LettersColour(texture, point);
    case Pattern::kFrost:
      return FrostColour(texture, point);
    default:
      throw CheckFailure("unknown pattern");
  }
}

}  // namespace plumb
