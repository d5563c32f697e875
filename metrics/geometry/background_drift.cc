// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/background_drift.h"

#include <algorithm>
#include <cmath>

namespace plumb {
namespace {

constexpr size_t kBin = 5;  // frames that one mean is taken over

std::vector<Eigen::Vector2d> BinMeans(const Track& track) {
  std::vector<Eigen::Vector2d> means;
  for (size_t start = 0; start + kBin <= track.points_px.size(); start += kBin) {
    Eigen::Vector2d sum = Eigen::Vector2d::Zero();
    for (size_t i = start; i < start + kBin; ++i) sum += track.points_px[i];
    means.push_back(sum / kBin);
  }
  return means;
}

// Variance of one sighting, both coordinates together.
double NoiseVariance(const Track& track) {
  double sum = 0.0;
  for (size_t i = 1; i < track.points_px.size(); ++i) {
    sum += (track.points_px[i] - track.points_px[i - 1]).squaredNorm();
  }
  return sum / (2.0 * static_cast<double>(track.points_px.size() - 1));
}

double DriftPx(const Track& track) {
  const std::vector<Eigen::Vector2d> means = BinMeans(track);
  double sum = 0.0;
  for (size_t i = 1; i < means.size(); ++i) sum += (means[i] - means.front()).squaredNorm();
  const double noise = 2.0 * NoiseVariance(track) / kBin;  // of a difference of two means
  return std::sqrt(std::max(0.0, sum / static_cast<double>(means.size() - 1) - noise));
}

}  // namespace

std::vector<double> DriftsPx(const TrackSet& set) {
  const size_t long_enough =
      std::max<size_t>(2 * kBin, std::min(kMinDriftFrames, set.num_frames() / 2));
  std::vector<double> drifts;
  for (const Track& track : set.tracks) {
    if (track.points_px.size() < long_enough) continue;
    drifts.push_back(DriftPx(track) * set.sample_scale);
  }
  return drifts;
}

}  // namespace plumb
