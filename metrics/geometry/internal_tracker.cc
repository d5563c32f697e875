// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/internal_tracker.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "core/statistics.h"

namespace plumb {
namespace {

// A track ends when what the warp leaves unexplained would, were it white noise, move its patch by
// more: the patch lies on an edge that uncovers something, or has hardly any texture.
constexpr double kMaxDoubtPx = 0.08;
// Where noise or a codec's key frame moves and blurs all points, one may return as badly, and be as
// doubtful, as twice the median says, up to this multiple of the bound for clean pictures.
constexpr double kNoisyMedians = 2.0;
constexpr double kNoisyBound = 2.5;

double BoundOf(double clean_bound, std::vector<double> values) {
  if (values.empty()) return clean_bound;
  return std::clamp(
      kNoisyMedians * Median(std::move(values)), clean_bound, kNoisyBound * clean_bound);
}

// A window that only shifts is pulled aside by as much when its contents are stretched in between.
constexpr double kPulledAside = 0.1;

GreyView View(const cv::Mat& grey) { return {grey.data, grey.cols, grey.rows, grey.step[0]}; }
cv::Point2f ToOpenCv(const Eigen::Vector2f& point) { return {point.x(), point.y()}; }

}  // namespace

Tracker::Tracker(cv::Size size, const TrackOptions& options) : size_(size), options_(options) {
  cell_px_ = static_cast<double>(std::max(size.width, size.height)) / options.cells;
  columns_ = static_cast<int>(std::ceil(size.width / cell_px_));
  rows_ = static_cast<int>(std::ceil(size.height / cell_px_));
}

void Tracker::Step(const cv::Mat& grey) {
  Pyramid pyramid = BuildPyramid(grey);
  Transition transition;
  if (frame_ >= 0) {
    transition.before = static_cast<int>(live_.size());
    transition.change_levels =
        cv::norm(grey, grey_, cv::NORM_L1) / static_cast<double>(grey.total());
    Chain(pyramid);
    Realign(pyramid);
    FollowBack(pyramid);
    transition.survivors = static_cast<int>(live_.size());
  }
  transitions_.push_back(transition);
  grey_ = grey;
  pyramid_ = std::move(pyramid);
  ++frame_;
  for (LiveTrack& live : live_) Append(live);
  if (NeedsRefill()) Refill();
  occupied_ += static_cast<double>(live_.size()) / (columns_ * rows_);
}

void Tracker::Finish(TrackSet& set) {
  for (LiveTrack& live : live_) End(live);
  std::stable_sort(done_.begin(), done_.end(), [](const Track& a, const Track& b) {
    return a.first_frame < b.first_frame;
  });
  set.tracks = std::move(done_);
  set.transitions = std::move(transitions_);
  set.occupied_share = occupied_ / static_cast<double>(frame_ + 1);
}

template <typename Predicate>
void Tracker::Keep(Predicate predicate) {
  std::vector<LiveTrack> kept;
  for (size_t i = 0; i < live_.size(); ++i) {
    if (predicate(live_[i], i)) {
      kept.push_back(std::move(live_[i]));
    } else {
      End(live_[i]);
    }
  }
  live_ = std::move(kept);
}

void Tracker::Chain(const Pyramid& pyramid) {
  if (live_.empty()) return;
  std::vector<cv::Point2f> points;
  for (LiveTrack& live : live_) {
    live.before = ToOpenCv(live.now.centre_px);
    points.push_back(live.before);
  }
  // Re-alignment says exactly where each point is; this only brings it near.
  const Flow flow =
      Follow(pyramid_, pyramid, {points, points}, {kChainWindowPx, kPyramidLevels, kNearPx});
  Keep([&](LiveTrack& live, size_t i) {
    live.now.centre_px = {flow.points[i].x, flow.points[i].y};
    return flow.found[i] && Inside(flow.points[i]);
  });
}

void Tracker::Realign(const Pyramid& pyramid) {
  const GreyView grey = View(pyramid.front());
  std::vector<AffineFit> fits;
  std::vector<double> doubts_px;
  for (const LiveTrack& live : live_) {
    fits.push_back(live.patch->Align(grey, live.now));
    if (fits.back().settled) doubts_px.push_back(fits.back().position_px);
  }
  const double bound_px = BoundOf(kMaxDoubtPx, std::move(doubts_px));
  Keep([&](LiveTrack& live, size_t i) {
    const AffineFit& fit = fits[i];
    const bool near = (fit.place.centre_px - live.now.centre_px).norm() < options_.max_drift_px;
    live.turned = (fit.place.stretch - live.now.stretch).norm();
    live.now = fit.place;
    return fit.settled && near && fit.position_px < bound_px &&
           Inside(ToOpenCv(fit.place.centre_px));
  });
}

void Tracker::FollowBack(const Pyramid& pyramid) {
  if (live_.empty()) return;
  std::vector<cv::Point2f> now, before;
  for (const LiveTrack& live : live_) {
    now.push_back(ToOpenCv(live.now.centre_px));
    before.push_back(live.before);
  }
  const Flow back = Follow(pyramid, pyramid_, {now, before}, {kChainWindowPx, kAlignLevels});
  std::vector<double> off_px;
  for (size_t i = 0; i < live_.size(); ++i) off_px.push_back(cv::norm(back.points[i] - before[i]));
  const double bound_px = BoundOf(options_.max_return_px, off_px);
  Keep([&](LiveTrack& live, size_t i) {
    return back.found[i] && off_px[i] < bound_px + kPulledAside * kChainWindowPx * live.turned;
  });
}

void Tracker::End(LiveTrack& live) {
  if (static_cast<int>(live.track.points_px.size()) >= options_.min_observations) {
    done_.push_back(std::move(live.track));
  }
}

void Tracker::Append(LiveTrack& live) {
  live.track.points_px.push_back(live.now.centre_px.cast<double>().array() + 0.5);
}

bool Tracker::Inside(const cv::Point2f& point) const {
  constexpr float kBorderPx = 3.0f;
  return point.x >= kBorderPx && point.y >= kBorderPx && point.x < size_.width - kBorderPx &&
         point.y < size_.height - kBorderPx;
}

bool Tracker::NeedsRefill() const {
  if (frame_ == 0 || live_.size() < 0.9 * refilled_count_) return true;
  std::vector<float> moved;
  for (const LiveTrack& live : live_) {
    if (live.track.first_frame != last_refill_) continue;
    moved.push_back(cv::norm(ToOpenCv(live.now.centre_px) - live.start));
  }
  if (moved.empty()) return frame_ - last_refill_ > 8;
  std::nth_element(moved.begin(), moved.begin() + moved.size() / 2, moved.end());
  return moved[moved.size() / 2] > 0.06 * std::max(size_.width, size_.height);
}

void Tracker::Refill() {
  std::vector<uint8_t> taken(static_cast<size_t>(columns_) * rows_, 0);
  for (const LiveTrack& live : live_) taken[CellOf(ToOpenCv(live.now.centre_px))] = 1;
  cv::Mat corners;
  cv::cornerMinEigenVal(grey_, corners, 5, 3);
  for (int row = 0; row < rows_; ++row) {
    for (int column = 0; column < columns_; ++column) {
      if (!taken[row * columns_ + column]) StartInCell(corners, column, row);
    }
  }
  refilled_count_ = live_.size();
  last_refill_ = frame_;
}

void Tracker::StartInCell(const cv::Mat& corners, int column, int row) {
  const cv::Rect cell(
      cv::Point(std::lround(column * cell_px_), std::lround(row * cell_px_)),
      cv::Point(std::lround((column + 1) * cell_px_), std::lround((row + 1) * cell_px_)));
  const cv::Rect inside = cell & cv::Rect(4, 4, size_.width - 8, size_.height - 8);
  if (inside.empty()) return;
  double best = 0.0;
  cv::Point where;
  cv::minMaxLoc(corners(inside), nullptr, &best, nullptr, &where);
  if (best < kMinEigen) return;
  const cv::Point pixel = where + inside.tl();
  const cv::Point2f start(pixel);
  // A neighbour's corner on the cell border would be followed twice.
  for (const LiveTrack& live : live_) {
    if (cv::norm(ToOpenCv(live.now.centre_px) - start) < 0.5 * cell_px_) return;
  }
  LiveTrack live;
  live.track.first_frame = frame_;
  live.patch = std::make_unique<AffinePatch>(View(grey_), Eigen::Vector2i(pixel.x, pixel.y));
  live.start = live.before = start;
  live.now.centre_px = {start.x, start.y};
  Append(live);
  live_.push_back(std::move(live));
}

size_t Tracker::CellOf(const cv::Point2f& point) const {
  const int column = std::clamp(static_cast<int>(point.x / cell_px_), 0, columns_ - 1);
  const int row = std::clamp(static_cast<int>(point.y / cell_px_), 0, rows_ - 1);
  return static_cast<size_t>(row) * columns_ + column;
}

}  // namespace plumb
