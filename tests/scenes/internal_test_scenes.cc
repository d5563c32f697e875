// SPDX-License-Identifier: Apache-2.0
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {

Body PlainBody(const std::string& name, ShapeKind kind, const Eigen::Vector3d& size_m) {
  Body body;
  body.name = name;
  body.shape = {kind, size_m};
  body.material.colour = {1, 1, 1};
  body.material.gloss = 0;
  return body;
}

Body PlainFloor() {
  Body floor = PlainBody("floor", ShapeKind::kBox, {12, 12, 0.5});
  floor.role = Role::kStructure;
  floor.fixed = true;
  floor.material.friction = 1;
  floor.material.restitution = 1;
  floor.world_from_body.translation = {0, 0, -0.25};
  return floor;
}

Scene BallAboveFloor(double height_m, double restitution) {
  Scene scene;
  scene.id = "ball-above-floor";
  Body ball = PlainBody("ball", ShapeKind::kSphere, Eigen::Vector3d::Constant(0.3));
  ball.material.restitution = restitution;
  ball.world_from_body.translation = {0, 0, height_m + 0.15};
  scene.bodies = {PlainFloor(), ball};
  return scene;
}

Scene LoneSphere() {
  Scene scene;
  scene.id = "lone-sphere";
  Body sphere = PlainBody("sphere", ShapeKind::kSphere, Eigen::Vector3d::Constant(2));
  sphere.fixed = true;
  scene.bodies = {sphere};
  scene.camera.eye_m = {0, -5, 0};
  scene.camera.target_m = {0, 0, 0};
  scene.lighting.background = {0, 0, 0};
  return scene;
}

uint64_t DigestOf(const Truth& truth) {
  uint64_t digest = 0xcbf29ce484222325ULL;
  const auto add = [&](const std::vector<uint8_t>& bytes) {
    for (const uint8_t byte : bytes) digest = (digest ^ byte) * 0x100000001b3ULL;
  };
  for (const Image& frame : truth.video.frames()) add(frame.rgb);
  for (const Tensor* pass : {&truth.passes.depth_m,
                             &truth.passes.normals,
                             &truth.passes.instances,
                             &truth.passes.amodal,
                             &truth.passes.flow_px,
                             &truth.passes.flow_valid}) {
    add(pass->bytes());
  }
  return digest;
}

RenderOptions SmallOptions(int frames) {
  RenderOptions options;
  options.width = 96;
  options.height = 96;
  options.frames = frames;
  return options;
}

}  // namespace plumb
