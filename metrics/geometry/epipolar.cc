// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/epipolar.h"

#include <cmath>

#include <Eigen/Core>
#include <Eigen/Geometry>
#include <opencv2/calib3d.hpp>

namespace plumb {
namespace {

constexpr size_t kMinPairs = 16;
constexpr size_t kMinHomographyPairs = 8;

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

std::optional<Eigen::Matrix3d> FitHomography(const PointPairs& pairs) {
  if (pairs.a_px.size() < kMinHomographyPairs) return std::nullopt;
  std::vector<cv::Point2d> a, b;
  for (size_t i = 0; i < pairs.a_px.size(); ++i) {
    a.emplace_back(pairs.a_px[i].x(), pairs.a_px[i].y());
    b.emplace_back(pairs.b_px[i].x(), pairs.b_px[i].y());
  }
  const cv::Mat found = cv::findHomography(a, b, cv::LMEDS);
  if (found.rows != 3 || found.cols != 3) return std::nullopt;
  const cv::Matx33d h = found;
  Eigen::Matrix3d homography;
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) homography(row, column) = h(row, column);
  }
  return homography;
}

std::vector<double> HomographyResidualsPx(const PointPairs& pairs) {
  if (pairs.a_px.size() < kMinPairs) return {};
  const std::optional<Eigen::Matrix3d> homography = FitHomography(pairs);
  if (!homography) return {};
  std::vector<double> residuals;
  for (size_t i = 0; i < pairs.a_px.size(); ++i) {
    const Eigen::Vector3d x = *homography * pairs.a_px[i].homogeneous();
    const bool finite = std::abs(x.z()) > 1e-9;
    residuals.push_back(finite ? (x.hnormalized() - pairs.b_px[i]).norm() : 1e6);
  }
  return residuals;
}

}  // namespace plumb
