// SPDX-License-Identifier: Apache-2.0
#include "tests/metrics/geometry/planar_tracks.h"

#include "core/camera_path.h"
#include "core/seed.h"

namespace plumb {

CameraPathOf WallPath() {
  return [](double share) {
    return WorldFromCameraLookingAt({-1.2 + 2.0 * share, -0.5 + 0.7 * share, 1.4 + 0.3 * share},
                                    {-0.3 + 0.9 * share, 3.0, 1.2});
  };
}

SyntheticTracks WallTracks(const CameraPathOf& path, double noise_px) {
  // The cameras are those of any other clip; only the points are others.
  SyntheticTracks made = MakeSyntheticTracks(path, {});
  made.set.tracks.clear();
  Random random(4);
  const int width = made.set.width;
  while (made.set.tracks.size() < 400) {
    const Eigen::Vector3d point(random.Uniform(-4.0, 4.0), 3.0, random.Uniform(-2.0, 5.0));
    Track track;
    for (size_t frame = 0; frame < made.cameras.size(); ++frame) {
      const Eigen::Vector2d at = Project(made.cameras[frame], point).point_px;
      if (at.minCoeff() < 4.0 || at.maxCoeff() > width - 4.0) {
        if (track.points_px.size() >= 6) break;
        track = Track();
        continue;
      }
      if (track.points_px.empty()) track.first_frame = static_cast<int>(frame);
      track.points_px.push_back(at);
    }
    if (track.points_px.size() < 6) continue;
    for (Eigen::Vector2d& at : track.points_px) {
      const double dx = random.Normal(0.0, noise_px);
      at += Eigen::Vector2d(dx, random.Normal(0.0, noise_px));
    }
    made.set.tracks.push_back(std::move(track));
  }
  return made;
}

}  // namespace plumb
