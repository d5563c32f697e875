// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/rigidity/world_sightings.h"

#include <algorithm>

namespace plumb {
namespace {

constexpr int kMinDirectionSightings = 5;

// Mean direction of a track's rays in the frame of a camera that only turns.
std::optional<Eigen::Vector3d> DirectionOf(const Track& track, const RigidWorld& world) {
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  int count = 0;
  const int last = std::min(track.last_frame(), world.stretch.last);
  for (int frame = std::max(track.first_frame, world.stretch.first); frame <= last; ++frame) {
    if (!world.clip.posed[frame]) continue;
    const Rigid3& camera_from_world = world.clip.camera_from_world[frame];
    sum += camera_from_world.rotation.conjugate() * world.clip.pinhole.Ray(track.At(frame));
    ++count;
  }
  if (count < kMinDirectionSightings) return std::nullopt;
  return sum.normalized();
}

std::vector<ScenePoint> PointsOf(const TrackSet& set, const RigidWorld& world) {
  if (!world.clip.turns_only) return world.points;
  std::vector<ScenePoint> points;
  for (size_t i = 0; i < set.tracks.size(); ++i) {
    const auto direction = DirectionOf(set.tracks[i], world);
    if (direction) points.push_back({static_cast<int>(i), *direction});
  }
  return points;
}

}  // namespace

WorldSightings SightingsOf(const TrackSet& set, const RigidWorld& world) {
  WorldSightings seen{world.clip.pinhole, world.clip.turns_only, set.UnitPx(), {}};
  std::vector<int> slot(set.num_frames(), -1);
  for (int frame = world.stretch.first; frame <= world.stretch.last; ++frame) {
    if (!world.clip.posed[frame]) continue;
    slot[frame] = static_cast<int>(seen.frames.size());
    seen.frames.push_back({frame, world.clip.camera_from_world[frame], {}});
  }
  for (const ScenePoint& point : PointsOf(set, world)) {
    const Track& track = set.tracks[point.track];
    for (int frame = track.first_frame; frame <= track.last_frame(); ++frame) {
      if (slot[frame] < 0) continue;
      seen.frames[slot[frame]].points.push_back({point.x_in_world, track.At(frame)});
    }
  }
  return seen;
}

WorldSightings StillSightings(const TrackSet& set) {
  // Any focal length tells shifts of a still picture apart alike.
  WorldSightings seen{PinholeOf(set, set.width), true, set.UnitPx(), {}};
  for (int frame = kStillLag; frame < set.num_frames(); ++frame) {
    FrameSightings now{frame, Rigid3(), {}};
    for (const int index : CommonTracks(set, frame - kStillLag, frame)) {
      const Track& track = set.tracks[index];
      now.points.push_back({seen.pinhole.Ray(track.At(frame - kStillLag)), track.At(frame)});
    }
    seen.frames.push_back(std::move(now));
  }
  return seen;
}

}  // namespace plumb
