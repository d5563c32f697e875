// SPDX-License-Identifier: Apache-2.0
#include "metrics/dynamics/motion_plane.h"

#include <cmath>

#include "core/check.h"

namespace plumb {
namespace {

constexpr double kLeastView = 0.5;      // sine of the angle between plane and line of sight
constexpr double kSidewaysSizes = 0.5;  // a shorter sideways way has no direction
constexpr double kClearShare = 0.7;

Eigen::Vector3d UpOf(const Scene& scene) {
  const double g = scene.gravity_mps2.norm();
  return g > 0.0 ? Eigen::Vector3d(-scene.gravity_mps2 / g) : Eigen::Vector3d::UnitZ();
}

Camera PairedCamera(const Truth& truth, const Observation& observation, int truth_frame) {
  Camera camera = truth.cameras[truth_frame];
  camera.intrinsics =
      Resized(camera.intrinsics, observation.paired.width, observation.paired.height);
  return camera;
}

Eigen::Vector3d Level(const Eigen::Vector3d& v, const Eigen::Vector3d& up) {
  return v - v.dot(up) * up;
}

}  // namespace

Eigen::Vector2d MotionPlane::Flatten(const Eigen::Vector3d& x_in_world) const {
  return FlattenDirection(x_in_world - origin_m);
}

Eigen::Vector2d MotionPlane::FlattenDirection(const Eigen::Vector3d& direction) const {
  return {direction.dot(along), direction.dot(up)};
}

MotionPlane PlaneOf(const Truth& truth, int body, const std::vector<FramePair>& pairs) {
  PLUMB_CHECK(!pairs.empty());
  MotionPlane plane;
  plane.up = UpOf(truth.scene);
  const auto place = [&](const FramePair& pair) {
    return truth.StateAtFrame(pair.truth, body).world_from_body.translation;
  };
  Eigen::Vector3d farthest = Eigen::Vector3d::Zero();
  for (const FramePair& pair : pairs) {
    plane.origin_m += place(pair) / static_cast<double>(pairs.size());
    const Eigen::Vector3d way = Level(place(pair) - place(pairs.front()), plane.up);
    if (way.norm() > farthest.norm()) farthest = way;
  }
  const Rigid3 world_from_camera = Inverse(truth.cameras[pairs.front().truth].camera_from_world);
  const Eigen::Vector3d sight = (plane.origin_m - world_from_camera.translation).normalized();
  const Eigen::Vector3d facing = sight.cross(plane.up).normalized();
  plane.along = facing;
  const double size_m = SizeOf(truth.scene.bodies[body].shape);
  if (farthest.norm() < kSidewaysSizes * size_m) return plane;
  const Eigen::Vector3d along = farthest.normalized();
  const Eigen::Vector3d normal = along.cross(plane.up);
  if (std::abs(normal.dot(Level(sight, plane.up).normalized())) < kLeastView) return plane;
  plane.along = along.dot(facing) < 0.0 ? Eigen::Vector3d(-along) : along;
  return plane;
}

std::vector<PathPoint> StatePath(const Truth& truth,
                                 const MotionPlane& plane,
                                 int body,
                                 const std::vector<FramePair>& pairs) {
  std::vector<PathPoint> path;
  for (size_t k = 0; k < pairs.size(); ++k) {
    const BodyState& state = truth.StateAtFrame(pairs[k].truth, body);
    path.push_back(
        {pairs[k].time_s, plane.Flatten(state.world_from_body.translation), static_cast<int>(k)});
  }
  return path;
}

std::vector<PathPoint> SeenPath(const Truth& truth,
                                const MotionPlane& plane,
                                const Observation& observation,
                                size_t object,
                                const ObjectTrack& track) {
  const Eigen::Vector3d normal = plane.along.cross(plane.up);
  std::vector<PathPoint> path;
  for (size_t k = 0; k < track.sightings.size(); ++k) {
    const Sighting& sighting = track.sightings[k];
    const ExpectedView& view = observation.objects[object].expected[k];
    if (!sighting.found || sighting.area_px < kClearShare * view.full_area_px) continue;
    const Camera camera = PairedCamera(truth, observation, observation.paired.pairs[k].truth);
    const Eigen::Vector3d eye = Inverse(camera.camera_from_world).translation;
    const Eigen::Vector3d ray = Unproject(camera, sighting.centroid_px, 1.0) - eye;
    const double steepness = ray.dot(normal);
    if (std::abs(steepness) < 0.05 * ray.norm()) continue;
    const double reach = (plane.origin_m - eye).dot(normal) / steepness;
    if (reach <= 0.0) continue;
    path.push_back({observation.times_s[k], plane.Flatten(eye + reach * ray), static_cast<int>(k)});
  }
  return path;
}

double MetresPerPixel(const Truth& truth,
                      const MotionPlane& plane,
                      const Observation& observation) {
  const Camera camera = PairedCamera(truth, observation, observation.paired.pairs.front().truth);
  return Project(camera, plane.origin_m).depth_m / camera.intrinsics.fy_px;
}

}  // namespace plumb
