// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/finder.h"

#include <cmath>
#include <cstdlib>

#include <opencv2/imgproc.hpp>

#include "core/check.h"

namespace plumb {
namespace {

constexpr uint8_t kBackground = 0;
constexpr uint8_t kOther = 255;
constexpr float kTieLevels = 4.0f;  // looks this close in distance are told apart by place
constexpr int kQuickLevels = 6;     // per channel; closer pixels are background without further ado

// The look that takes a pixel, or -1.
int LookOf(const uint8_t* rgb,
           const Eigen::Vector2d& place_px,
           float unexplained,
           const std::vector<KnownLook>& looks) {
  constexpr float kFar = 1e9f;
  float nearest = kFar;
  for (const KnownLook& known : looks) nearest = std::min(nearest, known.look->Distance(rgb));
  if (nearest > unexplained) return -1;
  int taken = -1;
  double taken_px2 = 0.0;
  for (size_t i = 0; i < looks.size(); ++i) {
    if (looks[i].look->Distance(rgb) > nearest + kTieLevels) continue;
    const double px2 = (looks[i].expected_px - place_px).squaredNorm();
    if (taken >= 0 && px2 >= taken_px2) continue;
    taken = static_cast<int>(i);
    taken_px2 = px2;
  }
  return taken;
}

// The same picture at the plate's brightness, and per pixel the name of what it shows.
struct Labelled {
  cv::Mat rgb;
  cv::Mat labels;
};

uint8_t LabelOf(const uint8_t* rgb,
                size_t pixel,
                const Eigen::Vector2d& place_px,
                const Plate& plate,
                const std::vector<KnownLook>& looks,
                const FinderOptions& options) {
  const uint8_t* base = &plate.picture.rgb[3 * pixel];
  const bool known = plate.known[pixel];
  if (known && std::abs(rgb[0] - base[0]) <= kQuickLevels &&
      std::abs(rgb[1] - base[1]) <= kQuickLevels && std::abs(rgb[2] - base[2]) <= kQuickLevels) {
    return kBackground;
  }
  const float colour[3] = {float(rgb[0]), float(rgb[1]), float(rgb[2])};
  const float unexplained = known ? Unexplained(colour, base, plate) : options.look_levels + 1.0f;
  if (unexplained > options.plate_levels) {
    const int look = LookOf(rgb, place_px, std::min(unexplained, options.look_levels), looks);
    if (look >= 0) return static_cast<uint8_t>(look + 1);
  }
  return known && unexplained > options.other_levels ? kOther : kBackground;
}

Labelled LabelPixels(const Image& frame,
                     const Plate& plate,
                     const std::vector<KnownLook>& looks,
                     const FinderOptions& options) {
  const Gain gain = GainToPlate(frame, plate);
  const float gains[3] = {gain.red, gain.green, gain.blue};
  uint8_t levelled[3][256];
  for (int c = 0; c < 3; ++c) {
    for (int v = 0; v < 256; ++v) {
      levelled[c][v] = static_cast<uint8_t>(std::min(255.0f, std::round(v * gains[c])));
    }
  }
  Labelled labelled{cv::Mat(frame.height, frame.width, CV_8UC3),
                    cv::Mat(frame.height, frame.width, CV_8U)};
  for (int y = 0; y < frame.height; ++y) {
    for (int x = 0; x < frame.width; ++x) {
      const uint8_t* raw = frame.Pixel(x, y);
      uint8_t* rgb = labelled.rgb.ptr<uint8_t>(y) + 3 * x;
      for (int c = 0; c < 3; ++c) rgb[c] = levelled[c][raw[c]];
      const size_t pixel = static_cast<size_t>(y) * frame.width + x;
      labelled.labels.at<uint8_t>(y, x) =
          LabelOf(rgb, pixel, {x + 0.5, y + 0.5}, plate, looks, options);
    }
  }
  return labelled;
}

// Connected regions of one label after closing gaps of one pixel.
void AppendRegions(const Labelled& labelled,
                   uint8_t label,
                   const FinderOptions& options,
                   std::vector<Region>& regions) {
  cv::Mat mask = labelled.labels == label;
  if (cv::countNonZero(mask) < options.smallest_px) return;
  cv::morphologyEx(mask, mask, cv::MORPH_CLOSE, cv::Mat::ones(3, 3, CV_8U));
  cv::Mat components;
  cv::Mat stats;
  cv::Mat centroids;
  const int count = cv::connectedComponentsWithStats(mask, components, stats, centroids, 8, CV_32S);
  std::vector<Eigen::Vector3d> colour_sums(count, Eigen::Vector3d::Zero());
  for (int y = 0; y < mask.rows; ++y) {
    const int* row = components.ptr<int>(y);
    const uint8_t* rgb = labelled.rgb.ptr<uint8_t>(y);
    for (int x = 0; x < mask.cols; ++x) {
      if (row[x] > 0)
        colour_sums[row[x]] += Eigen::Vector3d(rgb[3 * x], rgb[3 * x + 1], rgb[3 * x + 2]);
    }
  }
  for (int i = 1; i < count; ++i) {
    Region region;
    region.look = label == kOther ? -1 : label - 1;
    region.area_px = stats.at<int>(i, cv::CC_STAT_AREA);
    if (region.area_px < options.smallest_px) continue;
    region.centroid_px = {centroids.at<double>(i, 0) + 0.5, centroids.at<double>(i, 1) + 0.5};
    region.box_px = {double(stats.at<int>(i, cv::CC_STAT_LEFT)),
                     double(stats.at<int>(i, cv::CC_STAT_TOP)),
                     double(stats.at<int>(i, cv::CC_STAT_WIDTH)),
                     double(stats.at<int>(i, cv::CC_STAT_HEIGHT))};
    region.mean_rgb = colour_sums[i] / region.area_px;
    regions.push_back(region);
  }
}

}  // namespace

void FinderOptions::Validate() const {
  PLUMB_CHECK(look_levels > 0 && plate_levels > 0 && other_levels > 0 && smallest_px > 0);
}

std::vector<Region> FindRegions(const Image& frame,
                                const Plate& plate,
                                const std::vector<KnownLook>& looks,
                                const FinderOptions& options) {
  options.Validate();
  PLUMB_CHECK(looks.size() < kOther - 1, "{} looks", looks.size());
  PLUMB_CHECK(plate.known.size() * 3 == frame.rgb.size(), "plate and frame differ in size");
  const Labelled labelled = LabelPixels(frame, plate, looks, options);
  std::vector<Region> regions;
  for (size_t i = 0; i < looks.size(); ++i) {
    AppendRegions(labelled, static_cast<uint8_t>(i + 1), options, regions);
  }
  AppendRegions(labelled, kOther, options, regions);
  return regions;
}

}  // namespace plumb
