// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/epipolar.h"

#include <cmath>

#include <Eigen/Core>
#include <opencv2/calib3d.hpp>

namespace plumb {
namespace {

constexpr size_t kMinPairs = 16;

std::vector<cv::Point2d> ToOpenCv(const std::vector<Eigen::Vector2d>& points) {
  std::vector<cv::Point2d> converted;
  for (const Eigen::Vector2d& point : points)
    converted.emplace_back(point.x() - 0.5, point.y() - 0.5);
  return converted;
}

double SampsonPx(const cv::Matx33d& f, const cv::Point2d& a, const cv::Point2d& b) {
  const cv::Vec3d x(a.x, a.y, 1.0), y(b.x, b.y, 1.0);
  const cv::Vec3d fx = f * x, fty = f.t() * y;
  const double squared = fx[0] * fx[0] + fx[1] * fx[1] + fty[0] * fty[0] + fty[1] * fty[1];
  return squared > 0.0 ? std::abs(y.dot(fx)) / std::sqrt(squared) : 0.0;
}

}  // namespace

std::vector<double> EpipolarResidualsPx(const PointPairs& pairs) {
  if (pairs.a_px.size() < kMinPairs) return {};
  const std::vector<cv::Point2d> a = ToOpenCv(pairs.a_px);
  const std::vector<cv::Point2d> b = ToOpenCv(pairs.b_px);
  std::vector<uint8_t> inlier;
  cv::Mat found = cv::findFundamentalMat(a, b, inlier, cv::FM_LMEDS);
  if (found.rows != 3 || found.cols != 3) return {};
  std::vector<cv::Point2d> a_in, b_in;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!inlier[i]) continue;
    a_in.push_back(a[i]);
    b_in.push_back(b[i]);
  }
  if (a_in.size() >= kMinPairs) {
    const cv::Mat refined = cv::findFundamentalMat(a_in, b_in, cv::FM_8POINT);
    if (refined.rows == 3) found = refined;
  }
  const cv::Matx33d f = found;
  std::vector<double> residuals;
  for (size_t i = 0; i < a.size(); ++i) residuals.push_back(SampsonPx(f, a[i], b[i]));
  return residuals;
}

}  // namespace plumb
