// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/rigidity/breathing.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <optional>

#include <Eigen/QR>

#include "core/statistics.h"

namespace plumb {
namespace {

using Complex = std::complex<double>;

constexpr Eigen::Index kMinPlaneGroups = 20;  // below, a plane would follow single groups
constexpr int kPlaneRounds = 5;
constexpr double kLeastReach = 1e-6;  // of Cauchy's weights

// The tracks that live through a window, as points of the complex plane.
struct Window {
  int first = 0;
  int frames = 0;
  std::vector<std::vector<Complex>> tracks;

  Complex Middle(size_t track) const { return tracks[track][frames / 2]; }
};

Window TracksThrough(const TrackSet& set, int first, int frames) {
  Window window{first, frames, {}};
  for (const Track& track : set.tracks) {
    if (!track.Sees(first) || !track.Sees(first + frames - 1)) continue;
    std::vector<Complex> points;
    for (int frame = first; frame < first + frames; ++frame) {
      points.emplace_back(track.At(frame).x(), track.At(frame).y());
    }
    window.tracks.push_back(std::move(points));
  }
  return window;
}

struct GroupScale {
  BreathingGroup group;
  Eigen::VectorXd log_scale;  // per frame
  double misfit_px = 0.0;     // standard deviation of a coordinate from the similarity
  double scale_sd = 0.0;      // what that makes of log_scale
};

// Points relative to their centre, frame by frame.
std::vector<std::vector<Complex>> Centred(const Window& window,
                                          const std::vector<size_t>& members) {
  std::vector<std::vector<Complex>> shape(window.frames);
  for (int frame = 0; frame < window.frames; ++frame) {
    Complex centre = 0.0;
    for (const size_t member : members) centre += window.tracks[member][frame];
    centre /= static_cast<double>(members.size());
    for (const size_t member : members) {
      shape[frame].push_back(window.tracks[member][frame] - centre);
    }
  }
  return shape;
}

std::optional<GroupScale> ScaleOf(const Window& window, const std::vector<size_t>& members) {
  const auto shape = Centred(window, members);
  std::vector<Complex> mean(members.size(), 0.0);
  double size = 0.0;
  for (size_t i = 0; i < members.size(); ++i) {
    for (const auto& frame : shape) mean[i] += frame[i] / static_cast<double>(window.frames);
    size += std::norm(mean[i]);
  }
  if (size <= 0.0) return std::nullopt;
  GroupScale scale;
  scale.log_scale.resize(window.frames);
  double misfit = 0.0;
  for (int frame = 0; frame < window.frames; ++frame) {
    Complex similarity = 0.0;
    for (size_t i = 0; i < members.size(); ++i) {
      similarity += std::conj(mean[i]) * shape[frame][i];
    }
    similarity /= size;
    for (size_t i = 0; i < members.size(); ++i) {
      misfit += std::norm(shape[frame][i] - similarity * mean[i]);
    }
    scale.log_scale[frame] = std::log(std::max(1e-9, std::abs(similarity)));
  }
  const auto freedom = window.frames * (2.0 * static_cast<double>(members.size()) - 4.0);
  scale.misfit_px = std::sqrt(misfit / freedom);
  scale.scale_sd = scale.misfit_px / std::sqrt(size);
  scale.group.first_frame = window.first;
  scale.group.tracks = static_cast<int>(members.size());
  return scale;
}

// What the best parabola leaves of a course.
Eigen::VectorXd Detrended(const Eigen::VectorXd& course) {
  const Eigen::VectorXd time = Eigen::VectorXd::LinSpaced(course.size(), -1.0, 1.0);
  Eigen::MatrixXd basis(course.size(), 3);
  basis << Eigen::VectorXd::Ones(course.size()), time, time.cwiseAbs2();
  return course - basis * basis.colPivHouseholderQr().solve(course);
}

std::vector<GroupScale> ScalesIn(const Window& window,
                                 double radius_px,
                                 const BreathingOptions& options) {
  std::vector<GroupScale> scales;
  for (size_t i = 0; i < window.tracks.size(); ++i) {
    std::vector<size_t> members;
    for (size_t k = 0; k < window.tracks.size(); ++k) {
      if (std::abs(window.Middle(k) - window.Middle(i)) < radius_px) members.push_back(k);
    }
    if (static_cast<int>(members.size()) < options.min_tracks) continue;
    auto scale = ScaleOf(window, members);
    if (!scale) continue;
    scale->group.centre_px = {window.Middle(i).real(), window.Middle(i).imag()};
    scales.push_back(std::move(*scale));
  }
  return scales;
}

// A frame's log scales over the picture as the whole camera makes them, at every group: constant
// for a zoom or a step ahead, and to first order a plane for a turn. From the median on, the plane
// is fitted by rounds of Cauchy weights, so that a part that breathes does not bend it.
Eigen::VectorXd CommonPlane(const Eigen::MatrixXd& basis, const Eigen::VectorXd& values) {
  std::vector<double> all(values.data(), values.data() + values.size());
  Eigen::VectorXd plane = Eigen::VectorXd::Constant(values.size(), Median(std::move(all)));
  if (values.size() < kMinPlaneGroups) return plane;
  for (int round = 0; round < kPlaneRounds; ++round) {
    const Eigen::VectorXd off = (values - plane).cwiseAbs();
    const double reach =
        std::max(kLeastReach, Median(std::vector<double>(off.data(), off.data() + off.size())));
    const Eigen::VectorXd weights = (1.0 + (off / (2.0 * reach)).array().square()).inverse().sqrt();
    const Eigen::VectorXd solution =
        (weights.asDiagonal() * basis).colPivHouseholderQr().solve(weights.asDiagonal() * values);
    plane = basis * solution;
  }
  return plane;
}

// One row per group, one column per frame.
Eigen::MatrixXd CommonCourses(const std::vector<GroupScale>& scales, int frames, double side_px) {
  const auto groups = static_cast<Eigen::Index>(scales.size());
  Eigen::MatrixXd basis(groups, 3), courses(groups, frames);
  for (Eigen::Index i = 0; i < groups; ++i) {
    basis.row(i) << 1.0, scales[i].group.centre_px.transpose() / side_px;
    courses.row(i) = scales[i].log_scale.transpose();
  }
  for (int frame = 0; frame < frames; ++frame) {
    courses.col(frame) = CommonPlane(basis, courses.col(frame)).eval();
  }
  return courses;
}

}  // namespace

std::vector<BreathingGroup> BreathingGroups(const TrackSet& set, const BreathingOptions& options) {
  std::vector<BreathingGroup> groups;
  const int frames = options.window_frames;
  for (int first = 0; first + frames <= set.num_frames(); first += frames / 2) {
    const Window window = TracksThrough(set, first, frames);
    const auto scales = ScalesIn(window, options.radius_units * set.UnitPx(), options);
    if (scales.empty()) continue;
    const Eigen::MatrixXd common = CommonCourses(scales, frames, std::max(set.width, set.height));
    for (size_t i = 0; i < scales.size(); ++i) {
      const GroupScale& scale = scales[i];
      if (scale.misfit_px > options.max_misfit_units * set.UnitPx()) continue;
      const double freedom = frames - 3.0;
      const Eigen::VectorXd own = scale.log_scale - common.row(i).transpose();
      const double variance = Detrended(own).squaredNorm() / freedom;
      const double noise = scale.scale_sd * scale.scale_sd;
      BreathingGroup group = scale.group;
      group.amplitude = std::sqrt(2.0 * std::max(0.0, variance - noise));
      group.sd = std::sqrt(2.0 / freedom) * scale.scale_sd;
      groups.push_back(group);
    }
  }
  return groups;
}

}  // namespace plumb
