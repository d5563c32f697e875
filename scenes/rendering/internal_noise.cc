// SPDX-License-Identifier: Apache-2.0
#include "scenes/rendering/internal_noise.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/seed.h"

namespace plumb {
namespace {

constexpr int kOctaves = 4;

// A permutation of 0–255, written twice so that sums need no wrap, and a value for each entry.
struct Lattice {
  std::array<uint8_t, 1024> order;
  std::array<float, 1024> value;
};

Lattice MakeLattice() {
  Lattice lattice;
  std::array<uint8_t, 256> order;
  for (int i = 0; i < 256; ++i) order[i] = static_cast<uint8_t>(i);
  Random random(0x6c617474696365ULL);
  for (int i = 255; i > 0; --i) std::swap(order[i], order[random.Index(i + 1)]);
  for (int i = 0; i < 1024; ++i) {
    lattice.order[i] = order[i & 255];
    lattice.value[i] = static_cast<float>(order[(i * 7 + 31) & 255]) / 255.0f;
  }
  return lattice;
}

const Lattice& SharedLattice() {
  static const Lattice lattice = MakeLattice();
  return lattice;
}

float Fade(float t) { return t * t * (3 - 2 * t); }
float Mix(float a, float b, float t) { return a + (b - a) * t; }

// A bijection of 32 bits in which every bit depends on all (Ellis's lowbias32).
uint32_t Stir(uint32_t h) {
  h = (h ^ (h >> 16)) * 0x7feb352du;
  h = (h ^ (h >> 15)) * 0x846ca68bu;
  return h ^ (h >> 16);
}

}  // namespace

uint32_t HashCell(int32_t x, int32_t y, uint32_t salt) {
  return Stir(Stir(static_cast<uint32_t>(x) * 0x9e3779b1u + salt) ^ static_cast<uint32_t>(y));
}

float CellValue(int32_t x, int32_t y, uint32_t salt) {
  return static_cast<float>(HashCell(x, y, salt) >> 8) * 0x1.0p-24f;
}

float ValueNoise(const Eigen::Vector3f& x) {
  const Lattice& lattice = SharedLattice();
  const float fx = std::floor(x.x());
  const float fy = std::floor(x.y());
  const float fz = std::floor(x.z());
  const int ix = static_cast<int>(fx) & 255;
  const int iy = static_cast<int>(fy) & 255;
  const int iz = static_cast<int>(fz) & 255;
  const float tx = Fade(x.x() - fx);
  const float ty = Fade(x.y() - fy);
  const float tz = Fade(x.z() - fz);
  const auto line = [&](int cell) { return Mix(lattice.value[cell], lattice.value[cell + 1], tz); };
  const auto plane = [&](int column) {
    return Mix(
        line(lattice.order[column + iy] + iz), line(lattice.order[column + iy + 1] + iz), ty);
  };
  return Mix(plane(lattice.order[ix]), plane(lattice.order[ix + 1]), tx);
}

float FractalNoise(const Eigen::Vector3f& x, float footprint) {
  float sum = 0;
  float weight = 0.5f;
  float scale = 1;
  for (int octave = 0; octave < kOctaves; ++octave) {
    // Full strength while a lattice cell spans more than three pixels, nothing below one.
    const float strength = std::clamp(1.5f - 1.5f * footprint * scale, 0.0f, 1.0f);
    if (strength <= 0) break;
    sum += weight * strength *
           (ValueNoise(x * scale + Eigen::Vector3f::Constant(17.0f * octave)) - 0.5f);
    weight *= 0.5f;
    scale *= 2;
  }
  return 0.5f + sum;
}

}  // namespace plumb
