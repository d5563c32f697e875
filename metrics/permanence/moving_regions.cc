// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/moving_regions.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <opencv2/imgproc.hpp>

#include "metrics/pairing.h"
#include "metrics/permanence/plate.h"

namespace plumb {
namespace {

constexpr int kChangedLevels = 25;
constexpr int kMedianFrames = 15;
constexpr double kSmallestShare = 3e-4;  // of the picture
constexpr float kSameLookLevels = 12.0f;
constexpr int kRing_px = 5;
constexpr size_t kMostObjects = 12;

using Mask = std::vector<uint8_t>;

cv::Mat View(const Mask& mask, int width) {
  return {static_cast<int>(mask.size()) / width, width, CV_8U, const_cast<uint8_t*>(mask.data())};
}

Image TemporalMedian(const std::vector<Image>& frames) {
  Image median = frames.front();
  const std::vector<int> chosen = EvenlyChosen(static_cast<int>(frames.size()), kMedianFrames);
  std::vector<uint8_t> levels(chosen.size());
  for (size_t i = 0; i < median.rgb.size(); ++i) {
    for (size_t k = 0; k < chosen.size(); ++k) levels[k] = frames[chosen[k]].rgb[i];
    std::nth_element(levels.begin(), levels.begin() + levels.size() / 2, levels.end());
    median.rgb[i] = levels[levels.size() / 2];
  }
  return median;
}

int LargestDifference(const uint8_t* a, const uint8_t* b) {
  return std::max({std::abs(a[0] - b[0]), std::abs(a[1] - b[1]), std::abs(a[2] - b[2])});
}

std::vector<Mask> Components(const Mask& mask, int width, double smallest_px) {
  cv::Mat closed;
  cv::morphologyEx(View(mask, width), closed, cv::MORPH_CLOSE, cv::Mat::ones(3, 3, CV_8U));
  cv::Mat labels;
  cv::Mat stats;
  cv::Mat centroids;
  const int count = cv::connectedComponentsWithStats(closed, labels, stats, centroids, 8, CV_32S);
  std::vector<Mask> components;
  for (int i = 1; i < count; ++i) {
    if (stats.at<int>(i, cv::CC_STAT_AREA) < smallest_px) continue;
    Mask component(mask.size());
    for (size_t p = 0; p < component.size(); ++p) component[p] = labels.at<int>(p) == i;
    components.push_back(std::move(component));
  }
  return components;
}

int Count(const Mask& mask) { return static_cast<int>(std::count(mask.begin(), mask.end(), 1)); }

// Mean colour step across the right and lower border of the region.
double BorderContrast(const Image& image, const Mask& region) {
  double sum = 0.0;
  int steps = 0;
  const auto add = [&](size_t p, size_t q) {
    if (region[p] == region[q]) return;
    sum += LargestDifference(&image.rgb[3 * p], &image.rgb[3 * q]);
    ++steps;
  };
  for (int y = 0; y + 1 < image.height; ++y) {
    for (int x = 0; x + 1 < image.width; ++x) {
      const size_t p = static_cast<size_t>(y) * image.width + x;
      add(p, p + 1);
      add(p, p + image.width);
    }
  }
  return steps > 0 ? sum / steps : 0.0;
}

// A slow object uncovers only part of its first place: the rest is what touches that part and looks
// the same.
Mask Completed(const Image& first, const Mask& part) {
  const Look look(InnerColours(first, part));
  Mask alike(part.size());
  for (size_t p = 0; p < alike.size(); ++p) {
    alike[p] = part[p] || look.Distance(&first.rgb[3 * p]) < kSameLookLevels;
  }
  Mask whole = part;
  for (const Mask& component : Components(alike, first.width, 1.0)) {
    for (size_t p = 0; p < part.size(); ++p) {
      if (!component[p] || !part[p]) continue;
      whole = component;
      break;
    }
  }
  const bool spilt = Count(whole) > 8 * Count(part) || Count(whole) > 0.25 * part.size();
  return spilt ? part : whole;
}

bool Overlaps(const Mask& mask, const std::vector<Mask>& others) {
  const int area = Count(mask);
  for (const Mask& other : others) {
    int both = 0;
    for (size_t p = 0; p < mask.size(); ++p) both += mask[p] && other[p];
    if (both > 0.3 * std::min(area, Count(other))) return true;
  }
  return false;
}

// The pixels of a changed region that stand out from the background around it in the first frame. A
// region may hold both the first place of an object and the place it goes to.
Mask StandingOut(const Image& first, const Mask& region, const Mask& changed) {
  const Mask wide = Dilated(region, first.width, kRing_px);
  std::vector<Rgb> around;
  for (size_t p = 0; p < region.size(); ++p) {
    if (!wide[p] || changed[p]) continue;
    around.push_back({first.rgb[3 * p], first.rgb[3 * p + 1], first.rgb[3 * p + 2]});
  }
  if (around.empty()) return region;
  const Look background(around);
  Mask out(region.size());
  for (size_t p = 0; p < region.size(); ++p) {
    out[p] = region[p] && background.Distance(&first.rgb[3 * p]) > kSameLookLevels;
  }
  return out;
}

// Parts of objects of the first frame that a later frame no longer shows.
std::vector<Mask> UncoveredParts(const Image& first, const Image& later, double smallest_px) {
  const Mask changed = ChangedPixels(first, later);
  std::vector<Mask> parts;
  for (const Mask& region : Components(changed, first.width, smallest_px)) {
    std::vector<Mask> pieces =
        Components(StandingOut(first, region, changed), first.width, smallest_px);
    // Where all that is around is the object itself, the stronger border tells in which frame it is
    // there.
    if (pieces.empty() && BorderContrast(first, region) > BorderContrast(later, region)) {
      pieces.push_back(region);
    }
    std::move(pieces.begin(), pieces.end(), std::back_inserter(parts));
  }
  return parts;
}

}  // namespace

Mask ChangedPixels(const Image& first, const Image& other) {
  Mask mask(first.rgb.size() / 3);
  for (size_t p = 0; p < mask.size(); ++p) {
    mask[p] = LargestDifference(&first.rgb[3 * p], &other.rgb[3 * p]) > kChangedLevels;
  }
  return mask;
}

std::vector<Rgb> InnerColours(const Image& image, const Mask& region) {
  cv::Mat inner;
  cv::erode(View(region, image.width), inner, cv::Mat::ones(3, 3, CV_8U));
  const bool thin = cv::countNonZero(inner) < 12;
  std::vector<Rgb> colours;
  for (size_t p = 0; p < region.size(); ++p) {
    if (!(thin ? region[p] : inner.at<uint8_t>(p))) continue;
    colours.push_back({image.rgb[3 * p], image.rgb[3 * p + 1], image.rgb[3 * p + 2]});
  }
  return colours;
}

std::vector<Mask> MovingRegions(const std::vector<Image>& frames) {
  const Image& first = frames.front();
  const double smallest_px = std::max(25.0, kSmallestShare * first.width * first.height);
  std::vector<Mask> regions;
  for (const Image& later : {TemporalMedian(frames), frames.back(), frames[frames.size() / 2]}) {
    for (const Mask& part : UncoveredParts(first, later, smallest_px)) {
      Mask whole = Completed(first, part);
      if (!Overlaps(whole, regions)) regions.push_back(std::move(whole));
    }
  }
  std::stable_sort(regions.begin(), regions.end(), [](const Mask& a, const Mask& b) {
    return Count(a) > Count(b);
  });
  if (regions.size() > kMostObjects) regions.resize(kMostObjects);
  return regions;
}

}  // namespace plumb
