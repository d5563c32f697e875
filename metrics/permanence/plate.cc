// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/plate.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/check.h"
#include "core/statistics.h"
#include "metrics/pairing.h"
#include "metrics/permanence/look.h"

namespace plumb {
namespace {

constexpr float kAgreementLevels = 20.0f;
constexpr int kGainStride_px = 3;

uint8_t MedianLevel(std::vector<uint8_t>& levels) {
  const auto middle = levels.begin() + levels.size() / 2;
  std::nth_element(levels.begin(), middle, levels.end());
  return *middle;
}

float Luma(const uint8_t* rgb) { return 0.299f * rgb[0] + 0.587f * rgb[1] + 0.114f * rgb[2]; }

// How much darker and brighter free background gets, apart from one pixel in a thousand.
void MeasureLightRange(const std::vector<Image>& frames,
                       const std::vector<std::vector<uint8_t>>& masks,
                       const std::vector<int>& chosen,
                       Plate& plate) {
  std::vector<double> ratios;
  const size_t pixels = plate.known.size();
  for (const int f : chosen) {
    for (size_t p = f % 7; p < pixels; p += 7) {
      const float base = Luma(&plate.picture.rgb[3 * p]);
      if (!plate.known[p] || masks[f][p] || base < 24.0f) continue;
      ratios.push_back(Luma(&frames[f].rgb[3 * p]) / base);
    }
  }
  if (ratios.empty()) return;
  plate.darkest = std::clamp(static_cast<float>(Quantile(ratios, 0.001)) - 0.05f, 0.3f, 0.95f);
  plate.brightest = std::clamp(static_cast<float>(Quantile(ratios, 0.999)) + 0.05f, 1.05f, 1.5f);
}

}  // namespace

Plate MedianPlate(const std::vector<Image>& frames,
                  const std::vector<std::vector<uint8_t>>& object_masks,
                  int max_frames) {
  PLUMB_CHECK(!frames.empty() && frames.size() == object_masks.size(),
              "{} frames, {} masks",
              frames.size(),
              object_masks.size());
  Plate plate;
  plate.picture = frames.front();
  const size_t pixels = frames.front().rgb.size() / 3;
  plate.known.assign(pixels, 1);
  const std::vector<int> chosen = EvenlyChosen(static_cast<int>(frames.size()), max_frames);
  std::array<std::vector<uint8_t>, 3> levels;
  for (size_t p = 0; p < pixels; ++p) {
    for (std::vector<uint8_t>& channel : levels) channel.clear();
    for (const int f : chosen) {
      if (object_masks[f][p]) continue;
      for (int c = 0; c < 3; ++c) levels[c].push_back(frames[f].rgb[3 * p + c]);
    }
    if (!levels[0].empty()) {
      for (int c = 0; c < 3; ++c) plate.picture.rgb[3 * p + c] = MedianLevel(levels[c]);
      continue;
    }
    size_t f = 0;
    while (f < frames.size() && object_masks[f][p]) ++f;
    plate.known[p] = f < frames.size();
    if (plate.known[p]) {
      std::copy_n(&frames[f].rgb[3 * p], 3, &plate.picture.rgb[3 * p]);
    }
  }
  MeasureLightRange(frames, object_masks, chosen, plate);
  return plate;
}

Plate FramePlate(const Image& frame, const std::vector<uint8_t>& object_mask) {
  Plate plate;
  plate.picture = frame;
  plate.known.resize(object_mask.size());
  std::transform(object_mask.begin(), object_mask.end(), plate.known.begin(), [](uint8_t object) {
    return object ? 0 : 1;
  });
  plate.darkest = 0.7f;
  return plate;
}

std::vector<uint8_t> Dilated(const std::vector<uint8_t>& mask, int width, int radius_px) {
  const int height = static_cast<int>(mask.size()) / width;
  std::vector<uint8_t> wide(mask.size(), 0);
  std::vector<uint8_t> grown(mask.size(), 0);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      if (!mask[y * width + x]) continue;
      const int last = std::min(width - 1, x + radius_px);
      for (int i = std::max(0, x - radius_px); i <= last; ++i) wide[y * width + i] = 1;
    }
  }
  for (int y = 0; y < height; ++y) {
    const int last = std::min(height - 1, y + radius_px);
    for (int x = 0; x < width; ++x) {
      if (!wide[y * width + x]) continue;
      for (int j = std::max(0, y - radius_px); j <= last; ++j) grown[j * width + x] = 1;
    }
  }
  return grown;
}

Gain GainToPlate(const Image& frame, const Plate& plate) {
  std::array<std::vector<double>, 3> ratios;
  for (int y = 0; y < frame.height; y += kGainStride_px) {
    for (int x = 0; x < frame.width; x += kGainStride_px) {
      if (!plate.known[static_cast<size_t>(y) * frame.width + x]) continue;
      const uint8_t* now = frame.Pixel(x, y);
      const uint8_t* base = plate.picture.Pixel(x, y);
      for (int c = 0; c < 3; ++c) {
        const bool clipped = now[c] > 250 || base[c] > 250 || now[c] < 16 || base[c] < 16;
        if (!clipped) ratios[c].push_back(static_cast<double>(base[c]) / now[c]);
      }
    }
  }
  std::array<float, 3> gain = {1.0f, 1.0f, 1.0f};
  for (int c = 0; c < 3; ++c) {
    if (ratios[c].size() < 50) continue;
    gain[c] = std::clamp(static_cast<float>(Median(std::move(ratios[c]))), 0.7f, 1.4f);
  }
  return {gain[0], gain[1], gain[2]};
}

float Unexplained(const float* rgb, const uint8_t* background, const Plate& plate) {
  const Eigen::Vector3f colour = OpponentColour(rgb[0], rgb[1], rgb[2]);
  const Eigen::Vector3f base = OpponentColour(background[0], background[1], background[2]);
  const float light = base[0] > 1.0f ? colour[0] / base[0] : 1.0f;
  return (colour - std::clamp(light, plate.darkest, plate.brightest) * base).norm();
}

double BackgroundAgreement(const Image& frame, const Plate& plate) {
  const Gain gain = GainToPlate(frame, plate);
  int known = 0;
  int agreeing = 0;
  for (size_t p = 0; p < plate.known.size(); ++p) {
    if (!plate.known[p]) continue;
    const float rgb[3] = {frame.rgb[3 * p] * gain.red,
                          frame.rgb[3 * p + 1] * gain.green,
                          frame.rgb[3 * p + 2] * gain.blue};
    ++known;
    agreeing += Unexplained(rgb, &plate.picture.rgb[3 * p], plate) <= kAgreementLevels;
  }
  return known > 0 ? static_cast<double>(agreeing) / known : 0.0;
}

}  // namespace plumb
