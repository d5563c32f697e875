// SPDX-License-Identifier: Apache-2.0
// Cameras that lie: flat parallax, a breathing lens, a shaking hand, a cut to another room.
#include <cmath>
#include <numbers>

#include "core/seed.h"
#include "scenes/sabotage/internal_forms.h"
#include "scenes/sabotage/internal_restart.h"

namespace plumb {
namespace {

constexpr double kBreath_hz = 1.0;
// The new shot's viewpoint, about the vertical through the camera's target.
constexpr double kCutTurn_rad = 0.2;

// The job's scene, or another, with each frame's camera changed.
using CameraChange = std::function<void(int frame, Camera& camera)>;
BrokenVideo WithCameras(const SabotageJob& job,
                        const Scene& scene,
                        RenderVariation variation,
                        const CameraChange& change) {
  // Without a shift of its own the renderer takes a still camera's pictures for equal.
  if (!variation.look_shift_px) {
    variation.look_shift_px = [](const Eigen::Vector2d&, int) {
      return Eigen::Vector2d(Eigen::Vector2d::Zero());
    };
  }
  const FloatModeGuard float_mode;
  FrameRenderer renderer(scene, job.options, std::move(variation));
  std::vector<Image> pictures;
  for (int frame = job.first_frame; frame < job.truth.num_frames(); ++frame) {
    job.progress.ThrowIfCancelled();
    job.progress.Report("render", frame, job.truth.num_frames());
    FrameInput input = InputAtFrame(scene, job.truth.motion, job.options, frame);
    change(frame, input.camera);
    pictures.push_back(renderer.RenderPicture(input).picture);
  }
  return Assembled(job, std::move(pictures));
}

// Turns a camera about the vertical through a point.
void TurnAbout(const Eigen::Vector3d& point_m, double angle_rad, Camera& camera) {
  const Eigen::Quaterniond turn(Eigen::AngleAxisd(angle_rad, Eigen::Vector3d::UnitZ()));
  const Rigid3 turned_from_world(turn, point_m - turn * point_m);
  camera.camera_from_world = camera.camera_from_world * Inverse(turned_from_world);
}

// A camera between two.
Camera Between(const Camera& a, const Camera& b, double share) {
  const Rigid3 world_from_a = Inverse(a.camera_from_world);
  const Rigid3 world_from_b = Inverse(b.camera_from_world);
  Camera camera = a;
  camera.camera_from_world =
      Inverse(Rigid3(world_from_a.rotation.slerp(share, world_from_b.rotation),
                     (1 - share) * world_from_a.translation + share * world_from_b.translation));
  return camera;
}

}  // namespace

// Each frame is taken from a viewpoint nearer to the last honest one, through the plane across the
// view at the camera's target: what lies in that plane stays where it belongs, all else follows it.
BrokenVideo BreakParallax(const SabotageJob& job) {
  const Scene& scene = job.truth.scene;
  const Camera& held = job.truth.cameras[job.first_frame - 1];
  const Eigen::Vector3d normal =
      held.camera_from_world.rotation.conjugate() * Eigen::Vector3d(Eigen::Vector3d::UnitZ());
  const Eigen::Vector3d on_plane = scene.camera.target_m;
  const double share = job.sabotage.amount;
  RenderVariation variation;
  variation.look_shift_px = [&](const Eigen::Vector2d& point, int frame) -> Eigen::Vector2d {
    const Camera& camera = job.truth.cameras[frame];
    const Rigid3 world_from_camera = Inverse(camera.camera_from_world);
    const Eigen::Vector3d eye = world_from_camera.translation;
    const Eigen::Vector3d ray = Unproject(camera, point, 1.0) - eye;
    const double distance = normal.dot(on_plane - eye) / normal.dot(ray);
    const Eigen::Vector3d x_in_world = eye + distance * ray;
    return Project(Between(camera, held, share), x_in_world).point_px - point;
  };
  return WithCameras(
      job, scene, variation, [&](int, Camera& camera) { camera = Between(camera, held, share); });
}

BrokenVideo BreakFocalLength(const SabotageJob& job) {
  return WithCameras(job, job.truth.scene, {}, [&](int frame, Camera& camera) {
    const double time_s = (frame - job.first_frame + 1) / job.options.fps;
    const double factor =
        1 + job.sabotage.amount * std::sin(2 * std::numbers::pi * kBreath_hz * time_s);
    camera.intrinsics.fx_px *= factor;
    camera.intrinsics.fy_px *= factor;
  });
}

BrokenVideo BreakPose(const SabotageJob& job) {
  const Scene& scene = job.truth.scene;
  return WithCameras(job, scene, {}, [&](int frame, Camera& camera) {
    Random random(DeriveSeed(scene.seed, scene.id, fmt::format("jitter {}", frame)));
    // A shift of the picture's middle by one pixel, half by turning, half by moving.
    const double depth_m = Project(camera, scene.camera.target_m).depth_m;
    const double turn_rad = job.sabotage.amount / std::numbers::sqrt2 / camera.intrinsics.fx_px;
    const Eigen::Vector3d turn(
        random.Normal(0, turn_rad), random.Normal(0, turn_rad), random.Normal(0, turn_rad));
    const double move_m = turn_rad * depth_m;
    const Eigen::Vector3d move(
        random.Normal(0, move_m), random.Normal(0, move_m), random.Normal(0, move_m));
    const Eigen::Quaterniond rotation(Eigen::AngleAxisd(turn.norm(), turn.normalized()));
    camera.camera_from_world = Rigid3(rotation, move) * camera.camera_from_world;
  });
}

BrokenVideo BreakShot(const SabotageJob& asked) {
  SabotageJob job = asked;
  if (asked.sabotage.onset_frame < 0) {
    job.first_frame = (asked.first_frame + asked.truth.num_frames()) / 2;
  }
  const double share = job.sabotage.amount;
  Scene scene = job.truth.scene;
  Random random(DeriveSeed(scene.seed, scene.id, "cut"));
  for (Body& body : scene.bodies) {
    const double turn = share * random.Uniform(0.4, 1.0);
    const double lighter = 1 + share * random.Uniform(-0.35, 0.1);
    body.material.pattern_size_m *= 1 + share * random.Uniform(-0.3, 0.3);
    if (body.role == Role::kObject) {
      TurnColours(body, turn);
      continue;
    }
    // A room's colours stay as muted as they are.
    TurnHues(body.material, turn);
    body.material.colour = (lighter * body.material.colour).cwiseMin(1.0);
    body.material.second_colour = (lighter * body.material.second_colour).cwiseMin(1.0);
  }
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  return WithCameras(job, scene, {}, [&](int, Camera& camera) {
    TurnAbout(scene.camera.target_m, side * share * kCutTurn_rad, camera);
  });
}

}  // namespace plumb
