// SPDX-License-Identifier: Apache-2.0
#include "scenes/catalogue/views/internal_camera_checks.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "scenes/catalogue/internal_lines_of_sight.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {
namespace {

constexpr double kPoint_px = 0.01;
constexpr double kPose_m = 1e-9;
constexpr double kTurn_rad = 1e-7;

Eigen::Vector3d EyeOf(const Camera& camera) {
  return Inverse(camera.camera_from_world).translation;
}

Eigen::Vector3d ViewOf(const Camera& camera) {
  return Inverse(camera.camera_from_world).rotation * Eigen::Vector3d::UnitZ();
}

double TurnBetween(const Camera& a, const Camera& b) {
  return a.camera_from_world.rotation.angularDistance(b.camera_from_world.rotation);
}

// Share of the way at a frame.
double WayAt(const Truth& truth, int frame) {
  const double share = std::min(1.0, frame / truth.video.fps() / truth.scene.duration_s);
  const bool back = truth.scene.camera.there_and_back;
  return back ? (1 - std::cos(2 * std::numbers::pi * share)) / 2 : share;
}

// The largest value over all frames.
template <typename Function>
double Largest(const Truth& truth, Function&& value) {
  double largest = 0;
  for (int frame = 0; frame < truth.num_frames(); ++frame) {
    largest = std::max(largest, value(frame, truth.cameras[frame]));
  }
  return largest;
}

// The eye stays on a circle round the target's vertical, looks at the target, and has turned by its
// share of the sweep.
std::vector<LawCheck> CheckArc(const Truth& truth) {
  const CameraPath& path = truth.scene.camera;
  const Eigen::Vector3d start = path.eye_m - path.target_m;
  const double off_m = Largest(truth, [&](int, const Camera& camera) {
    const Eigen::Vector3d arm = EyeOf(camera) - path.target_m;
    return std::max(std::abs(arm.head<2>().norm() - start.head<2>().norm()),
                    std::abs(arm.z() - start.z()));
  });
  const double off_rad = Largest(truth, [&](int frame, const Camera& camera) {
    const Eigen::Vector3d arm = EyeOf(camera) - path.target_m;
    const double turned =
        std::atan2(start.x() * arm.y() - start.y() * arm.x(), start.head<2>().dot(arm.head<2>()));
    return std::abs(
        std::remainder(turned - path.sweep_rad * WayAt(truth, frame), 2 * std::numbers::pi));
  });
  const double aside = Largest(truth, [&](int, const Camera& camera) {
    return ViewOf(camera).cross((path.target_m - EyeOf(camera)).normalized()).norm();
  });
  return {Compare("eye off its circle", "m", {0, off_m, kPose_m}),
          Compare("eye before or behind its place on the circle", "rad", {0, off_rad, kTurn_rad}),
          Compare("target beside the optical axis", "rad", {0, aside, kTurn_rad})};
}

// The eye on its straight way, the view never turning.
std::vector<LawCheck> CheckStraight(const Truth& truth) {
  const CameraPath& path = truth.scene.camera;
  const Eigen::Vector3d travel =
      path.motion == CameraMotion::kDolly ? path.travel_m : Eigen::Vector3d::Zero();
  const double off_m = Largest(truth, [&](int frame, const Camera& camera) {
    return (EyeOf(camera) - path.eye_m - WayAt(truth, frame) * travel).norm();
  });
  return {Compare("eye off its straight way", "m", {0, off_m, kPose_m}),
          Compare("turn of the view", "rad", {0, TravelOf(truth.cameras).turn_rad, kTurn_rad})};
}

// The eye at rest, the view turned about the vertical by its share of the sweep.
std::vector<LawCheck> CheckTurn(const Truth& truth) {
  const CameraPath& path = truth.scene.camera;
  const Eigen::Vector3d start = path.target_m - path.eye_m;
  const double off_rad = Largest(truth, [&](int frame, const Camera& camera) {
    const Eigen::Vector3d view = ViewOf(camera);
    const double turned = std::atan2(start.x() * view.y() - start.y() * view.x(),
                                     start.head<2>().dot(view.head<2>()));
    return std::abs(
        std::remainder(turned - path.sweep_rad * WayAt(truth, frame), 2 * std::numbers::pi));
  });
  return {Compare("movement of the eye", "m", {0, TravelOf(truth.cameras).eye_m, kPose_m}),
          Compare("error of the turn about the vertical", "rad", {0, off_rad, kTurn_rad})};
}

// At each key that a frame falls on, the eye is at the key.
std::vector<LawCheck> CheckKeys(const Truth& truth) {
  const CameraPath& path = truth.scene.camera;
  double off_m = (EyeOf(truth.cameras.front()) - path.keys.front().eye_m).norm();
  for (const CameraKey& key : path.keys) {
    const double frame = key.share * truth.scene.duration_s * truth.video.fps();
    const auto nearest = static_cast<int>(std::lround(frame));
    if (std::abs(frame - nearest) > 1e-6 || nearest >= truth.num_frames()) continue;
    off_m = std::max(off_m, (EyeOf(truth.cameras[nearest]) - key.eye_m).norm());
  }
  return {Compare("eye off its keys", "m", {0, off_m, 1e-6})};
}

// Three sines with squares that sum to 1 stay below 1.63·√2 standard deviations along each axis; a
// camera that does not move at all sways less than a third of one.
std::vector<LawCheck> CheckSway(const Truth& truth) {
  const CameraPath& path = truth.scene.camera;
  const double reach_m = 2 * 1.63 * std::sqrt(6.0) * path.sway_m;
  const double reach_rad = 2 * 1.63 * std::sqrt(4.5) * path.sway_rad;
  const CameraTravel travel = TravelOf(truth.cameras);
  const auto within = [](double low, double measured, double high) {
    return Measured{(low + high) / 2, measured, (high - low) / 2};
  };
  return {Compare("sway of the eye within its bounds",
                  "m",
                  within(0.3 * path.sway_m, travel.eye_m, reach_m)),
          Compare("sway of the view within its bounds",
                  "rad",
                  within(0.3 * path.sway_rad, travel.turn_rad, reach_rad))};
}

bool HasPasses(const Truth& truth, const Tensor& tensor) {
  return tensor.num_elements() > 0 && truth.passes.instances.num_elements() > 0;
}

// Frame, pixel and body of every `stride`-th pixel that shows a body.
struct Sample {
  int frame = 0;
  Eigen::Vector2d point_px;
  int body = 0;
  size_t index = 0;  // among all pixels of all frames
};
std::vector<Sample> SamplesOf(const Truth& truth, int frames, size_t stride) {
  const auto instances = truth.passes.instances.As<uint8_t>();
  const int width = truth.video.width();
  const size_t area = static_cast<size_t>(width) * truth.video.height();
  std::vector<Sample> samples;
  for (size_t i = 0; i < area * frames; i += stride) {
    if (instances[i] == 0) continue;
    const auto x = static_cast<double>(i % area % width), y = static_cast<double>(i % area / width);
    samples.push_back({static_cast<int>(i / area), {x + 0.5, y + 0.5}, instances[i] - 1, i});
  }
  return samples;
}

}  // namespace

CameraTravel TravelOf(const std::vector<Camera>& cameras) {
  CameraTravel travel;
  for (const Camera& camera : cameras) {
    travel.eye_end_m = (EyeOf(camera) - EyeOf(cameras.front())).norm();
    travel.turn_end_rad = TurnBetween(camera, cameras.front());
    travel.eye_m = std::max(travel.eye_m, travel.eye_end_m);
    travel.turn_rad = std::max(travel.turn_rad, travel.turn_end_rad);
  }
  return travel;
}

std::vector<LawCheck> CheckCameraPath(const Truth& truth) {
  const CameraPath& path = truth.scene.camera;
  if (path.sway_m > 0 || path.sway_rad > 0) return CheckSway(truth);
  switch (path.motion) {
    case CameraMotion::kArc:
      return CheckArc(truth);
    case CameraMotion::kYaw:
      return CheckTurn(truth);
    case CameraMotion::kKeys:
      return CheckKeys(truth);
    default:
      return CheckStraight(truth);
  }
}

std::vector<LawCheck> CheckScenePoints(const Truth& truth) {
  if (!HasPasses(truth, truth.passes.depth_m)) return {};
  const auto depth = truth.passes.depth_m.As<float>();
  const int last = truth.num_frames() - 1;
  double largest = 0;
  for (const Sample& sample : SamplesOf(truth, truth.num_frames(), 211)) {
    const Body& body = truth.scene.bodies[sample.body];
    if (body.shape.kind != ShapeKind::kBox && body.shape.kind != ShapeKind::kSphere) continue;
    const Rigid3& pose = truth.StateAtFrame(sample.frame, sample.body).world_from_body;
    const SightLine line = LineThrough(truth.cameras[sample.frame], sample.point_px);
    const auto entry = EntryDistance(body, pose, line);
    if (!entry) continue;
    const Eigen::Vector3d truly = line.origin_m + *entry * line.direction;
    const Eigen::Vector3d exported =
        Unproject(truth.cameras[sample.frame], sample.point_px, depth[sample.index]);
    for (const int other : {0, last / 2, last}) {
      const Rigid3 moved = truth.StateAtFrame(other, sample.body).world_from_body * Inverse(pose);
      const Projection a = Project(truth.cameras[other], moved * truly);
      const Projection b = Project(truth.cameras[other], moved * exported);
      if (a.depth_m < 0.5 || b.depth_m < 0.5) continue;
      largest = std::max(largest, (a.point_px - b.point_px).norm());
    }
  }
  return {Compare("scene points through the exported cameras", "px", {0, largest, kPoint_px})};
}

std::vector<LawCheck> CheckNoParallax(const Truth& truth) {
  if (!HasPasses(truth, truth.passes.flow_px)) return {};
  if (TravelOf(truth.cameras).eye_m > kPose_m) return {};
  const auto flow = truth.passes.flow_px.As<float>();
  double largest = 0;
  for (const Sample& sample : SamplesOf(truth, truth.num_frames() - 1, 97)) {
    if (!IsStill(truth.scene.bodies[sample.body])) continue;
    // Whatever lies on the line of sight goes there: one metre away stands for all.
    const Eigen::Vector3d x = Unproject(truth.cameras[sample.frame], sample.point_px, 1.0);
    const Eigen::Vector2d next = Project(truth.cameras[sample.frame + 1], x).point_px;
    const Eigen::Vector2d moved(flow[2 * sample.index], flow[2 * sample.index + 1]);
    largest = std::max(largest, (sample.point_px + moved - next).norm());
  }
  return {Compare("parallax under a resting eye", "px", {0, largest, kPoint_px})};
}

std::vector<LawCheck> CheckView(const Truth& truth) {
  std::vector<LawCheck> checks = CheckCameraPath(truth);
  for (const auto& more : {CheckScenePoints(truth), CheckNoParallax(truth)}) {
    checks.insert(checks.end(), more.begin(), more.end());
  }
  return checks;
}

}  // namespace plumb
