// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/pair_rotation.h"

#include <cmath>
#include <limits>

#include <Eigen/LU>
#include <Eigen/SVD>

namespace plumb {
namespace {

// Weighted Kabsch: the rotation that maps rays a onto rays b.
Eigen::Matrix3d Kabsch(const std::vector<Eigen::Vector3d>& a,
                       const std::vector<Eigen::Vector3d>& b,
                       const std::vector<double>& weights) {
  Eigen::Matrix3d covariance = Eigen::Matrix3d::Zero();
  for (size_t i = 0; i < a.size(); ++i) covariance += weights[i] * b[i] * a[i].transpose();
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(covariance,
                                              Eigen::ComputeFullU | Eigen::ComputeFullV);
  Eigen::Vector3d signs(1.0, 1.0, (svd.matrixU() * svd.matrixV().transpose()).determinant());
  return svd.matrixU() * signs.asDiagonal() * svd.matrixV().transpose();
}

double CauchyWeight(double residual_px, double scale_px) {
  const double ratio = residual_px / scale_px;
  return 1.0 / (1.0 + ratio * ratio);
}

}  // namespace

PointPairs PairsBetween(const TrackSet& set, int frame_a, int frame_b) {
  PointPairs pairs;
  for (const int index : CommonTracks(set, frame_a, frame_b)) {
    pairs.a_px.push_back(set.tracks[index].At(frame_a));
    pairs.b_px.push_back(set.tracks[index].At(frame_b));
  }
  return pairs;
}

Eigen::Matrix3d AlignRays(const std::vector<Eigen::Vector3d>& rays,
                          const std::vector<Eigen::Vector2d>& seen_px,
                          const CentredPinhole& pinhole,
                          double scale_px) {
  std::vector<Eigen::Vector3d> seen_rays;
  for (const Eigen::Vector2d& point : seen_px) seen_rays.push_back(pinhole.Ray(point));
  std::vector<double> weights(rays.size(), 1.0);
  Eigen::Matrix3d rotation = Kabsch(rays, seen_rays, weights);
  // The scale shrinks towards its final value, so that a bad start does not decide which points
  // count.
  for (const double factor : {8.0, 4.0, 2.0, 1.0, 1.0}) {
    for (size_t i = 0; i < rays.size(); ++i) {
      weights[i] =
          CauchyWeight(pinhole.DistancePx(rotation * rays[i], seen_px[i]), factor * scale_px);
    }
    rotation = Kabsch(rays, seen_rays, weights);
  }
  return rotation;
}

PairRotation FitPairRotation(const PointPairs& pairs,
                             const CentredPinhole& pinhole,
                             double scale_px) {
  PairRotation fit;
  std::vector<Eigen::Vector3d> rays;
  for (const Eigen::Vector2d& point : pairs.a_px) rays.push_back(pinhole.Ray(point));
  fit.b_from_a = AlignRays(rays, pairs.b_px, pinhole, scale_px);
  for (size_t i = 0; i < rays.size(); ++i) {
    fit.residuals_px.push_back(pinhole.DistancePx(fit.b_from_a * rays[i], pairs.b_px[i]));
  }
  return fit;
}

double BestRotationFocal(const TrackSet& set, const std::vector<std::pair<int, int>>& frame_pairs) {
  constexpr int kSteps = 40;
  std::vector<PointPairs> pairs;
  for (const auto& [a, b] : frame_pairs) pairs.push_back(PairsBetween(set, a, b));
  double best_focal = set.width;
  double best_cost = std::numeric_limits<double>::infinity();
  for (int step = 0; step < kSteps; ++step) {
    const double focal = set.width * 0.3 * std::pow(8.0 / 0.3, step / (kSteps - 1.0));
    const CentredPinhole pinhole = PinholeOf(set, focal);
    double cost = 0.0;
    for (const PointPairs& pair : pairs) {
      for (const double residual : FitPairRotation(pair, pinhole, set.UnitPx()).residuals_px) {
        cost += 1.0 - CauchyWeight(residual, set.UnitPx());
      }
    }
    if (cost < best_cost) {
      best_cost = cost;
      best_focal = focal;
    }
  }
  return best_focal;
}

}  // namespace plumb
