// SPDX-License-Identifier: Apache-2.0
#include "metrics/published/frame_matches.h"

#include <opencv2/calib3d.hpp>
#include <opencv2/features2d.hpp>
#include <opencv2/imgproc.hpp>

namespace plumb {
namespace {

constexpr size_t kMinForMatrix = 8;
constexpr double kConfidence = 0.99;

struct Features {
  std::vector<cv::KeyPoint> points;
  cv::Mat descriptors;
};

Features FeaturesOf(const Image& image, const FrameMatchSettings& settings) {
  const cv::Mat rgb(image.height, image.width, CV_8UC3, const_cast<uint8_t*>(image.rgb.data()));
  cv::Mat bgr;
  cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
  if (settings.width > 0) cv::resize(bgr, bgr, {settings.width, settings.height});
  Features features;
  cv::SIFT::create(settings.max_keypoints)
      ->detectAndCompute(bgr, cv::noArray(), features.points, features.descriptors);
  return features;
}

cv::Ptr<cv::DescriptorMatcher> MatcherFor(NeighbourSearch search) {
  return cv::DescriptorMatcher::create(search == NeighbourSearch::kFlann
                                           ? cv::DescriptorMatcher::FLANNBASED
                                           : cv::DescriptorMatcher::BRUTEFORCE);
}

Eigen::Vector2d Place(const cv::KeyPoint& point) { return {point.pt.x, point.pt.y}; }

cv::Point2f Point(const Eigen::Vector2d& x) {
  return {static_cast<float>(x.x()), static_cast<float>(x.y())};
}

}  // namespace

std::vector<PointMatch> MatchFrames(const Image& first,
                                    const Image& second,
                                    const FrameMatchSettings& settings) {
  const Features a = FeaturesOf(first, settings);
  const Features b = FeaturesOf(second, settings);
  if (a.points.size() < 2 || b.points.size() < 2) return {};
  std::vector<std::vector<cv::DMatch>> nearest;
  MatcherFor(settings.search)->knnMatch(a.descriptors, b.descriptors, nearest, 2);
  std::vector<PointMatch> matches;
  for (const std::vector<cv::DMatch>& two : nearest) {
    if (two.size() < 2 || !(two[0].distance < settings.ratio * two[1].distance)) continue;
    matches.push_back({Place(a.points[two[0].queryIdx]), Place(b.points[two[0].trainIdx])});
  }
  return matches;
}

std::optional<Eigen::Matrix3d> RansacFundamental(std::vector<PointMatch>& matches,
                                                 double threshold_px) {
  std::vector<cv::Point2f> first, second;
  for (PointMatch& match : matches) {
    match.inlier = false;
    first.push_back(Point(match.first_px));
    second.push_back(Point(match.second_px));
  }
  if (matches.size() < kMinForMatrix) return std::nullopt;
  std::vector<uint8_t> inliers;
  const cv::Mat matrix =
      cv::findFundamentalMat(first, second, cv::FM_RANSAC, threshold_px, kConfidence, inliers);
  if (matrix.rows != 3 || matrix.cols != 3 || inliers.size() != matches.size()) {
    return std::nullopt;
  }
  for (size_t i = 0; i < matches.size(); ++i) matches[i].inlier = inliers[i] != 0;
  return Eigen::Map<const Eigen::Matrix<double, 3, 3, Eigen::RowMajor>>(matrix.ptr<double>());
}

}  // namespace plumb
