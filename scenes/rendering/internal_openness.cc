// SPDX-License-Identifier: Apache-2.0
// The filter that puts the parts of neighbouring pixels together.
#include <algorithm>
#include <bit>

#include "scenes/rendering/internal_light.h"

namespace plumb {
namespace {

constexpr BlockedBits kLightMask = (1 << kLightRays) - 1;
constexpr BlockedBits kSkyMask = ((1 << kSkyRays) - 1) << kLightRays;
// A pixel's block reaches from this many pixels before it to this many after it.
constexpr int kBefore = 1;
constexpr int kAfter = 2;
// Where an edge cuts the block, what is left of it holds other parts of the rays from one pixel to
// the next, which shows as dashes along the joints of walls: there the block reaches further, so
// that half of it still holds every part.
constexpr int kWideBefore = 3;
constexpr int kWideAfter = 4;
constexpr int kBlockPixels = (kBefore + 1 + kAfter) * (kBefore + 1 + kAfter);

// How many of the rays of how many pixels are blocked.
struct BlockSum {
  int pixels = 0;
  int light = 0;
  int sky = 0;

  void Add(BlockedBits bits) {
    ++pixels;
    light += std::popcount(static_cast<unsigned int>(bits & kLightMask));
    sky += std::popcount(static_cast<unsigned int>(bits & kSkyMask));
  }
  Openness Open() const {
    return {1 - static_cast<float>(light) / static_cast<float>(kLightRays * pixels),
            1 - static_cast<float>(sky) / static_cast<float>(kSkyRays * pixels)};
  }
};

bool SameSurface(const SurfaceSample& a, const SurfaceSample& b) {
  return a.body == b.body && a.normal.dot(b.normal) > 0.9f;
}

// Over the pixels around one, from `before` ahead of it to `after` behind, that lie on its surface.
BlockSum SumAround(const std::vector<BlockedBits>& blocked,
                   const std::vector<SurfaceSample>& samples,
                   int width,
                   int index,
                   int before,
                   int after) {
  const int height = static_cast<int>(samples.size()) / width;
  const int x = index % width;
  const int y = index / width;
  BlockSum sum;
  for (int v = std::max(0, y - before); v <= std::min(height - 1, y + after); ++v) {
    for (int u = std::max(0, x - before); u <= std::min(width - 1, x + after); ++u) {
      const int other = v * width + u;
      if (SameSurface(samples[index], samples[other])) sum.Add(blocked[other]);
    }
  }
  return sum;
}

// The same for a pixel whose whole block lies in the picture and on one flat surface.
BlockSum FlatSumAround(const std::vector<BlockedBits>& blocked, int width, int index) {
  BlockSum sum;
  for (int v = -kBefore; v <= kAfter; ++v) {
    const BlockedBits* row = &blocked[index + v * width - kBefore];
    for (int u = 0; u <= kBefore + kAfter; ++u) sum.Add(row[u]);
  }
  return sum;
}

// For every pixel the bitwise or of a quality of the pixels in its block, as far as they lie in the
// picture.
std::vector<uint8_t> AnyInBlock(const std::vector<uint8_t>& quality, int width) {
  const int height = static_cast<int>(quality.size()) / width;
  std::vector<uint8_t> along = quality;
  std::vector<uint8_t> any(quality.size());
  for (int y = 0; y < height; ++y) {
    const uint8_t* from = &quality[y * width];
    uint8_t* to = &along[y * width];
    for (int step = -kBefore; step <= kAfter; ++step) {
      for (int x = std::max(0, -step); x < width - std::max(0, step); ++x) to[x] |= from[x + step];
    }
  }
  for (int y = 0; y < height; ++y) {
    for (int v = std::max(0, y - kBefore); v <= std::min(height - 1, y + kAfter); ++v) {
      for (int x = 0; x < width; ++x) any[y * width + x] |= along[v * width + x];
    }
  }
  return any;
}

// 1 where a pixel differs in body or normal from the one to its left or above, or lies too near to
// the border for a whole block: the block of a pixel is flat when none of its pixels is marked and
// the first row and column are left out of account (they only make the answer more careful).
std::vector<uint8_t> Steps(const std::vector<SurfaceSample>& samples, int width) {
  const int height = static_cast<int>(samples.size()) / width;
  std::vector<uint8_t> steps(samples.size(), 1);
  const auto differ = [](const SurfaceSample& a, const SurfaceSample& b) {
    return a.body != b.body || a.normal != b.normal;
  };
  for (int y = 1; y + 1 < height; ++y) {
    for (int x = 1; x + 1 < width; ++x) {
      const int i = y * width + x;
      steps[i] = differ(samples[i], samples[i - 1]) || differ(samples[i], samples[i - width]);
    }
  }
  return steps;
}

}  // namespace

std::vector<Openness> FilterOpenness(const std::vector<BlockedBits>& blocked,
                                     const std::vector<SurfaceSample>& samples,
                                     int width) {
  const std::vector<uint8_t> near = AnyInBlock(blocked, width);
  const std::vector<uint8_t> uneven = AnyInBlock(Steps(samples, width), width);
  std::vector<Openness> open(samples.size());
  for (size_t i = 0; i < samples.size(); ++i) {
    if (near[i] == 0 || samples[i].body < 0) continue;
    const int index = static_cast<int>(i);
    BlockSum sum = uneven[i] ? SumAround(blocked, samples, width, index, kBefore, kAfter)
                             : FlatSumAround(blocked, width, index);
    if (sum.pixels < kBlockPixels) {
      sum = SumAround(blocked, samples, width, index, kWideBefore, kWideAfter);
    }
    open[i] = sum.Open();
  }
  return open;
}

}  // namespace plumb
