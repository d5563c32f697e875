// SPDX-License-Identifier: Apache-2.0
// One furnished room, seen by a camera that travels straight, goes round and returns, only turns,
// stands still, or is held by hand.
#include <cmath>
#include <numbers>

#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/views/internal_camera_checks.h"
#include "scenes/catalogue/views/internal_makers.h"
#include "scenes/catalogue/views/internal_room.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {
namespace {

constexpr const char* kAllAsItWas = "Everything keeps its place and its form";

double PickSign(Random& random) { return random.Uniform() < 0.5 ? -1 : 1; }

Scene FurnishedRoom(Random& random) {
  Scene scene = EmptyRoom(random);
  HangPictures(random, scene);
  scene.camera.eye_m = {
      random.Uniform(-0.4, 0.4), random.Uniform(-3.1, -2.9), random.Uniform(1.55, 1.85)};
  scene.camera.target_m = {random.Uniform(-0.15, 0.15), 0.2, random.Uniform(0.6, 0.75)};
  scene.camera.fov_rad = random.Uniform(0.88, 0.98);
  return scene;
}

void FurnishAndTell(Random& random, Scene& scene, std::vector<double> shares) {
  Furniture furniture;
  furniture.colours = PickColours(random, 7);
  furniture.shares = std::move(shares);
  furniture.familiar = true;
  furniture.apart_in_view = 0.6;
  const std::vector<std::string> objects = Furnish(random, scene, furniture);
  TellRoom(scene, objects, kAllAsItWas);
}

}  // namespace

Scene MakeDollyRoom(Random& random) {
  Scene scene = FurnishedRoom(random);
  scene.camera.motion = CameraMotion::kDolly;
  if (random.Uniform() < 0.5) {
    const double side = PickSign(random);
    const double way_m = random.Uniform(0.8, 1.1);
    scene.camera.travel_m = {side * way_m, 0, 0};
    // The way's middle is the room's middle.
    scene.camera.eye_m.x() = -side * way_m / 2;
    scene.camera.target_m.x() = scene.camera.eye_m.x() + random.Uniform(-0.1, 0.1);
  } else {
    scene.camera.target_m.x() = scene.camera.eye_m.x() / 2;
    const Eigen::Vector3d view = scene.camera.target_m - scene.camera.eye_m;
    scene.camera.travel_m =
        random.Uniform(0.7, 0.95) * Eigen::Vector3d(view.x(), view.y(), 0) / view.head<2>().norm();
  }
  FurnishAndTell(random, scene, {0.0, 0.5, 1.0});
  return scene;
}

Scene MakeLoopRoom(Random& random) {
  Scene scene = FurnishedRoom(random);
  CameraPath& camera = scene.camera;
  camera.motion = CameraMotion::kKeys;
  // Once round an upright or lying oval in front of the objects, starting anywhere on it.
  const Eigen::Vector3d centre(random.Uniform(-0.15, 0.15), -2.65, random.Uniform(1.6, 1.75));
  const Eigen::Vector3d reach(
      random.Uniform(0.6, 0.8), random.Uniform(0.15, 0.35), random.Uniform(0.0, 0.25));
  const double start_rad = random.Uniform(0, 2 * std::numbers::pi);
  const double way = PickSign(random);
  constexpr int kKeys = 8;
  for (int k = 0; k <= kKeys; ++k) {
    const double angle = start_rad + way * 2 * std::numbers::pi * (k % kKeys) / kKeys;
    const Eigen::Vector3d place(std::cos(angle), std::sin(angle), std::sin(angle));
    camera.keys.push_back(
        {static_cast<double>(k) / kKeys, centre + reach.cwiseProduct(place), camera.target_m});
  }
  camera.eye_m = camera.keys.front().eye_m;
  Furniture furniture;
  furniture.colours = PickColours(random, 7);
  furniture.shares = {0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875};
  furniture.familiar = true;
  furniture.apart_in_view = 0.6;
  const std::vector<std::string> objects = Furnish(random, scene, furniture);
  TellRoom(scene,
           objects,
           "At the end everything looks as it did at the start",
           {"goes once round an oval and returns to where it began",
            "travels round a loop, back to where it started"});
  return scene;
}

std::vector<LawCheck> CheckLoopRoom(const Truth& truth) {
  std::vector<LawCheck> checks = CheckView(truth);
  const CameraPath& path = truth.scene.camera;
  if (path.motion != CameraMotion::kKeys) return checks;
  const Rigid3 start = WorldFromCamera(path, 0), end = WorldFromCamera(path, 1);
  checks.push_back(Compare("way between first and last eye",
                           "m",
                           {0, (end.translation - start.translation).norm(), 1e-9}));
  checks.push_back(Compare("turn between first and last view",
                           "rad",
                           {0, end.rotation.angularDistance(start.rotation), 1e-7}));
  return checks;
}

Scene MakeYawRoom(Random& random) {
  Scene scene = FurnishedRoom(random);
  scene.camera.motion = CameraMotion::kYaw;
  scene.camera.sweep_rad = PickSign(random) * random.Uniform(0.45, 0.7);
  // The middle of the turn looks at the middle of the room.
  const Eigen::AngleAxisd back(-scene.camera.sweep_rad / 2, Eigen::Vector3d::UnitZ());
  scene.camera.target_m = scene.camera.eye_m + back * (scene.camera.target_m - scene.camera.eye_m);
  FurnishAndTell(random, scene, {0.0, 0.5});
  return scene;
}

Scene MakeStaticRoom(Random& random) {
  Scene scene = FurnishedRoom(random);
  FurnishAndTell(random, scene, {0.0});
  return scene;
}

std::vector<LawCheck> CheckStaticRoom(const Truth& truth) {
  std::vector<LawCheck> checks = CheckView(truth);
  if (TravelOf(truth.cameras).eye_m > 0) return checks;
  int different = 0;
  for (int frame = 1; frame < truth.num_frames(); ++frame) {
    different += truth.video.frame(frame).rgb != truth.video.frame(0).rgb;
  }
  checks.push_back(Compare("frames that differ from the first", "count", {0, 1.0 * different, 0}));
  return checks;
}

Scene MakeHandheldRoom(Random& random) {
  Scene scene = FurnishedRoom(random);
  scene.camera.sway_m = random.Uniform(0.012, 0.022);
  scene.camera.sway_rad = random.Uniform(0.006, 0.011);
  scene.camera.sway_seed = random.NextBits() >> 12;
  scene.camera.sway_s = scene.duration_s;
  FurnishAndTell(random, scene, {0.0, 0.2, 0.4, 0.6, 0.8, 1.0});
  return scene;
}

}  // namespace plumb
