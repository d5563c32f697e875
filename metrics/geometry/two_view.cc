// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/two_view.h"

#include <algorithm>

#include "core/statistics.h"
#include "metrics/geometry/epipolar.h"

namespace plumb {
namespace {

constexpr double kInlierNoises = 4.0;
constexpr double kNormalMad = 1.4826;  // standard deviation over median of a half-normal
constexpr double kLeastNoise = 0.1;
constexpr int kSteps = 12;

double UpperQuartile(const std::vector<double>& residuals_px, double unit_px) {
  return residuals_px.empty() ? 0.0 : Quantile(residuals_px, 0.75) / unit_px;
}

double Inliers(const std::vector<double>& residuals_px, double bound_px) {
  if (residuals_px.empty()) return 0.0;
  const auto within = std::count_if(residuals_px.begin(), residuals_px.end(), [&](double residual) {
    return residual <= bound_px;
  });
  return static_cast<double>(within) / static_cast<double>(residuals_px.size());
}

TwoViewType TypeOf(const TwoView& view, const TwoViewOptions& options) {
  const double turn =
      std::max(options.rotation_units, options.rotation_ratio * view.epipolar_units);
  if (view.rotation_units < turn) return TwoViewType::kPanoramic;
  const double plane = options.planar_ratio * std::max(view.epipolar_units, options.noise_units);
  const bool planar = view.homography_units <= plane &&
                      view.homography_inliers >= options.planar_inliers * view.epipolar_inliers;
  return planar ? TwoViewType::kPlanar : TwoViewType::kGeneral;
}

}  // namespace

TwoView LookAtPair(const PointPairs& points,
                   const CentredPinhole& pinhole,
                   double unit_px,
                   const TwoViewOptions& options) {
  TwoView view;
  view.rotation_units =
      UpperQuartile(FitPairRotation(points, pinhole, unit_px).residuals_px, unit_px);
  const std::vector<double> epipolar_px = EpipolarResidualsPx(points);
  const std::vector<double> homography_px = HomographyResidualsPx(points);
  if (epipolar_px.empty() || homography_px.empty()) return view;
  view.epipolar_units = UpperQuartile(epipolar_px, unit_px);
  view.homography_units = UpperQuartile(homography_px, unit_px);
  const double bound_px = kInlierNoises * options.noise_units * unit_px;
  view.epipolar_inliers = Inliers(epipolar_px, bound_px);
  view.homography_inliers = Inliers(homography_px, bound_px);
  view.type = TypeOf(view, options);
  return view;
}

double TrackNoiseUnits(const TrackSet& set) {
  std::vector<double> noise;
  const int stride = std::max(1, set.num_frames() / kSteps);
  for (int frame = 0; frame + 1 < set.num_frames(); frame += stride) {
    const std::vector<double> residuals_px =
        EpipolarResidualsPx(PairsBetween(set, frame, frame + 1));
    if (!residuals_px.empty()) {
      noise.push_back(kNormalMad * Median(residuals_px) / set.UnitPx());
    }
  }
  return noise.empty() ? kLeastNoise : std::max(kLeastNoise, Median(noise));
}

}  // namespace plumb
