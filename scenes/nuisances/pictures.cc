// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "core/errors.h"
#include "scenes/nuisances/internal_nuisances.h"

namespace plumb {
namespace {

constexpr double kGrainSigma_px = 0.75;

uint8_t Level(double value) {
  return static_cast<uint8_t>(std::clamp(std::floor(value + 0.5), 0.0, 255.0));
}

std::vector<double> Kernel(double sigma_px) {
  const int reach = static_cast<int>(std::ceil(3 * sigma_px));
  std::vector<double> kernel;
  double sum = 0;
  for (int k = -reach; k <= reach; ++k) {
    kernel.push_back(std::exp(-0.5 * k * k / (sigma_px * sigma_px)));
    sum += kernel.back();
  }
  for (double& weight : kernel) weight /= sum;
  return kernel;
}

// A plane of numbers, row by row; beyond its borders the outermost values go on.
struct Plane {
  int width;
  int height;
  std::vector<double> values;
};

Plane Smoothed(const Plane& plane, const std::vector<double>& kernel, bool along_x) {
  Plane result = plane;
  const int reach = static_cast<int>(kernel.size()) / 2;
  for (int y = 0; y < plane.height; ++y) {
    for (int x = 0; x < plane.width; ++x) {
      double sum = 0;
      for (int k = -reach; k <= reach; ++k) {
        const int at_x = along_x ? std::clamp(x + k, 0, plane.width - 1) : x;
        const int at_y = along_x ? y : std::clamp(y + k, 0, plane.height - 1);
        sum += kernel[k + reach] * plane.values[at_y * plane.width + at_x];
      }
      result.values[y * plane.width + x] = sum;
    }
  }
  return result;
}

}  // namespace

Image Blurred(const Image& image, double sigma_px) {
  const std::vector<double> kernel = Kernel(sigma_px);
  Image result = image;
  for (int channel = 0; channel < 3; ++channel) {
    Plane plane{image.width, image.height, std::vector<double>(image.rgb.size() / 3)};
    for (size_t i = 0; i < plane.values.size(); ++i) plane.values[i] = image.rgb[3 * i + channel];
    plane = Smoothed(Smoothed(plane, kernel, true), kernel, false);
    for (size_t i = 0; i < plane.values.size(); ++i) {
      result.rgb[3 * i + channel] = Level(plane.values[i]);
    }
  }
  return result;
}

Image WithNoise(const Image& image, double sigma_levels, Random& random) {
  Image result = image;
  for (uint8_t& value : result.rgb) value = Level(value + random.Normal(0, sigma_levels));
  return result;
}

Image WithGrain(const Image& image, double sigma_levels, Random& random) {
  Plane grain{image.width, image.height, std::vector<double>(image.rgb.size() / 3)};
  for (double& value : grain.values) value = random.Normal();
  const std::vector<double> kernel = Kernel(kGrainSigma_px);
  grain = Smoothed(Smoothed(grain, kernel, true), kernel, false);
  // Smoothing lowers the deviation by the sum of the squared weights, once for each direction.
  double squares = 0;
  for (const double weight : kernel) squares += weight * weight;
  Image result = image;
  for (size_t i = 0; i < result.rgb.size(); ++i) {
    result.rgb[i] = Level(result.rgb[i] + sigma_levels / squares * grain.values[i / 3]);
  }
  return result;
}

Image Brightened(const Image& image, double factor) {
  Image result = image;
  for (uint8_t& value : result.rgb) value = Level(factor * value);
  return result;
}

Image WithoutBorder(const Image& image, int border_px) {
  const int width = image.width - 2 * border_px;
  const int height = image.height - 2 * border_px;
  if (width < 8 || height < 8) {
    throw UsageError(fmt::format("nuisance 'crop_border': {} px leave nothing of {}x{} pixels",
                                 border_px,
                                 image.width,
                                 image.height));
  }
  Image result(width, height);
  for (int y = 0; y < height; ++y) {
    std::copy_n(image.Pixel(border_px, y + border_px), 3 * width, result.Pixel(0, y));
  }
  return result;
}

}  // namespace plumb
