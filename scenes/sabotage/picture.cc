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

}  // namespace

Video BreakRigidity(const SabotageJob& job) {
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

Video BreakFixedness(const SabotageJob& job) {
  const Scene& scene = job.truth.scene;
  const Camera& camera = job.truth.cameras.front();
  const double metres_per_px =
      Project(camera, scene.camera.target_m).depth_m / camera.intrinsics.fy_px;
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

}  // namespace plumb
