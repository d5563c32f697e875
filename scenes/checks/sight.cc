// SPDX-License-Identifier: Apache-2.0
// Checks that need pictures: masks, occlusion events, reprojection.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "core/check.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {
namespace {

// A track must reproject through the exported cameras within this.
constexpr double kReprojection_px = 0.01;

// How many objects touch the border of the first picture.
int ObjectsAtBorder(const Truth& truth) {
  int count = 0;
  for (size_t b = 0; b < truth.scene.bodies.size(); ++b) {
    if (truth.scene.bodies[b].role != Role::kObject) continue;
    const BodyView& view = truth.views.front()[b];
    const Eigen::Vector4d& box = view.amodal_box_px;
    const bool inside = view.presence != Presence::kOutOfView && box[0] > 0 && box[1] > 0 &&
                        box[0] + box[2] < truth.video.width() &&
                        box[1] + box[3] < truth.video.height();
    count += inside ? 0 : 1;
  }
  return count;
}

// Pixels that show an object or occluder outside of its own amodal mask.
int64_t PixelsOutsideAmodal(const Truth& truth) {
  const auto instances = truth.passes.instances.As<uint8_t>();
  const auto amodal = truth.passes.amodal.As<uint8_t>();
  const size_t bodies = truth.scene.bodies.size();
  const size_t area = static_cast<size_t>(truth.video.width()) * truth.video.height();
  int64_t count = 0;
  for (size_t i = 0; i < instances.size(); ++i) {
    if (instances[i] == 0) continue;
    const size_t body = instances[i] - 1;
    if (truth.scene.bodies[body].role == Role::kStructure) continue;
    const size_t frame = i / area;
    count += amodal[(frame * bodies + body) * area + i % area] == 0;
  }
  return count;
}

// The largest distance between the flow pass and what depth, camera and body motion say, over every
// 97th pixel.
double LargestReprojectionError(const Truth& truth) {
  const auto depth = truth.passes.depth_m.As<float>();
  const auto instances = truth.passes.instances.As<uint8_t>();
  const auto flow = truth.passes.flow_px.As<float>();
  const int width = truth.video.width();
  const size_t area = static_cast<size_t>(width) * truth.video.height();
  double largest = 0;
  for (size_t i = 0; i < flow.size() / 2; i += 97) {
    if (instances[i] == 0) continue;
    const int frame = static_cast<int>(i / area);
    const int body = instances[i] - 1;
    const Eigen::Vector2d point(i % area % width + 0.5, i % area / width + 0.5);
    const Eigen::Vector3d x_in_body = Inverse(truth.StateAtFrame(frame, body).world_from_body) *
                                      Unproject(truth.cameras[frame], point, depth[i]);
    const Projection next = Project(
        truth.cameras[frame + 1], truth.StateAtFrame(frame + 1, body).world_from_body * x_in_body);
    const Eigen::Vector2d moved(flow[2 * i], flow[2 * i + 1]);
    largest = std::max(largest, (point + moved - next.point_px).norm());
  }
  return largest;
}

int FindRole(const Scene& scene, Role role, bool fixed) {
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    if (scene.bodies[i].role == role && scene.bodies[i].fixed == fixed) return static_cast<int>(i);
  }
  throw CheckFailure("scene '" + scene.id + "' lacks a body");
}

// Where, seen from above, a ball on the line y = const touches the upright plane through eye and a
// corner of the occluder: the ball's x, on either side of the plane.
std::array<double, 2> TangentPositions(const Eigen::Vector3d& eye,
                                       const Eigen::Vector2d& corner,
                                       double path_y_m,
                                       double radius_m) {
  const Eigen::Vector2d along = (corner - eye.head<2>()).normalized();
  const double middle = eye.x() + along.x() / along.y() * (path_y_m - eye.y());
  const double reach = radius_m / along.y();
  return {middle - reach, middle + reach};
}

// The interval of x in which the ball is wholly behind the occluder.
std::array<double, 2> HiddenInterval(const Scene& scene, int ball, int occluder) {
  const Body& screen = scene.bodies[occluder];
  const Eigen::Vector3d half = screen.shape.size_m / 2;
  const Eigen::Vector3d& start = scene.bodies[ball].world_from_body.translation;
  const double radius_m = scene.bodies[ball].shape.size_m.x() / 2;
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const double sx : {-1.0, 1.0}) {
    for (const double sy : {-1.0, 1.0}) {
      const Eigen::Vector3d corner =
          screen.world_from_body * Eigen::Vector3d(sx * half.x(), sy * half.y(), 0);
      const auto touch =
          TangentPositions(scene.camera.eye_m, corner.head<2>(), start.y(), radius_m);
      // The screen's outermost corners count: the ball hides inwards of both.
      low = std::min(low, touch[1]);
      high = std::max(high, touch[0]);
    }
  }
  return {low, high};
}

}  // namespace

std::vector<LawCheck> CheckPictures(const Truth& truth) {
  const Passes& passes = truth.passes;
  std::vector<LawCheck> checks;
  if (truth.scene.scenario != "") {
    checks.push_back(Compare("objects at the border of the first picture",
                             "count",
                             {0.0, 1.0 * ObjectsAtBorder(truth), 0.0}));
  }
  if (passes.instances.num_elements() > 0 && passes.amodal.num_elements() > 0) {
    checks.push_back(Compare(
        "seen pixels outside the amodal mask", "px", {0.0, 1.0 * PixelsOutsideAmodal(truth), 0.0}));
  }
  if (passes.instances.num_elements() > 0 && passes.depth_m.num_elements() > 0 &&
      passes.flow_px.num_elements() > 0) {
    checks.push_back(Compare("largest reprojection error of the flow",
                             "px",
                             {0.0, LargestReprojectionError(truth), kReprojection_px}));
  }
  return checks;
}

std::vector<LawCheck> CheckOcclusion(const Truth& truth) {
  const Scene& scene = truth.scene;
  const int ball = FindRole(scene, Role::kObject, false);
  const auto [low, high] = HiddenInterval(scene, ball, FindRole(scene, Role::kOccluder, true));
  const double start = scene.bodies[ball].world_from_body.translation.x();
  const double speed = scene.bodies[ball].velocity_mps.x();
  const double hidden_s = ((speed > 0 ? low : high) - start) / speed;
  const double seen_again_s = ((speed > 0 ? high : low) - start) / speed;
  std::optional<double> first_s, last_s;
  for (int frame = 0; frame < truth.num_frames(); ++frame) {
    if (truth.views[frame][ball].presence != Presence::kOccluded) continue;
    if (truth.views[frame][ball].modal_area_px > 0) continue;
    if (!first_s) first_s = truth.video.times_s()[frame];
    last_s = truth.video.times_s()[frame];
  }
  const double frame_s = 1 / truth.video.fps();
  const BodyView& end = truth.views.back()[ball];
  return {Compare("first picture without the ball",
                  "s",
                  {hidden_s + frame_s / 2, first_s.value_or(0.0), frame_s}),
          Compare("last picture without the ball",
                  "s",
                  {seen_again_s - frame_s / 2, last_s.value_or(0.0), frame_s}),
          Compare("visible share at the end", "share", {1.0, end.visible_share, 0.0})};
}

}  // namespace plumb
