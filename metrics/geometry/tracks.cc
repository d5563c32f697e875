// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/tracks.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

#include "core/check.h"

namespace plumb {
namespace {

constexpr int kLevels = 4;     // of the pyramids: reaches motions of about 80 px between frames
constexpr int kWindowPx = 21;  // of the alignment to the reference patch
constexpr int kChainWindowPx = 15;  // of the frame-to-frame step
constexpr int kRefineLevels = 1;    // two levels are enough when the chained position is the start
constexpr float kMinEigen =
    1e-4f;  // smaller eigenvalue of the structure tensor below which a patch has no corner

using Pyramid = std::vector<cv::Mat>;

// Keeps OpenCV on one thread while in scope: a cell has one.
class OneThread {
 public:
  OneThread() : before_(cv::getNumThreads()) { cv::setNumThreads(1); }
  ~OneThread() { cv::setNumThreads(before_); }

 private:
  int before_;
};

struct LiveTrack {
  Track track;
  int reference = 0;         // frame whose patch it is aligned to
  cv::Point2f at_reference;  // OpenCV's pixel convention (centres at whole numbers)
  cv::Point2f now;
};

cv::Mat GreyFrame(const Image& image, cv::Size size) {
  const cv::Mat rgb(image.height, image.width, CV_8UC3, const_cast<uint8_t*>(image.rgb.data()));
  cv::Mat grey;
  cv::cvtColor(rgb, grey, cv::COLOR_RGB2GRAY);
  if (grey.size() != size) cv::resize(grey, grey, size, 0, 0, cv::INTER_AREA);
  return grey;
}

Pyramid BuildPyramid(const cv::Mat& grey) {
  Pyramid pyramid;
  cv::buildOpticalFlowPyramid(grey, pyramid, cv::Size(kWindowPx, kWindowPx), kLevels - 1);
  return pyramid;
}

// One Lucas–Kanade step that starts at `guess`; where it fails, the point is marked lost.
struct Flow {
  std::vector<cv::Point2f> points;
  std::vector<uint8_t> found;
};

Flow Follow(const Pyramid& from,
            const Pyramid& to,
            const std::vector<cv::Point2f>& points,
            const std::vector<cv::Point2f>& guess,
            int window_px,
            int max_level) {
  Flow flow{guess, {}};
  std::vector<float> error;
  const cv::TermCriteria stop(cv::TermCriteria::COUNT + cv::TermCriteria::EPS, 20, 0.01);
  cv::calcOpticalFlowPyrLK(from,
                           to,
                           points,
                           flow.points,
                           flow.found,
                           error,
                           cv::Size(window_px, window_px),
                           max_level,
                           stop,
                           cv::OPTFLOW_USE_INITIAL_FLOW,
                           kMinEigen);
  return flow;
}

class Tracker {
 public:
  Tracker(cv::Size size, const TrackOptions& options) : size_(size), options_(options) {
    cell_px_ = static_cast<double>(std::max(size.width, size.height)) / options.cells;
    columns_ = static_cast<int>(std::ceil(size.width / cell_px_));
    rows_ = static_cast<int>(std::ceil(size.height / cell_px_));
  }

  void Step(const cv::Mat& grey) {
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

  void Finish(TrackSet& set) {
    for (LiveTrack& live : live_) End(live);
    std::stable_sort(done_.begin(), done_.end(), [](const Track& a, const Track& b) {
      return a.first_frame < b.first_frame;
    });
    set.tracks = std::move(done_);
    set.transitions = std::move(transitions_);
    set.occupied_share = occupied_ / static_cast<double>(frame_ + 1);
  }

 private:
  // Moves every live track from the frame before into this one.
  void Chain(const Pyramid& pyramid) {
    if (live_.empty()) return;
    std::vector<cv::Point2f> points;
    for (const LiveTrack& live : live_) points.push_back(live.now);
    const Flow flow = Follow(pyramid_, pyramid, points, points, kChainWindowPx, kLevels - 1);
    Keep([&](LiveTrack& live, size_t i) {
      live.now = flow.points[i];
      return flow.found[i] && Inside(flow.points[i]);
    });
  }

  // Aligns every live track with the patch it started from, reference frame by reference frame.
  void Realign(const Pyramid& pyramid) {
    std::map<int, std::vector<size_t>> by_reference;
    for (size_t i = 0; i < live_.size(); ++i) by_reference[live_[i].reference].push_back(i);
    std::vector<uint8_t> good(live_.size(), 0);
    for (const auto& [reference, indices] : by_reference) {
      RealignGroup(references_.at(reference), pyramid, indices, good);
    }
    Keep([&](LiveTrack&, size_t i) { return good[i] != 0; });
    std::erase_if(references_, [&](const auto& entry) {
      return std::none_of(live_.begin(), live_.end(), [&](const LiveTrack& live) {
        return live.reference == entry.first;
      });
    });
  }

  void RealignGroup(const Pyramid& reference,
                    const Pyramid& pyramid,
                    const std::vector<size_t>& indices,
                    std::vector<uint8_t>& good) {
    std::vector<cv::Point2f> patches;
    std::vector<cv::Point2f> chained;
    for (const size_t i : indices) {
      patches.push_back(live_[i].at_reference);
      chained.push_back(live_[i].now);
    }
    const Flow there = Follow(reference, pyramid, patches, chained, kWindowPx, kRefineLevels);
    const Flow back = Follow(pyramid, reference, there.points, patches, kWindowPx, kRefineLevels);
    for (size_t k = 0; k < indices.size(); ++k) {
      const bool returns = cv::norm(back.points[k] - patches[k]) < options_.max_return_px;
      const bool near = cv::norm(there.points[k] - chained[k]) < options_.max_drift_px;
      good[indices[k]] =
          there.found[k] && back.found[k] && returns && near && Inside(there.points[k]);
      live_[indices[k]].now = there.points[k];
    }
  }

  template <typename Predicate>
  void Keep(Predicate predicate) {
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

  void End(LiveTrack& live) {
    if (static_cast<int>(live.track.points_px.size()) >= options_.min_observations) {
      done_.push_back(std::move(live.track));
    }
  }

  void Append(LiveTrack& live) {
    live.track.points_px.emplace_back(live.now.x + 0.5, live.now.y + 0.5);
  }

  bool Inside(const cv::Point2f& point) const {
    constexpr float kBorderPx = 3.0f;
    return point.x >= kBorderPx && point.y >= kBorderPx && point.x < size_.width - kBorderPx &&
           point.y < size_.height - kBorderPx;
  }

  // A new reference frame: at the start, after losing a tenth of the tracks, or after six
  // hundredths of the width.
  bool NeedsRefill() const {
    if (frame_ == 0 || live_.size() < 0.9 * refilled_count_) return true;
    std::vector<float> moved;
    for (const LiveTrack& live : live_) {
      if (live.reference == last_refill_) moved.push_back(cv::norm(live.now - live.at_reference));
    }
    if (moved.empty()) return frame_ - last_refill_ > 8;
    std::nth_element(moved.begin(), moved.begin() + moved.size() / 2, moved.end());
    return moved[moved.size() / 2] > 0.06 * std::max(size_.width, size_.height);
  }

  // Starts one track at the best corner of every empty cell.
  void Refill() {
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

  void StartInCell(const cv::Mat& corners, int column, int row) {
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

  size_t CellOf(const cv::Point2f& point) const {
    const int column = std::clamp(static_cast<int>(point.x / cell_px_), 0, columns_ - 1);
    const int row = std::clamp(static_cast<int>(point.y / cell_px_), 0, rows_ - 1);
    return static_cast<size_t>(row) * columns_ + column;
  }

  cv::Size size_;
  TrackOptions options_;
  double cell_px_ = 1.0;
  int columns_ = 1;
  int rows_ = 1;
  int frame_ = -1;
  cv::Mat grey_;
  Pyramid pyramid_;
  std::map<int, Pyramid> references_;
  std::vector<LiveTrack> live_;
  std::vector<Track> done_;
  std::vector<Transition> transitions_;
  size_t refilled_count_ = 0;
  int last_refill_ = 0;
  double occupied_ = 0.0;
};

}  // namespace

void TrackOptions::Validate() const {
  PLUMB_CHECK(max_side_px >= 32, "max_side_px {}", max_side_px);
  PLUMB_CHECK(max_frames >= 2, "max_frames {}", max_frames);
  PLUMB_CHECK(cells >= 4 && cells <= 200, "cells {}", cells);
  PLUMB_CHECK(max_return_px > 0.0, "max_return_px {}", max_return_px);
  PLUMB_CHECK(max_drift_px > 0.0, "max_drift_px {}", max_drift_px);
  PLUMB_CHECK(min_observations >= 2, "min_observations {}", min_observations);
}

double TrackSet::UnitPx() const { return std::sqrt(static_cast<double>(width) * height) / 256.0; }

std::vector<int> EvenlyChosen(int total, int count) {
  PLUMB_CHECK(total > 0 && count > 0, "{} of {} frames", count, total);
  std::vector<int> chosen;
  if (count >= total) count = total;
  for (int i = 0; i < count; ++i) {
    chosen.push_back(
        count == 1 ? 0 : static_cast<int>(static_cast<int64_t>(i) * (total - 1) / (count - 1)));
  }
  return chosen;
}

TrackSet TrackPoints(const Video& video, const TrackOptions& options, const Progress& progress) {
  options.Validate();
  const OneThread one_thread;
  TrackSet set;
  const int side = std::max(video.width(), video.height());
  const double reduction = std::max(1.0, static_cast<double>(side) / options.max_side_px);
  set.width = std::max(1, static_cast<int>(std::lround(video.width() / reduction)));
  set.height = std::max(1, static_cast<int>(std::lround(video.height() / reduction)));
  set.sample_scale = static_cast<double>(video.width()) / set.width;
  set.frames = EvenlyChosen(video.num_frames(), options.max_frames);
  // Below the size of two windows there is nothing that Lucas–Kanade could hold on to.
  if (std::min(set.width, set.height) < 2 * kWindowPx) {
    set.transitions.resize(set.frames.size());
    return set;
  }
  Tracker tracker(cv::Size(set.width, set.height), options);
  for (int i = 0; i < set.num_frames(); ++i) {
    progress.ThrowIfCancelled();
    if (i % 20 == 0) progress.Report("tracking points", i, set.num_frames());
    tracker.Step(GreyFrame(video.frame(set.frames[i]), cv::Size(set.width, set.height)));
  }
  tracker.Finish(set);
  return set;
}

std::vector<int> CommonTracks(const TrackSet& set, int frame_a, int frame_b) {
  std::vector<int> common;
  for (size_t i = 0; i < set.tracks.size(); ++i) {
    const Track& track = set.tracks[i];
    if (track.Sees(frame_a) && track.Sees(frame_b)) common.push_back(static_cast<int>(i));
  }
  return common;
}

}  // namespace plumb
