// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/internal_tracker.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace plumb {

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
  for (const LiveTrack& live : live_) points.push_back(live.now);
  // Re-alignment says exactly where each point is; this only brings it near.
  const Flow flow =
      Follow(pyramid_, pyramid, {points, points}, {kChainWindowPx, kPyramidLevels, kNearPx});
  Keep([&](LiveTrack& live, size_t i) {
    live.now = flow.points[i];
    return flow.found[i] && Inside(flow.points[i]);
  });
}

void Tracker::Realign(const Pyramid& pyramid) {
  std::map<int, std::vector<size_t>> by_reference;
  for (size_t i = 0; i < live_.size(); ++i) by_reference[live_[i].reference].push_back(i);
  std::vector<uint8_t> good(live_.size(), 0);
  for (const auto& [reference, indices] : by_reference) {
    const std::vector<uint8_t> held = RealignGroup(references_.at(reference), pyramid, indices);
    for (size_t k = 0; k < indices.size(); ++k) good[indices[k]] = held[k];
  }
  Keep([&](LiveTrack&, size_t i) { return good[i] != 0; });
  std::erase_if(references_, [&](const auto& entry) {
    return std::none_of(live_.begin(), live_.end(), [&](const LiveTrack& live) {
      return live.reference == entry.first;
    });
  });
}

std::vector<uint8_t> Tracker::RealignGroup(const Pyramid& reference,
                                           const Pyramid& pyramid,
                                           const std::vector<size_t>& indices) {
  std::vector<cv::Point2f> patches;
  std::vector<cv::Point2f> chained;
  for (const size_t i : indices) {
    patches.push_back(live_[i].at_reference);
    chained.push_back(live_[i].now);
  }
  const FlowSettings align{kAlignWindowPx, kAlignLevels};
  const Flow there = Follow(reference, pyramid, {patches, chained}, align);
  const Flow back = Follow(pyramid, reference, {there.points, patches}, align);
  std::vector<uint8_t> good;
  for (size_t k = 0; k < indices.size(); ++k) {
    const bool returns = cv::norm(back.points[k] - patches[k]) < options_.max_return_px;
    const bool near = cv::norm(there.points[k] - chained[k]) < options_.max_drift_px;
    good.push_back(there.found[k] && back.found[k] && returns && near && Inside(there.points[k]));
    live_[indices[k]].now = there.points[k];
  }
  return good;
}

void Tracker::End(LiveTrack& live) {
  if (static_cast<int>(live.track.points_px.size()) >= options_.min_observations) {
    done_.push_back(std::move(live.track));
  }
}

void Tracker::Append(LiveTrack& live) {
  live.track.points_px.emplace_back(live.now.x + 0.5, live.now.y + 0.5);
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
    if (live.reference == last_refill_) moved.push_back(cv::norm(live.now - live.at_reference));
  }
  if (moved.empty()) return frame_ - last_refill_ > 8;
  std::nth_element(moved.begin(), moved.begin() + moved.size() / 2, moved.end());
  return moved[moved.size() / 2] > 0.06 * std::max(size_.width, size_.height);
}

void Tracker::Refill() {
  std::vector<uint8_t> taken(static_cast<size_t>(columns_) * rows_, 0);
  for (const LiveTrack& live : live_) taken[CellOf(live.now)] = 1;
  cv::Mat corners;
  cv::cornerMinEigenVal(grey_, corners, 5, 3);
  for (int row = 0; row < rows_; ++row) {
    for (int column = 0; column < columns_; ++column) {
      if (!taken[row * columns_ + column]) StartInCell(corners, column, row);
    }
  }
  references_[frame_] = pyramid_;
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
  const cv::Point2f start(where + inside.tl());
  // A neighbour's corner on the cell border would be followed twice.
  for (const LiveTrack& live : live_) {
    if (cv::norm(live.now - start) < 0.5 * cell_px_) return;
  }
  LiveTrack live{{frame_, {}}, frame_, start, start};
  Append(live);
  live_.push_back(std::move(live));
}

size_t Tracker::CellOf(const cv::Point2f& point) const {
  const int column = std::clamp(static_cast<int>(point.x / cell_px_), 0, columns_ - 1);
  const int row = std::clamp(static_cast<int>(point.y / cell_px_), 0, rows_ - 1);
  return static_cast<size_t>(row) * columns_ + column;
}

}  // namespace plumb
