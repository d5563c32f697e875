// SPDX-License-Identifier: Apache-2.0
// OpenCV's pyramidal Lucas–Kanade with this family's settings (Bouguet 2000). Points are in
// OpenCV's convention here: pixel centres at whole numbers.
#pragma once

#include <cstdint>
#include <vector>

#include <opencv2/core.hpp>

#include "core/video.h"

namespace plumb {

constexpr int kAlignWindowPx = 21;  // of the alignment to the reference patch
constexpr int kChainWindowPx = 15;  // of the frame-to-frame step
constexpr int kPyramidLevels = 4;   // reaches motions of about 80 px between frames
constexpr double kNearPx = 0.05;    // last step of a search that another one follows
constexpr int kAlignLevels = 2;     // enough when the chained position is the start
// Smaller eigenvalue of the structure tensor below which a patch has no corner.
constexpr float kMinEigen = 1e-4f;

using Pyramid = std::vector<cv::Mat>;

// Keeps OpenCV on one thread while in scope: a cell has one.
class OneThread {
 public:
  OneThread() : before_(cv::getNumThreads()) { cv::setNumThreads(1); }
  ~OneThread() { cv::setNumThreads(before_); }

 private:
  int before_;
};

// Grey picture of the frame, area-reduced when `size` is another one.
cv::Mat GreyFrame(const Image& image, cv::Size size);
Pyramid BuildPyramid(const cv::Mat& grey);

// One Lucas–Kanade step. Where it fails, the point is marked as not found.
struct Flow {
  std::vector<cv::Point2f> points;
  std::vector<uint8_t> found;
};
struct FlowSettings {
  int window_px = kChainWindowPx;
  int levels = kPyramidLevels;  // of the pyramids, finest first
  double settled_px = 0.01;     // the search ends with a smaller step
};
// Where `points` of one picture are in another; the search starts at `guess`.
struct FlowStart {
  const std::vector<cv::Point2f>& points;
  const std::vector<cv::Point2f>& guess;
};
Flow Follow(const Pyramid& from,
            const Pyramid& to,
            const FlowStart& start,
            const FlowSettings& settings);

}  // namespace plumb
