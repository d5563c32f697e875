// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/rigidity/loop_drift.h"

#include <algorithm>
#include <limits>

#include "core/statistics.h"
#include "metrics/geometry/internal_optical_flow.h"
#include "metrics/pairing.h"

namespace plumb {
namespace {

constexpr int kMaxVisits = 40;  // frames that are compared with each other
constexpr int kMinPoints = 30;  // that the first visit must see
constexpr int kMinAway_frames = 12;
constexpr double kBackShare = 0.125;  // of the longer side
constexpr double kAwayShare = 0.25;
constexpr double kMargin_px = 12.0;  // of the search window
constexpr double kReturnUnits = 0.5;

bool InPicture(const TrackSet& set, const Eigen::Vector2d& point_px) {
  return point_px.x() > kMargin_px && point_px.y() > kMargin_px &&
         point_px.x() < set.width - kMargin_px && point_px.y() < set.height - kMargin_px;
}

// Median displacement of the points of one frame to where another should see them; what leaves the
// picture moves infinitely far. Infinite with too few points.
double Displacement(const TrackSet& set, const RigidWorld& world, int from, int to) {
  std::vector<double> moved;
  for (const ScenePoint& point : world.points) {
    const Track& track = set.tracks[point.track];
    if (!track.Sees(from)) continue;
    const auto seen =
        world.clip.pinhole.Project(world.clip.camera_from_world[to] * point.x_in_world);
    moved.push_back(seen && InPicture(set, *seen) ? (*seen - track.At(from)).norm()
                                                  : std::numeric_limits<double>::max());
  }
  return static_cast<int>(moved.size()) < kMinPoints ? std::numeric_limits<double>::max()
                                                     : Median(std::move(moved));
}

std::vector<int> PosedFrames(const RigidWorld& world) {
  std::vector<int> posed;
  for (int frame = world.stretch.first; frame <= world.stretch.last; ++frame) {
    if (world.clip.posed[frame]) posed.push_back(frame);
  }
  if (static_cast<int>(posed.size()) <= kMaxVisits) return posed;
  std::vector<int> chosen;
  for (const int i : EvenlyChosen(static_cast<int>(posed.size()), kMaxVisits)) {
    chosen.push_back(posed[i]);
  }
  return chosen;
}

struct Sought {
  std::vector<cv::Point2f> first, second;  // OpenCV's pixel centres
};

Sought PointsToFind(const TrackSet& set, const RigidWorld& world, const ReturnVisit& visit) {
  Sought sought;
  for (const ScenePoint& point : world.points) {
    const Track& track = set.tracks[point.track];
    if (!track.Sees(visit.first_frame) || track.last_frame() >= visit.second_frame) continue;
    const Eigen::Vector3d x_in_camera =
        world.clip.camera_from_world[visit.second_frame] * point.x_in_world;
    const auto expected = world.clip.pinhole.Project(x_in_camera);
    if (!expected || !InPicture(set, *expected)) continue;
    const Eigen::Vector2f first = (track.At(visit.first_frame).array() - 0.5).cast<float>();
    const Eigen::Vector2f second = (expected->array() - 0.5).cast<float>();
    sought.first.emplace_back(first.x(), first.y());
    sought.second.emplace_back(second.x(), second.y());
  }
  return sought;
}

double Distance(const cv::Point2f& a, const cv::Point2f& b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

}  // namespace

std::optional<ReturnVisit> FindReturn(const TrackSet& set, const RigidWorld& world) {
  const std::vector<int> frames = PosedFrames(world);
  const double side = std::max(set.width, set.height);
  std::optional<ReturnVisit> nearest;
  double least = kBackShare * side;
  for (size_t a = 0; a < frames.size(); ++a) {
    bool away = false;
    for (size_t b = a + 1; b < frames.size(); ++b) {
      const double moved = Displacement(set, world, frames[a], frames[b]);
      if (moved >= kAwayShare * side) away = true;
      if (!away || moved >= least || frames[b] - frames[a] < kMinAway_frames) continue;
      least = moved;
      nearest = ReturnVisit{frames[a], frames[b]};
    }
  }
  return nearest;
}

LoopDrift MeasureReturn(const Video& video,
                        const TrackSet& set,
                        const RigidWorld& world,
                        const ReturnVisit& visit) {
  const OneThread one_thread;
  const cv::Size size(set.width, set.height);
  const auto pyramid = [&](int frame) {
    return BuildPyramid(GreyFrame(video.frame(set.frames[frame]), size));
  };
  const Sought sought = PointsToFind(set, world, visit);
  const double farthest_px = kFarthestDrift_units * set.UnitPx();
  LoopDrift drift{visit, std::vector<double>(sought.first.size(), farthest_px), 0};
  if (sought.first.empty()) return drift;
  const Pyramid first = pyramid(visit.first_frame), second = pyramid(visit.second_frame);
  const FlowSettings settings{.window_px = kAlignWindowPx, .levels = kPyramidLevels};
  const Flow ahead = Follow(first, second, {sought.first, sought.second}, settings);
  const Flow back = Follow(second, first, {ahead.points, sought.first}, settings);
  for (size_t i = 0; i < sought.first.size(); ++i) {
    if (!ahead.found[i] || !back.found[i]) continue;
    if (Distance(back.points[i], sought.first[i]) > kReturnUnits * set.UnitPx()) continue;
    drift.drift_px[i] = std::min(farthest_px, Distance(ahead.points[i], sought.second[i]));
    ++drift.found;
  }
  return drift;
}

}  // namespace plumb
