// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/mode_measures.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <utility>

#include "core/check.h"

namespace plumb {
namespace {

double HalfL1(const double* a, const double* b, size_t count) {
  double sum = 0.0;
  for (size_t i = 0; i < count; ++i) sum += std::abs(a[i] - b[i]);
  return sum / 2;
}

double PixelDifference(const uint8_t* a, const uint8_t* b) {
  return (std::abs(a[0] - b[0]) + std::abs(a[1] - b[1]) + std::abs(a[2] - b[2])) / 3.0;
}

std::array<double, 64> Palette(const Image& image) {
  std::array<double, 64> shares = {};
  const size_t pixels = image.rgb.size() / 3;
  for (size_t i = 0; i < image.rgb.size(); i += 3) {
    const int bin = image.rgb[i] / 64 * 16 + image.rgb[i + 1] / 64 * 4 + image.rgb[i + 2] / 64;
    shares[bin] += 1.0 / static_cast<double>(pixels);
  }
  return shares;
}

// The hue in sixths of the circle, of a pixel whose channels differ.
double Hue(const uint8_t* rgb) {
  const double r = rgb[0], g = rgb[1], b = rgb[2];
  const double most = std::max({r, g, b}), range = most - std::min({r, g, b});
  const double sixth = most == r   ? (g - b) / range
                       : most == g ? 2 + (b - r) / range
                                   : 4 + (r - g) / range;
  return sixth < 0 ? sixth + 6 : sixth;
}

// Whether a pixel is strongly coloured.
bool IsStrong(const uint8_t* rgb) {
  constexpr int kStrong = 90;
  const auto [least, most] = std::minmax({rgb[0], rgb[1], rgb[2]});
  return most - least >= kStrong;
}

// The pixels of the largest piece that hangs together by edges of pixels; empty without any.
std::vector<std::pair<int, int>> LargestPiece(const Image& image) {
  std::vector<std::pair<int, int>> largest;
  std::vector<uint8_t> is_open(static_cast<size_t>(image.width) * image.height);
  const auto at = [&](int x, int y) -> uint8_t& {
    return is_open[static_cast<size_t>(y) * image.width + x];
  };
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) at(x, y) = IsStrong(image.Pixel(x, y)) ? 1 : 0;
  }
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      if (at(x, y) == 0) continue;
      std::vector<std::pair<int, int>> piece = {{x, y}};
      at(x, y) = 0;
      for (size_t i = 0; i < piece.size(); ++i) {
        const auto [px, py] = piece[i];
        for (const auto& [nx, ny] :
             {std::pair{px - 1, py}, {px + 1, py}, {px, py - 1}, {px, py + 1}}) {
          if (nx < 0 || ny < 0 || nx >= image.width || ny >= image.height || at(nx, ny) == 0)
            continue;
          at(nx, ny) = 0;
          piece.push_back({nx, ny});
        }
      }
      if (piece.size() > largest.size()) largest = std::move(piece);
    }
  }
  return largest;
}

// Adds a frame's piece to the outline, every frame with the weight of its pixels.
void AddDistances(const std::vector<std::pair<int, int>>& piece, ColouredObject& look) {
  const double area = static_cast<double>(piece.size());
  const double radius = std::sqrt(area / std::numbers::pi);
  double middle_x = 0.0, middle_y = 0.0;
  for (const auto& [x, y] : piece) {
    middle_x += x / area;
    middle_y += y / area;
  }
  for (const auto& [x, y] : piece) {
    const double away = std::hypot(x - middle_x, y - middle_y) / radius;
    look.distances[std::min<size_t>(static_cast<size_t>(4 * away), 7)] += 1;
  }
}

}  // namespace

double MeanDifference(const Image& a, const Image& b) {
  PLUMB_CHECK(a.width == b.width && a.height == b.height, "{}x{}", a.width, a.height);
  double sum = 0.0;
  for (size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(a.rgb[i] - b.rgb[i]);
  return sum / static_cast<double>(a.rgb.size());
}

double SeamError(const Video& video, int frame) {
  PLUMB_CHECK(frame > 0 && frame < video.num_frames() && video.num_frames() > 2, "{}", frame);
  double others = 0.0;
  for (int i = 1; i < video.num_frames(); ++i) {
    if (i != frame) others += MeanDifference(video.frame(i - 1), video.frame(i));
  }
  const double mean = others / (video.num_frames() - 2);
  return MeanDifference(video.frame(frame - 1), video.frame(frame)) / std::max(mean, 0.1);
}

double LoopSeamError(const Video& video) {
  std::vector<Image> turned(video.frames());
  std::rotate(turned.begin(), turned.begin() + video.num_frames() / 2, turned.end());
  return SeamError({std::move(turned), video.fps()}, video.num_frames() - video.num_frames() / 2);
}

double EdgeError(const Video& video, const Video& original, const std::vector<uint8_t>& mask) {
  PLUMB_CHECK(
      mask.size() == static_cast<size_t>(video.width()) * video.height(), "{}", mask.size());
  double made = 0.0, own = 0.0;
  int64_t pairs = 0;
  for (int i = 0; i < std::min(video.num_frames(), original.num_frames()); ++i) {
    for (int y = 0; y < video.height(); ++y) {
      for (int x = 1; x < video.width(); ++x) {
        const size_t at = static_cast<size_t>(y) * video.width() + x;
        if (mask[at] == mask[at - 1]) continue;
        made += PixelDifference(video.frame(i).Pixel(x - 1, y), video.frame(i).Pixel(x, y));
        own += PixelDifference(original.frame(i).Pixel(x - 1, y), original.frame(i).Pixel(x, y));
        ++pairs;
      }
    }
  }
  PLUMB_CHECK(pairs > 0, "the mask has no edge");
  return made / std::max(own, 0.5 * static_cast<double>(pairs));
}

double PaletteDistance(const Image& a, const Image& b) {
  return HalfL1(Palette(a).data(), Palette(b).data(), 64);
}

ColouredObject LookOf(const Video& video) {
  ColouredObject look;
  double pixels = 0.0, strong = 0.0, outlined = 0.0;
  for (const Image& frame : video.frames()) {
    const std::vector<std::pair<int, int>> piece = LargestPiece(frame);
    AddDistances(piece, look);
    outlined += static_cast<double>(piece.size());
    for (size_t i = 0; i < frame.rgb.size(); i += 3) {
      pixels += 1;
      if (!IsStrong(&frame.rgb[i])) continue;
      strong += 1;
      look.hues[static_cast<size_t>(Hue(&frame.rgb[i]) * 4) % 24] += 1;
    }
  }
  look.share = strong / pixels;
  for (double& hue : look.hues) hue /= std::max(strong, 1.0);
  for (double& distance : look.distances) distance /= std::max(outlined, 1.0);
  return look;
}

double HueDistance(const ColouredObject& a, const ColouredObject& b) {
  if (a.share == 0 || b.share == 0) return 1.0;
  return HalfL1(a.hues.data(), b.hues.data(), a.hues.size());
}

double SizeDistance(const ColouredObject& a, const ColouredObject& b) {
  constexpr double kMost = 3.0;
  if (a.share == 0 || b.share == 0) return kMost;
  return std::min(kMost, std::abs(std::log(a.share / b.share)));
}

double ShapeDistance(const ColouredObject& a, const ColouredObject& b) {
  if (a.share == 0 || b.share == 0) return 1.0;
  return HalfL1(a.distances.data(), b.distances.data(), a.distances.size());
}

}  // namespace plumb
