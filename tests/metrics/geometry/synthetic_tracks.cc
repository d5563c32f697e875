// SPDX-License-Identifier: Apache-2.0
#include "tests/metrics/geometry/synthetic_tracks.h"

#include <numeric>

#include "core/seed.h"

namespace plumb {
namespace {

bool InView(const Camera& camera, const Projection& projection) {
  return projection.depth_m > 0.1 && projection.point_px.x() > 4 && projection.point_px.y() > 4 &&
         projection.point_px.x() < camera.intrinsics.width - 4 &&
         projection.point_px.y() < camera.intrinsics.height - 4;
}

Track LongestTrack(const std::vector<Camera>& cameras, const Eigen::Vector3d& x_in_world) {
  Track best, current;
  for (size_t frame = 0; frame < cameras.size(); ++frame) {
    const Projection projection = Project(cameras[frame], x_in_world);
    if (!InView(cameras[frame], projection)) {
      current = Track();
      continue;
    }
    if (current.points_px.empty()) current.first_frame = static_cast<int>(frame);
    current.points_px.push_back(projection.point_px);
    if (current.points_px.size() > best.points_px.size()) best = current;
  }
  return best;
}

void CountTransitions(TrackSet& set) {
  set.transitions.resize(set.frames.size());
  for (int frame = 1; frame < set.num_frames(); ++frame) {
    for (const Track& track : set.tracks) {
      set.transitions[frame].before += track.Sees(frame - 1);
      set.transitions[frame].survivors += track.Sees(frame - 1) && track.Sees(frame);
    }
    set.transitions[frame].change_levels = 4.0;
  }
}

}  // namespace

SyntheticTracks MakeSyntheticTracks(const CameraPathOf& path,
                                    const SyntheticTracksOptions& options) {
  SyntheticTracks made;
  for (int i = 0; i < options.frames; ++i) {
    made.cameras.push_back(
        {Intrinsics::FromVerticalFov(options.width, options.height, options.vertical_fov_rad),
         Inverse(path(i / (options.frames - 1.0)))});
    made.set.frames.push_back(i);
  }
  made.set.width = options.width;
  made.set.height = options.height;
  Random random(options.seed);
  for (int i = 0; i < options.points; ++i) {
    const Eigen::Vector3d point(
        random.Uniform(-2.5, 2.5), random.Uniform(-1.0, 3.0), random.Uniform(0.0, 2.5));
    Track track = LongestTrack(made.cameras, point);
    for (Eigen::Vector2d& seen : track.points_px) {
      const double dx = random.Normal(0.0, options.noise_px);
      seen += Eigen::Vector2d(dx, random.Normal(0.0, options.noise_px));
    }
    if (track.points_px.size() >= 4) made.set.tracks.push_back(std::move(track));
  }
  CountTransitions(made.set);
  return made;
}

TrackSet MovedGrid(int frames, int side, const PictureMotion& move) {
  TrackSet set;
  set.width = set.height = 256;
  set.frames.resize(frames);
  std::iota(set.frames.begin(), set.frames.end(), 0);
  for (int i = 0; i < side * side; ++i) {
    const Eigen::Vector2d start(40.0 + 176.0 * (i % side) / (side - 1),
                                40.0 + 176.0 * (i / side) / (side - 1));
    Track track;
    for (int frame = 0; frame < frames; ++frame) track.points_px.push_back(move(frame, start));
    set.tracks.push_back(std::move(track));
  }
  CountTransitions(set);
  return set;
}

std::vector<int> AllTracks(const TrackSet& set) {
  std::vector<int> all(set.tracks.size());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

}  // namespace plumb
