// SPDX-License-Identifier: Apache-2.0
// A camera that looks away and back, and a crowd in which nobody may get lost.
#include <string>
#include <vector>

#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_lines_of_sight.h"
#include "scenes/catalogue/permanence/internal_makers.h"
#include "scenes/catalogue/permanence/internal_permanence.h"
#include "scenes/catalogue/views/internal_camera_checks.h"
#include "scenes/catalogue/views/internal_room.h"

namespace plumb {
namespace {

// Something to see on the side walls while the camera looks there.
void HangSidePictures(Random& random, Scene& scene) {
  const double wall_x_m =
      scene.bodies[FindBody(scene, "right wall")].world_from_body.translation.x() - 0.12;
  for (const double side : {-1.0, 1.0}) {
    for (int k = 0; k < 3; ++k) {
      const Eigen::Vector3d centre{
          side * wall_x_m, -4.4 + 1.7 * k + random.Uniform(-0.2, 0.2), random.Uniform(0.9, 1.4)};
      const Eigen::Vector3d size{0.05, random.Uniform(0.6, 0.95), random.Uniform(0.5, 0.8)};
      scene.bodies.push_back(FixedBox(LaneSide(side) + " picture " + std::to_string(k + 1),
                                      centre,
                                      size,
                                      PickPictureMaterial(random)));
    }
  }
}

}  // namespace

Scene MakeLookAway(Random& random) {
  Scene scene = PermanenceStage(random);
  HangSidePictures(random, scene);
  // Not too near to the walls that the camera turns to.
  scene.lighting.centre_m.x() *= 0.2;
  const std::vector<NamedColour> colours = PickColours(random, 3);
  const double side = PickSide(random);
  Lane lane{side * random.Uniform(0.45, 0.55), -0.35, random.Uniform(0.3, 0.4), 0.36};
  const Body ball = LaneBall(random, colours[0], lane);
  const Body left = MakeStander(
      random,
      colours[1],
      {{random.Uniform(-0.85, -0.6), random.Uniform(0.5, 0.9)}, random.Uniform(0.4, 0.48)});
  const Body right = MakeStander(
      random,
      colours[2],
      {{random.Uniform(0.6, 0.85), random.Uniform(0.5, 0.9)}, random.Uniform(0.4, 0.48)});
  for (const Body& body : {ball, left, right}) scene.bodies.push_back(body);
  scene.camera.motion = CameraMotion::kYaw;
  scene.camera.there_and_back = true;
  scene.camera.sweep_rad = PickSide(random) * random.Uniform(1.1, 1.25);
  const std::string rolls = " rolls slowly from the " + LaneSide(side);
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {
      Describe(left) + " and " + Describe(right) + " stand side by side and " + Describe(ball) +
          rolls + " in front of them",
      Describe(ball) + rolls + " before " + Describe(left) + " and " + Describe(right) + " at rest",
      Describe(left) + " on the left, " + Describe(right) + " on the right and " + Describe(ball) +
          " that" + rolls};
  words.outcome = "everything leaves the picture and comes back into it: " + DescribeThe(left) +
                  " and " + DescribeThe(right) + " where they were, " + DescribeThe(ball) +
                  " further on";
  Tell(scene, words);
  return scene;
}

std::vector<LawCheck> CheckLookAway(const Truth& truth) {
  std::vector<LawCheck> checks = CheckPresence(truth);
  for (const auto& more : {CheckCameraPath(truth), CheckNoParallax(truth)}) {
    checks.insert(checks.end(), more.begin(), more.end());
  }
  return checks;
}

Scene MakeCrowdCount(Random& random) {
  Scene scene = PermanenceStage(random);
  const std::vector<NamedColour> colours = PickColours(random, 6);
  const double side = PickSide(random);
  std::vector<std::string> rolling, standing;
  for (int k = 0; k < 3; ++k) {
    Lane lane{side * random.Uniform(1.14, 1.3), -0.3 + 0.38 * k, random.Uniform(1.1, 1.3), 0.3};
    lane.diameter_m = random.Uniform(0.27, 0.3);
    scene.bodies.push_back(LaneBall(random, colours[k], lane));
    rolling.push_back(Describe(scene.bodies.back()));
  }
  for (int k = 0; k < 3; ++k) {
    const Eigen::Vector2d place{0.8 * (k - 1) + random.Uniform(-0.12, 0.12),
                                random.Uniform(1.3, 1.45)};
    scene.bodies.push_back(
        MakeStander(random, colours[3 + k], {place, random.Uniform(0.34, 0.38)}));
    standing.push_back(Describe(scene.bodies.back()));
  }
  Panel place;
  place.place_m = {random.Uniform(-0.08, 0.08), -0.85};
  place.size_m = {random.Uniform(1.15, 1.25), 0.12, 0.85};
  scene.bodies.push_back(MakeScreen(random, place));
  const std::string screen = WithArticle(scene.bodies.back().material.name) + " screen";
  const std::string from = "from the " + LaneSide(side);
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {
      "three balls roll side by side " + from + " towards the back of " + screen + ": " +
          Enumerate(rolling) + "; in a row further back stand " + Enumerate(standing),
      "there are six things: " + Enumerate(standing) + " at rest in a row, and " +
          Enumerate(rolling) + " that roll " + from + " towards the back of " + screen,
      Enumerate(rolling) + " rolling " + from + " behind " + screen + ", and " +
          Enumerate(standing) + " at rest"};
  words.outcome =
      "all three balls go out of sight behind the screen and come out again; there are "
      "six things at the end as at the start";
  Tell(scene, words);
  return scene;
}

}  // namespace plumb
