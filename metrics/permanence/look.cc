// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/look.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/check.h"

namespace plumb {
namespace {

constexpr int kCells = 32 * 32 * 32;
constexpr double kKeptMass = 0.97;
constexpr int kMaxColours = 128;

int CellOf(const Rgb& rgb) { return (rgb[0] >> 3) << 10 | (rgb[1] >> 3) << 5 | (rgb[2] >> 3); }

Eigen::Vector3f CentreOf(int cell) {
  return OpponentColour(
      8.0f * (cell >> 10) + 3.5f, 8.0f * ((cell >> 5) & 31) + 3.5f, 8.0f * (cell & 31) + 3.5f);
}

// The most frequent cells that together hold the kept mass; equal counts in order of the cell.
std::vector<int> FrequentCells(const std::vector<int>& counts, size_t total) {
  std::vector<int> cells;
  for (int cell = 0; cell < kCells; ++cell) {
    if (counts[cell] > 0) cells.push_back(cell);
  }
  std::stable_sort(cells.begin(), cells.end(), [&](int a, int b) { return counts[a] > counts[b]; });
  size_t kept = 0;
  size_t mass = 0;
  while (kept < cells.size() && kept < kMaxColours && mass < kKeptMass * total) {
    mass += counts[cells[kept++]];
  }
  cells.resize(kept);
  return cells;
}

double LinearLight(double level) {
  const double v = level / 255.0;
  return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

double LabCurve(double t) {
  constexpr double kBreak = 216.0 / 24389.0;
  return t > kBreak ? std::cbrt(t) : (24389.0 / 27.0 * t + 16.0) / 116.0;
}

}  // namespace

Eigen::Vector3f OpponentColour(float red, float green, float blue) {
  const float luma = 0.299f * red + 0.587f * green + 0.114f * blue;
  return {0.5f * luma, 0.564f * (blue - luma), 0.713f * (red - luma)};
}

Eigen::Vector3d LabColour(const Eigen::Vector3d& rgb) {
  const double r = LinearLight(rgb[0]);
  const double g = LinearLight(rgb[1]);
  const double b = LinearLight(rgb[2]);
  const double x = LabCurve((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const double y = LabCurve(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
  const double z = LabCurve((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883);
  return {116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)};
}

Look::Look(const std::vector<Rgb>& colours) : distances_(kCells) {
  PLUMB_CHECK(!colours.empty(), "a look needs a colour");
  std::vector<int> counts(kCells, 0);
  for (const Rgb& rgb : colours) {
    ++counts[CellOf(rgb)];
    mean_rgb_ += Eigen::Vector3d(rgb[0], rgb[1], rgb[2]);
  }
  mean_rgb_ /= static_cast<double>(colours.size());
  std::vector<Eigen::Vector3f> own;
  for (const int cell : FrequentCells(counts, colours.size())) own.push_back(CentreOf(cell));
  for (int cell = 0; cell < kCells; ++cell) {
    const Eigen::Vector3f centre = CentreOf(cell);
    float nearest = (centre - own.front()).squaredNorm();
    for (const Eigen::Vector3f& colour : own) {
      nearest = std::min(nearest, (centre - colour).squaredNorm());
    }
    distances_[cell] = std::sqrt(nearest);
  }
}

}  // namespace plumb
