// SPDX-License-Identifier: Apache-2.0
#include "metrics/published/similarity.h"

#include <limits>

#include <Eigen/LU>
#include <Eigen/SVD>

#include "core/check.h"

namespace plumb {
namespace {

Eigen::Vector3d MeanOf(const std::vector<Eigen::Vector3d>& points) {
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  for (const Eigen::Vector3d& point : points) sum += point;
  return sum / static_cast<double>(points.size());
}

}  // namespace

std::optional<Similarity> AlignPoints(const std::vector<Eigen::Vector3d>& source,
                                      const std::vector<Eigen::Vector3d>& target,
                                      bool with_scale) {
  PLUMB_CHECK(!source.empty() && source.size() == target.size(),
              "{} points beside {}",
              source.size(),
              target.size());
  const double count = static_cast<double>(source.size());
  const Eigen::Vector3d source_mean = MeanOf(source);
  const Eigen::Vector3d target_mean = MeanOf(target);
  double variance = 0.0;
  Eigen::Matrix3d covariance = Eigen::Matrix3d::Zero();
  for (size_t i = 0; i < source.size(); ++i) {
    const Eigen::Vector3d from = source[i] - source_mean;
    variance += from.squaredNorm() / count;
    covariance += (target[i] - target_mean) * from.transpose() / count;
  }
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(covariance,
                                              Eigen::ComputeFullU | Eigen::ComputeFullV);
  const Eigen::Vector3d singular = svd.singularValues();
  if (!(singular[1] > std::numeric_limits<double>::epsilon())) return std::nullopt;
  // A mirror image is met by the nearest rotation.
  Eigen::Vector3d signs = Eigen::Vector3d::Ones();
  if (svd.matrixU().determinant() * svd.matrixV().determinant() < 0) signs[2] = -1;
  Similarity similarity;
  similarity.rotation = svd.matrixU() * signs.asDiagonal() * svd.matrixV().transpose();
  if (with_scale) similarity.scale = singular.dot(signs) / variance;
  similarity.translation = target_mean - similarity.scale * (similarity.rotation * source_mean);
  return similarity;
}

}  // namespace plumb
