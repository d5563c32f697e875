// SPDX-License-Identifier: Apache-2.0
#include "scenes/catalogue/internal_setting.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace plumb {
namespace {

constexpr std::array<std::string_view, 6> kFirst = {
    "drop", "bounce", "collide", "incline_slide", "occluder_pass", "orbit_room"};

constexpr double kSunDistance_m = 30.0;

void SetWallHeight(Body& wall, double height_m) {
  wall.shape.size_m.z() = height_m;
  wall.world_from_body.translation.z() = height_m / 2;
}

// Low enough at the sides that they throw no shadow on what happens in the middle.
void LowerWalls(Random& random, Scene& scene) {
  const double back_m = random.Uniform(1.3, 1.9);
  for (Body& body : scene.bodies) {
    if (body.role != Role::kStructure) continue;
    if (body.name == "back wall") SetWallHeight(body, back_m);
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
  scene.lighting.area_share = random.Uniform(0.68, 0.75);
  scene.lighting.surroundings = Surroundings::kSky;
}

// A larger lamp, and more of the light from around.
void SetSoftBox(Random& random, Scene& scene) {
  scene.lighting.side_m = random.Uniform(1.3, 1.8);
  scene.lighting.area_share = random.Uniform(0.58, 0.66);
}

}  // namespace

Setting SettingOf(std::string_view scenario, std::string_view group) {
  if (std::find(kFirst.begin(), kFirst.end(), scenario) != kFirst.end()) return Setting::kPlain;
  if (group == "planes" || group == "collisions") return Setting::kOutdoors;
  if (group == "balance" || group == "joints" || group == "containers") return Setting::kStudio;
  return Setting::kRoom;
}

void Dress(Random& random, Setting setting, Scene& scene) {
  if (setting == Setting::kPlain) return;
  scene.lighting.film = random.Uniform(0.55, 0.8);
  scene.lighting.surroundings = Surroundings::kStudio;
  if (setting == Setting::kStudio) SetSoftBox(random, scene);
  if (setting != Setting::kOutdoors) return;
  LowerWalls(random, scene);
  SetSun(random, scene);
}

}  // namespace plumb
