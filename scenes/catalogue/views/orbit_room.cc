// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_scenarios.h"
#include "scenes/catalogue/views/internal_room.h"

namespace plumb {

Scene MakeOrbitRoom(Random& random) {
  Scene scene = EmptyRoom(random);
  HangPictures(random, scene);
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  const double sweep_rad = random.Uniform(0.45, 0.75);
  const double radius_m = random.Uniform(2.9, 3.1);
  const double start_rad = -std::numbers::pi / 2 - side * sweep_rad / 2;
  scene.camera.motion = CameraMotion::kArc;
  scene.camera.target_m = {0, 0, 0.62};
  scene.camera.eye_m = {
      radius_m * std::cos(start_rad), radius_m * std::sin(start_rad), random.Uniform(1.6, 1.9)};
  scene.camera.sweep_rad = side * sweep_rad;
  scene.camera.fov_rad = random.Uniform(0.88, 0.98);
  const std::vector<std::string> objects = Furnish(random, scene, {PickColours(random, 7)});
  scene.caption = "A room with " + DescribeStage(scene) + ", pictures on the walls, and " +
                  Enumerate(objects) +
                  " on the floor. Nothing moves; the camera travels in an arc to the " +
                  (side > 0 ? "right" : "left") + " around the middle of the room.";
  TellRoom(scene, objects, "Everything keeps its place and its form");
  return scene;
}

}  // namespace plumb
