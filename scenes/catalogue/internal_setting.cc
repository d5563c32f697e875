// SPDX-License-Identifier: Apache-2.0
#include "scenes/catalogue/internal_setting.h"

#include <algorithm>
#include <cmath>

namespace plumb {
namespace {

constexpr double kSunDistance_m = 30.0;

void SetWallHeight(Body& wall, double height_m) {
  wall.shape.size_m.z() = height_m;
  wall.world_from_body.translation.z() = height_m / 2;
}

// Where the horizon lies: 0 in the middle of a square picture, 1 at its upper edge.
double HorizonOf(const CameraPath& camera) {
  const Eigen::Vector3d from_target = camera.eye_m - camera.target_m;
  return from_target.z() / from_target.head<2>().norm() / std::tan(camera.fov_rad / 2);
}

// Brings the camera down on a circle around its target until the horizon lies at `horizon`.
void LowerCamera(CameraPath& camera, double horizon) {
  const double low_rad = std::atan(horizon * std::tan(camera.fov_rad / 2));
  const Eigen::Vector3d from_target = camera.eye_m - camera.target_m;
  Eigen::Vector3d level(from_target.x(), from_target.y(), 0);
  level.normalize();
  camera.eye_m = camera.target_m +
                 from_target.norm() *
                     (std::cos(low_rad) * level + std::sin(low_rad) * Eigen::Vector3d::UnitZ());
}

void ShowHorizon(Random& random, Scene& scene) {
  constexpr double kFromAbove = 1.4;
  const double horizon = random.Uniform(0.56, 0.68);
  const double now = HorizonOf(scene.camera);
  if (now > horizon && now < kFromAbove) LowerCamera(scene.camera, horizon);
}

// The back wall ends a little below the horizon; the side walls throw no shadow on what happens in
// the middle.
void LowerWalls(Random& random, Scene& scene) {
  const double below_rad = random.Uniform(0.025, 0.06);
  for (Body& body : scene.bodies) {
    if (body.role != Role::kStructure) continue;
    if (body.name == "back wall") {
      const Eigen::Vector3d& eye_m = scene.camera.eye_m;
      const double away_m = std::abs(body.world_from_body.translation.y() - eye_m.y());
      SetWallHeight(body, std::clamp(eye_m.z() - below_rad * away_m, 0.75, 1.9));
    }
    if (body.name == "left wall" || body.name == "right wall") SetWallHeight(body, 0.7);
  }
}

// Far away and small: shadows with a narrow soft edge, all in one direction.
void SetSun(Random& random, Scene& scene) {
  const double height_rad = random.Uniform(0.66, 0.95);
  const double from_side = random.Uniform() < 0.5 ? -1 : 1;
  // Rather beside the camera than behind it, so that shadows are seen.
  const double turn_rad = from_side * random.Uniform(0.8, 1.3);
  const Eigen::Vector3d to_sun(std::cos(height_rad) * std::sin(turn_rad),
                               -std::cos(height_rad) * std::cos(turn_rad),
                               std::sin(height_rad));
  scene.lighting.centre_m = scene.camera.target_m + kSunDistance_m * to_sun;
  scene.lighting.side_m = random.Uniform(1.1, 1.7);
  scene.lighting.area_share = random.Uniform(0.76, 0.82);
  scene.lighting.surroundings = Surroundings::kSky;
}

}  // namespace

Setting SettingOf(std::string_view group) {
  if (group == "planes" || group == "collisions") return Setting::kOutdoors;
  if (group == "balance" || group == "joints" || group == "containers") return Setting::kStudio;
  return Setting::kRoom;
}

void Dress(Random& random, Setting setting, Scene& scene) {
  scene.lighting.film = random.Uniform(0.55, 0.8);
  if (setting == Setting::kOutdoors) {
    ShowHorizon(random, scene);
    LowerWalls(random, scene);
    SetSun(random, scene);
    return;
  }
  scene.lighting.surroundings = Surroundings::kStudio;
  if (setting == Setting::kStudio) scene.lighting.side_m += random.Uniform(0.3, 0.5);
}

}  // namespace plumb
