// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "metrics/geometry/moving_parts.h"

namespace plumb {
namespace {

constexpr double kMovedM = 1e-3;
constexpr double kTurnedRad = 1.7e-3;
constexpr double kMarginPx = 10.0;  // of a tracked frame beyond a mask's border: patches show both

// Bodies that are elsewhere in some frame than in the first.
std::vector<bool> MovingBodies(const Truth& truth) {
  std::vector<bool> moving(truth.scene.bodies.size(), false);
  for (size_t body = 0; body < moving.size(); ++body) {
    const Rigid3& start = truth.StateAtFrame(0, static_cast<int>(body)).world_from_body;
    for (int frame = 1; frame < truth.num_frames() && !moving[body]; ++frame) {
      const Rigid3& now = truth.StateAtFrame(frame, static_cast<int>(body)).world_from_body;
      moving[body] = (now.translation - start.translation).norm() > kMovedM ||
                     now.rotation.angularDistance(start.rotation) > kTurnedRad;
    }
  }
  return moving;
}

// One frame of the truth's instance masks.
class Mask {
 public:
  Mask(const Truth& truth, int frame, const std::vector<bool>& moving)
      : rows_(static_cast<int>(truth.passes.instances.extent(1))),
        columns_(static_cast<int>(truth.passes.instances.extent(2))),
        ids_(truth.passes.instances.As<uint8_t>().data() +
             static_cast<size_t>(frame) * rows_ * columns_),
        moving_(moving) {}

  double MovingShare() const {
    size_t count = 0;
    const size_t pixels = static_cast<size_t>(rows_) * columns_;
    for (size_t i = 0; i < pixels; ++i) count += Moves(ids_[i]);
    return static_cast<double>(count) / static_cast<double>(pixels);
  }

  // Of a point in a tracked frame of that size.
  bool Near(const Eigen::Vector2d& at, int width, int height) const {
    const int column = static_cast<int>(at.x() / width * columns_);
    const int row = static_cast<int>(at.y() / height * rows_);
    const int margin = static_cast<int>(std::lround(kMarginPx * columns_ / width));
    for (int r = std::max(0, row - margin); r <= std::min(rows_ - 1, row + margin); ++r) {
      for (int c = std::max(0, column - margin); c <= std::min(columns_ - 1, column + margin);
           ++c) {
        if (Moves(ids_[static_cast<size_t>(r) * columns_ + c])) return true;
      }
    }
    return false;
  }

 private:
  bool Moves(uint8_t id) const { return id > 0 && moving_[id - 1]; }

  int rows_;
  int columns_;
  const uint8_t* ids_;
  const std::vector<bool>& moving_;
};

}  // namespace

bool AnythingMoves(const Truth& truth) {
  const std::vector<bool> moving = MovingBodies(truth);
  return std::find(moving.begin(), moving.end(), true) != moving.end();
}

MovingParts MovingInTruth(const TrackSet& set, const Video& sample, const Truth& truth) {
  MovingParts parts{std::vector<bool>(set.tracks.size(), false),
                    std::vector<double>(set.frames.size(), 0.0)};
  const std::vector<bool> moving = MovingBodies(truth);
  if (truth.passes.instances.num_elements() == 0 || !AnythingMoves(truth)) return parts;
  const std::vector<int> truth_frames =
      NearestFrames(sample.times_s(), truth.video.times_s());  // of each sample frame
  std::vector<Mask> masks;
  for (int frame = 0; frame < set.num_frames(); ++frame) {
    masks.emplace_back(truth, truth_frames[set.frames[frame]], moving);
    parts.area_share[frame] = masks.back().MovingShare();
  }
  for (size_t i = 0; i < set.tracks.size(); ++i) {
    const Track& track = set.tracks[i];
    size_t inside = 0;
    for (int frame = track.first_frame; frame <= track.last_frame(); ++frame) {
      inside += masks[frame].Near(track.At(frame), set.width, set.height);
    }
    parts.moves[i] = 2 * inside >= track.points_px.size();
  }
  return parts;
}

}  // namespace plumb
