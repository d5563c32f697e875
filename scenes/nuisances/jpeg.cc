// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "scenes/nuisances/internal_nuisances.h"

namespace plumb {
namespace {

using Block = std::array<double, 64>;

// Tables K.1 and K.2 of ITU-T T.81.
constexpr std::array<int, 64> kLuma = {
    16, 11, 10, 16, 24,  40,  51,  61,  12, 12, 14, 19, 26,  58,  60,  55,
    14, 13, 16, 24, 40,  57,  69,  56,  14, 17, 22, 29, 51,  87,  80,  62,
    18, 22, 37, 56, 68,  109, 103, 77,  24, 35, 55, 64, 81,  104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99};
constexpr std::array<int, 64> kChroma = {
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99,
    99, 99, 47, 66, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99};

Block Steps(const std::array<int, 64>& table, int quality) {
  const int scale = quality < 50 ? 5000 / std::max(1, quality) : 200 - 2 * quality;
  Block steps;
  for (int i = 0; i < 64; ++i) steps[i] = std::clamp((table[i] * scale + 50) / 100, 1, 255);
  return steps;
}

// Row k: the k'th cosine, scaled so that the matrix is orthogonal.
const Block& Cosines() {
  static const Block cosines = [] {
    Block rows;
    for (int k = 0; k < 8; ++k) {
      for (int x = 0; x < 8; ++x) {
        const double scale = k == 0 ? std::sqrt(1.0 / 8) : 0.5;
        rows[8 * k + x] = scale * std::cos((2 * x + 1) * k * std::numbers::pi / 16);
      }
    }
    return rows;
  }();
  return cosines;
}

// C · block · Cᵀ, or Cᵀ · block · C back again.
Block Transformed(const Block& block, bool back) {
  const Block& c = Cosines();
  Block half{};
  Block result{};
  for (int i = 0; i < 8; ++i) {
    for (int j = 0; j < 8; ++j) {
      for (int k = 0; k < 8; ++k)
        half[8 * i + j] += (back ? c[8 * k + i] : c[8 * i + k]) * block[8 * k + j];
    }
  }
  for (int i = 0; i < 8; ++i) {
    for (int j = 0; j < 8; ++j) {
      for (int k = 0; k < 8; ++k)
        result[8 * i + j] += half[8 * i + k] * (back ? c[8 * k + j] : c[8 * j + k]);
    }
  }
  return result;
}

Block Quantised(const Block& block, const Block& steps) {
  Block coefficients = Transformed(block, false);
  for (int i = 0; i < 64; ++i)
    coefficients[i] = steps[i] * std::floor(coefficients[i] / steps[i] + 0.5);
  return Transformed(coefficients, true);
}

// JFIF's luma and colour differences, all about zero, and back.
std::array<double, 3> YccOf(const uint8_t* rgb) {
  const double r = rgb[0], g = rgb[1], b = rgb[2];
  return {0.299 * r + 0.587 * g + 0.114 * b - 128,
          -0.168736 * r - 0.331264 * g + 0.5 * b,
          0.5 * r - 0.418688 * g - 0.081312 * b};
}

void Store(double y, double cb, double cr, uint8_t* rgb) {
  const std::array<double, 3> values = {
      y + 128 + 1.402 * cr, y + 128 - 0.344136 * cb - 0.714136 * cr, y + 128 + 1.772 * cb};
  for (int k = 0; k < 3; ++k)
    rgb[k] = static_cast<uint8_t>(std::clamp(std::floor(values[k] + 0.5), 0.0, 255.0));
}

}  // namespace

Image Requantised(const Image& image, int quality) {
  const std::array<Block, 3> steps = {
      Steps(kLuma, quality), Steps(kChroma, quality), Steps(kChroma, quality)};
  Image result = image;
  for (int top = 0; top < image.height; top += 8) {
    for (int left = 0; left < image.width; left += 8) {
      std::array<Block, 3> blocks;
      for (int i = 0; i < 64; ++i) {
        const int x = std::min(left + i % 8, image.width - 1);
        const int y = std::min(top + i / 8, image.height - 1);
        const std::array<double, 3> ycc = YccOf(image.Pixel(x, y));
        for (int k = 0; k < 3; ++k) blocks[k][i] = ycc[k];
      }
      for (int k = 0; k < 3; ++k) blocks[k] = Quantised(blocks[k], steps[k]);
      for (int i = 0; i < 64; ++i) {
        const int x = left + i % 8;
        const int y = top + i / 8;
        if (x >= image.width || y >= image.height) continue;
        Store(blocks[0][i], blocks[1][i], blocks[2][i], result.Pixel(x, y));
      }
    }
  }
  return result;
}

}  // namespace plumb
