// SPDX-License-Identifier: Apache-2.0
#include "scenes/rendering/internal_edges.h"

#include <algorithm>

namespace plumb {
namespace {

// Whether the pictures of two neighbours meet in an edge that one sample cannot show.
bool IsEdge(const SurfaceSample& a, const SurfaceSample& b) {
  if (a.body != b.body || a.part / kFacesOfPart != b.part / kFacesOfPart) return true;
  return a.body >= 0 && a.normal.dot(b.normal) < 0.95f;
}

}  // namespace

std::vector<int> EdgePixels(const std::vector<SurfaceSample>& samples, int width) {
  const int height = static_cast<int>(samples.size()) / width;
  std::vector<uint8_t> is_edge(samples.size(), 0);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int i = y * width + x;
      if (x + 1 < width && IsEdge(samples[i], samples[i + 1])) is_edge[i] = is_edge[i + 1] = 1;
      if (y + 1 < height && IsEdge(samples[i], samples[i + width])) {
        is_edge[i] = is_edge[i + width] = 1;
      }
    }
  }
  std::vector<int> pixels;
  for (size_t i = 0; i < is_edge.size(); ++i) {
    if (is_edge[i]) pixels.push_back(static_cast<int>(i));
  }
  return pixels;
}

Openness OpennessNear(const SurfaceSample& sample, const OpenPicture& picture, int x, int y) {
  const int width = picture.width;
  const int height = static_cast<int>(picture.samples.size()) / width;
  float best = -2;
  int found = y * width + x;
  for (int v = std::max(0, y - 1); v <= std::min(height - 1, y + 1); ++v) {
    for (int u = std::max(0, x - 1); u <= std::min(width - 1, x + 1); ++u) {
      const SurfaceSample& other = picture.samples[v * width + u];
      if (other.body != sample.body) continue;
      // Prefer the pixel itself among equals.
      const float match = other.normal.dot(sample.normal) + (u == x && v == y ? 0.01f : 0.0f);
      if (match <= best) continue;
      best = match;
      found = v * width + u;
    }
  }
  return picture.open[found];
}

}  // namespace plumb
