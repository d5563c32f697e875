// SPDX-License-Identifier: Apache-2.0
// Pictures that no rigid world explains: a bending image, sliding textures.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/seed.h"
#include "scenes/sabotage/internal_sabotage.h"

namespace plumb {
namespace {

constexpr int kWarpGrowth_frames = 12;

// Three plane waves with their own directions, lengths and speeds.
struct Wave {
  Eigen::Vector2d number;  // radians per pixel
  Eigen::Vector2d push;    // unit direction
  double speed_radpf;      // radians per frame
  double phase_rad;
};

std::array<Wave, 3> MakeWaves(const Truth& truth) {
  Random random(DeriveSeed(truth.scene.seed, truth.scene.id, "warp"));
  std::array<Wave, 3> waves;
  for (size_t k = 0; k < waves.size(); ++k) {
    const double heading = 2 * std::numbers::pi * (k + random.Uniform()) / waves.size();
    const double lean = random.Uniform(0, 2 * std::numbers::pi);
    const double length_px = truth.video.height() * random.Uniform(0.55, 0.9);
    waves[k].number =
        2 * std::numbers::pi / length_px * Eigen::Vector2d(std::cos(heading), std::sin(heading));
    waves[k].push = {std::cos(lean), std::sin(lean)};
    waves[k].speed_radpf = random.Uniform(0.2, 0.4);
    waves[k].phase_rad = random.Uniform(0, 2 * std::numbers::pi);
  }
  return waves;
}

// A direction along the two longer axes of a box.
Eigen::Vector3d SlideDirection(const Body& body, Random& random) {
  const double angle = random.Uniform(0, 2 * std::numbers::pi);
  int thin = 0;
  body.shape.size_m.minCoeff(&thin);
  Eigen::Vector3d direction = Eigen::Vector3d::Zero();
  direction[(thin + 1) % 3] = std::cos(angle);
  direction[(thin + 2) % 3] = std::sin(angle);
  return direction;
}

// Fixed structure that stands upright: walls, not the floor.
bool IsBackground(const Body& body) {
  if (!body.fixed || body.role != Role::kStructure) return false;
  int thin = 0;
  body.shape.size_m.minCoeff(&thin);
  const Eigen::Vector3d across = body.world_from_body.rotation * Eigen::Vector3d::Unit(thin);
  return std::abs(across.z()) < 0.5;
}

// What one pixel spans at the distance of the camera's target.
double MetresPerPixel(const Truth& truth) {
  const Camera& camera = truth.cameras.front();
  return Project(camera, truth.scene.camera.target_m).depth_m / camera.intrinsics.fy_px;
}

}  // namespace

BrokenVideo BreakRigidity(const SabotageJob& job) {
  RenderVariation variation;
  variation.look_shift_px = [waves = MakeWaves(job.truth),
                             amplitude = job.sabotage.amount,
                             first = job.first_frame](const Eigen::Vector2d& point, int frame) {
    const double growth = std::min(1.0, (frame - first + 1.0) / kWarpGrowth_frames);
    Eigen::Vector2d shift = Eigen::Vector2d::Zero();
    for (const Wave& wave : waves) {
      shift +=
          wave.push * std::sin(wave.number.dot(point) + wave.speed_radpf * frame + wave.phase_rad);
    }
    // Three waves add up to a root mean square of sqrt(3/2); the amplitude is that of the whole.
    return Eigen::Vector2d(amplitude * growth * std::sqrt(2.0 / 3.0) * shift);
  };
  return Rendered(job, job.truth.motion, variation);
}

BrokenVideo BreakFixedness(const SabotageJob& job) {
  const Scene& scene = job.truth.scene;
  const double metres_per_px = MetresPerPixel(job.truth);
  Random random(DeriveSeed(scene.seed, scene.id, "drift"));
  std::vector<Eigen::Vector3d> steps_m(scene.bodies.size(), Eigen::Vector3d::Zero());
  for (size_t i = 0; i < steps_m.size(); ++i) {
    if (!scene.bodies[i].fixed || scene.bodies[i].shape.kind != ShapeKind::kBox) continue;
    steps_m[i] = job.sabotage.amount * metres_per_px * SlideDirection(scene.bodies[i], random);
  }
  RenderVariation variation;
  variation.texture_shift_m = [steps_m, first = job.first_frame](int body, int frame) {
    return Eigen::Vector3d((frame - first + 1) * steps_m[body]);
  };
  return Rendered(job, job.truth.motion, variation);
}

BrokenVideo BreakTextureHold(const SabotageJob& job) {
  const Scene& scene = job.truth.scene;
  const int only = NamedBody(job);
  Random random(DeriveSeed(scene.seed, scene.id, "swim"));
  struct Swim {
    Eigen::Vector3d reach_m;
    Eigen::Vector3d speed_radps;
  };
  std::vector<Swim> swims;
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    const double reach_m = job.sabotage.amount * MetresPerPixel(job.truth);
    Swim swim;
    for (int k = 0; k < 3; ++k) {
      swim.reach_m[k] = random.Uniform() < 0.5 ? -reach_m : reach_m;
      swim.speed_radps[k] = 2 * std::numbers::pi * random.Uniform(0.7, 1.3);
    }
    if (only >= 0 && static_cast<int>(i) != only) swim.reach_m.setZero();
    swims.push_back(swim);
  }
  RenderVariation variation;
  variation.texture_shift_m = [&](int body, int frame) {
    const double time_s = (frame - job.first_frame + 1) / job.options.fps;
    const Swim& swim = swims[body];
    return Eigen::Vector3d((time_s * swim.speed_radps).array().sin() * swim.reach_m.array());
  };
  return Rendered(job, job.truth.motion, variation, only);
}

// Walls look as if they leaned over, ever more, about the level of the camera's target.
BrokenVideo BreakBackground(const SabotageJob& job) {
  const Scene& scene = job.truth.scene;
  const Rigid3 world_from_camera = Inverse(job.truth.cameras[job.first_frame].camera_from_world);
  const Eigen::Vector3d right = world_from_camera.rotation * Eigen::Vector3d::UnitX();
  // The amount is reached half a picture above that level.
  const double slope_per_frame = job.sabotage.amount / (job.options.height / 2.0);
  std::vector<Eigen::Vector3d> shifts_m;
  std::vector<Eigen::Matrix3d> leans;
  for (const Body& body : scene.bodies) {
    shifts_m.push_back(Eigen::Vector3d::Zero());
    leans.push_back(Eigen::Matrix3d::Zero());
    if (!IsBackground(body)) continue;
    // A texture shows further to the right when its points are looked up further to the left.
    const Eigen::Matrix3d body_from_world =
        body.world_from_body.rotation.conjugate().toRotationMatrix();
    const Eigen::Vector3d left = -slope_per_frame * (body_from_world * right);
    const double level_m = body.world_from_body.translation.z() - scene.camera.target_m.z();
    shifts_m.back() = level_m * left;
    leans.back() = left * (body_from_world * Eigen::Vector3d::UnitZ()).transpose();
  }
  RenderVariation variation;
  variation.texture_shift_m = [&](int body, int frame) {
    return Eigen::Vector3d((frame - job.first_frame + 1) * shifts_m[body]);
  };
  variation.texture_lean = [&](int body, int frame) {
    return Eigen::Matrix3d((frame - job.first_frame + 1) * leans[body]);
  };
  return Rendered(job, job.truth.motion, variation);
}

}  // namespace plumb
