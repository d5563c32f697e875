// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/panorama_closure.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "core/check.h"
#include "metrics/geometry/fit_scores.h"
#include "metrics/geometry/internal_optical_flow.h"
#include "metrics/pairing.h"

namespace plumb {
namespace {

constexpr int kGrid = 16;  // directions per side that stand for a picture
constexpr int kPatchPx = 15;
constexpr float kMaxReturnPx = 1.0f;

Eigen::Vector3d Turned(const PosedClip& clip, int from, int to, const Eigen::Vector2d& point_px) {
  return clip.camera_from_world[to].rotation *
         (clip.camera_from_world[from].rotation.conjugate() * clip.pinhole.Ray(point_px));
}

bool Inside(const TrackSet& set, const Eigen::Vector2d& point_px, double margin_px) {
  return point_px.x() >= margin_px && point_px.y() >= margin_px &&
         point_px.x() < set.width - margin_px && point_px.y() < set.height - margin_px;
}

// Share of frame a's picture that frame b shows too.
double SharedView(const TrackSet& set, const PosedClip& clip, int a, int b) {
  int shared = 0;
  for (int i = 0; i < kGrid * kGrid; ++i) {
    const Eigen::Vector2d point((i % kGrid + 0.5) / kGrid * set.width,
                                (i / kGrid + 0.5) / kGrid * set.height);
    const auto seen = clip.pinhole.Project(Turned(clip, a, b, point));
    shared += seen && Inside(set, *seen, 0.0);
  }
  return static_cast<double>(shared) / (kGrid * kGrid);
}

// The latest frame that looks where `early` looked, after a look elsewhere; -1 when there is none.
int LatestReturn(const TrackSet& set,
                 const PosedClip& clip,
                 const std::pair<int, int>& early_last,
                 const ClosureOptions& options) {
  const auto& [early, last] = early_last;
  bool left = false;
  int latest = -1;
  for (int frame = early + 1; frame <= last; ++frame) {
    if (!clip.posed[frame]) continue;
    const double shared = SharedView(set, clip, early, frame);
    left = left || shared <= options.left_view_share;
    if (left && shared >= options.same_view_share && shared > options.left_view_share) {
      latest = frame;
    }
  }
  return latest;
}

double Likeness(const cv::Mat& a,
                const cv::Point2f& at_a,
                const cv::Mat& b,
                const cv::Point2f& at_b) {
  cv::Mat patch_a, patch_b, correlation;
  cv::getRectSubPix(a, {kPatchPx, kPatchPx}, at_a, patch_a, CV_32F);
  cv::getRectSubPix(b, {kPatchPx, kPatchPx}, at_b, patch_b, CV_32F);
  cv::matchTemplate(patch_a, patch_b, correlation, cv::TM_CCOEFF_NORMED);
  return correlation.at<float>(0, 0);
}

cv::Point2f ToOpenCv(const Eigen::Vector2d& point) {
  return {static_cast<float>(point.x() - 0.5), static_cast<float>(point.y() - 0.5)};
}

class PairOfFrames {
 public:
  PairOfFrames(const TrackSet& set, const PosedClip& clip, std::pair<int, int> frames)
      : set_(set), early_(frames.first), late_(frames.second) {
    for (const Track& track : set.tracks) {
      if (!track.Sees(early_) || track.Sees(late_)) continue;
      const auto there = clip.pinhole.Project(Turned(clip, early_, late_, track.At(early_)));
      if (!there || !Inside(set, *there, kAlignWindowPx / 2)) continue;
      points_.push_back(ToOpenCv(track.At(early_)));
      expected_.push_back(ToOpenCv(*there));
    }
  }

  std::vector<Revisit> Look(const Video& sample, const ClosureOptions& options) const {
    std::vector<Revisit> revisits;
    if (points_.empty()) return revisits;
    const cv::Size size(set_.width, set_.height);
    const cv::Mat grey_early = GreyFrame(sample.frame(set_.frames[early_]), size);
    const cv::Mat grey_late = GreyFrame(sample.frame(set_.frames[late_]), size);
    const Pyramid early = BuildPyramid(grey_early), late = BuildPyramid(grey_late);
    const FlowSettings align{kAlignWindowPx, kAlignLevels};
    const Flow there = Follow(early, late, {points_, expected_}, align);
    const Flow back = Follow(late, early, {there.points, points_}, align);
    const double radius_px = options.search_units * set_.UnitPx();
    for (size_t i = 0; i < points_.size(); ++i) {
      const double error_px = cv::norm(there.points[i] - expected_[i]);
      const bool found =
          there.found[i] && back.found[i] && error_px < radius_px &&
          cv::norm(back.points[i] - points_[i]) < kMaxReturnPx &&
          Likeness(grey_early, points_[i], grey_late, there.points[i]) >= options.min_likeness;
      revisits.push_back({early_, late_, found, found ? error_px : radius_px});
    }
    return revisits;
  }

 private:
  const TrackSet& set_;
  int early_;
  int late_;
  std::vector<cv::Point2f> points_;    // in the early frame, OpenCV's convention
  std::vector<cv::Point2f> expected_;  // in the late one
};

}  // namespace

void ClosureOptions::Validate() const {
  PLUMB_CHECK(
      same_view_share > 0.0 && same_view_share <= 1.0, "same_view_share {}", same_view_share);
  PLUMB_CHECK(
      left_view_share >= 0.0 && left_view_share < 1.0, "left_view_share {}", left_view_share);
  PLUMB_CHECK(search_units > 0.0, "search_units {}", search_units);
  PLUMB_CHECK(min_likeness < 1.0, "min_likeness {}", min_likeness);
  PLUMB_CHECK(max_pairs >= 1, "max_pairs {}", max_pairs);
}

std::vector<std::pair<int, int>> Returns(const TrackSet& set,
                                         const PosedClip& clip,
                                         const Segment& segment,
                                         const ClosureOptions& options) {
  options.Validate();
  std::vector<std::pair<int, int>> returns;
  for (const int index : EvenlyChosen(segment.size(), 2 * options.max_pairs)) {
    const int early = segment.first + index;
    if (!clip.posed[early]) continue;
    const int late = LatestReturn(set, clip, {early, segment.last}, options);
    if (late >= 0) returns.emplace_back(early, late);
  }
  std::vector<std::pair<int, int>> chosen;
  for (const int i : EvenlyChosen(static_cast<int>(returns.size()), options.max_pairs)) {
    chosen.push_back(returns[i]);
  }
  return chosen;
}

std::vector<Revisit> FindRevisits(const TurningView& view,
                                  const std::vector<std::pair<int, int>>& returns,
                                  const ClosureOptions& options) {
  options.Validate();
  const OneThread one_thread;
  std::vector<Revisit> revisits;
  for (const std::pair<int, int>& frames : returns) {
    const PairOfFrames pair(view.set, view.clip, frames);
    const std::vector<Revisit> found = pair.Look(view.sample, options);
    revisits.insert(revisits.end(), found.begin(), found.end());
  }
  return revisits;
}

void PutClosure(const ClosureInput& input, ScoreSheet& sheet) {
  std::vector<double> errors_px;
  int found = 0;
  size_t frame_pairs = 0;
  for (const RigidWorld& world : input.fit.worlds) {
    const auto returns = Returns(input.set, world.clip, world.stretch, ClosureOptions{});
    frame_pairs += returns.size();
    for (const Revisit& revisit : FindRevisits({input.set, world.clip, input.sample}, returns)) {
      errors_px.push_back(revisit.error_px * input.set.sample_scale);
      found += revisit.found;
    }
  }
  if (static_cast<int>(errors_px.size()) < kMinHeldOut) {
    sheet.LeaveOut({GeometryScore::kPanoramaClosure},
                   "the camera does not look again where it looked before");
    return;
  }
  Evidence evidence;
  evidence.details["revisits"] = errors_px.size();
  evidence.details["found_share"] = found / static_cast<double>(errors_px.size());
  evidence.details["frame_pairs"] = frame_pairs;
  sheet.PutMedian(GeometryScore::kPanoramaClosure, errors_px, std::move(evidence));
}

}  // namespace plumb
