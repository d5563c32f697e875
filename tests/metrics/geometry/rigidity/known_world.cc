// SPDX-License-Identifier: Apache-2.0
#include "tests/metrics/geometry/rigidity/known_world.h"

#include "core/seed.h"

namespace plumb {
namespace {

Rigid3 CameraAt(double share, const KnownWorldOptions& options) {
  const Eigen::Quaterniond turn(
      Eigen::AngleAxisd(options.turn_rad * (share - 0.5), Eigen::Vector3d::UnitY()));
  return Inverse(Rigid3(turn, (share - 0.5) * options.way_m));
}

}  // namespace

KnownWorld MakeKnownWorld(const KnownWorldOptions& options) {
  KnownWorld made;
  made.set.width = made.set.height = 256;
  RigidWorld& world = made.world;
  world.stretch = {0, options.frames - 1};
  world.clip.pinhole = PinholeOf(made.set, 260.0);
  world.clip.turns_only = options.way_m.isZero();
  for (int frame = 0; frame < options.frames; ++frame) {
    made.set.frames.push_back(frame);
    made.set.transitions.push_back({});
    world.clip.camera_from_world.push_back(CameraAt(frame / (options.frames - 1.0), options));
    world.clip.posed.push_back(true);
  }
  Random random(options.seed);
  for (int i = 0; i < options.side * options.side; ++i) {
    const bool far = i / options.side >= options.side / 2;
    const double depth_m = options.depth_m + (far ? options.relief_m : 0.0);
    const Eigen::Vector2d seen_px(32.0 + 192.0 * (i % options.side) / (options.side - 1),
                                  32.0 + 192.0 * (i / options.side) / (options.side - 1));
    const Eigen::Vector3d ray = world.clip.pinhole.Ray(seen_px);
    const Eigen::Vector3d x_in_world = depth_m / ray.z() * ray;
    Track track;
    for (const Rigid3& camera_from_world : world.clip.camera_from_world) {
      const Eigen::Vector2d noise(random.Normal(0.0, options.noise_px),
                                  random.Normal(0.0, options.noise_px));
      track.points_px.push_back(world.clip.pinhole.Project(camera_from_world * x_in_world).value() +
                                noise);
    }
    made.set.tracks.push_back(std::move(track));
    if (!world.clip.turns_only) world.points.push_back({i, x_in_world});
  }
  return made;
}

}  // namespace plumb
