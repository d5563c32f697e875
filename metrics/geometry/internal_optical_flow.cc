// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/internal_optical_flow.h"

#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

namespace plumb {

cv::Mat GreyFrame(const Image& image, cv::Size size) {
  const cv::Mat rgb(image.height, image.width, CV_8UC3, const_cast<uint8_t*>(image.rgb.data()));
  cv::Mat grey;
  cv::cvtColor(rgb, grey, cv::COLOR_RGB2GRAY);
  if (grey.size() != size) cv::resize(grey, grey, size, 0, 0, cv::INTER_AREA);
  return grey;
}

Pyramid BuildPyramid(const cv::Mat& grey) {
  Pyramid pyramid;
  cv::buildOpticalFlowPyramid(
      grey, pyramid, cv::Size(kAlignWindowPx, kAlignWindowPx), kPyramidLevels - 1);
  return pyramid;
}

Flow Follow(const Pyramid& from,
            const Pyramid& to,
            const FlowStart& start,
            const FlowSettings& settings) {
  Flow flow{start.guess, {}};
  std::vector<float> error;
  const cv::TermCriteria stop(
      cv::TermCriteria::COUNT + cv::TermCriteria::EPS, 20, settings.settled_px);
  cv::calcOpticalFlowPyrLK(from,
                           to,
                           start.points,
                           flow.points,
                           flow.found,
                           error,
                           cv::Size(settings.window_px, settings.window_px),
                           settings.levels - 1,
                           stop,
                           cv::OPTFLOW_USE_INITIAL_FLOW,
                           kMinEigen);
  return flow;
}

}  // namespace plumb
