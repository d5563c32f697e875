// SPDX-License-Identifier: Apache-2.0
#include "tests/scenes/internal_test_scenes.h"

#include <algorithm>
#include <cmath>

#include "core/seed.h"

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

Scene PileOfBoxes(int count) {
  Scene scene = BallAboveFloor(1, 0.2);
  scene.id = scene.scenario = "pile";
  scene.bodies[0].material.friction = 0.7;
  scene.bodies.resize(1);
  Random random(7);
  for (int i = 0; i < count; ++i) {
    Body box = PlainBody("box " + std::to_string(i), ShapeKind::kBox, {0.2, 0.2, 0.2});
    box.material.friction = 0.7;
    box.material.restitution = 0.2;
    box.mass_kg = 2;
    const Eigen::Vector3d axis(random.Normal(), random.Normal(), random.Normal());
    const int place = i % 6, layer = i / 6;
    box.world_from_body =
        Rigid3(Eigen::Quaterniond(Eigen::AngleAxisd(random.Uniform(0, 3), axis.normalized())),
               {0.36 * (place % 3 - 1), 0.36 * (place / 3 - 0.5), 0.3 + 0.36 * layer});
    scene.bodies.push_back(std::move(box));
  }
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

Shape OneOfKind(ShapeKind kind) {
  Shape shape{kind, {0.5, 0.5, 1.1}};
  if (kind == ShapeKind::kSphere) shape.size_m.setConstant(0.6);
  if (kind == ShapeKind::kTorus) shape.size_m = {0.9, 0.9, 0.25};
  if (kind == ShapeKind::kHoop) {
    shape.size_m = {0.9, 0.9, 0.4};
    shape.wall_m = 0.08;
  }
  if (kind == ShapeKind::kConvex) {
    // A roof: a rectangle below and a ridge above it.
    shape.points_m = {{-0.4, -0.3, -0.2},
                      {0.4, -0.3, -0.2},
                      {0.4, 0.3, -0.2},
                      {-0.4, 0.3, -0.2},
                      {-0.2, 0.0, 0.4},
                      {0.2, 0.05, 0.4}};
  }
  if (kind == ShapeKind::kCompound) {
    const Eigen::Quaterniond turn(Eigen::AngleAxisd(std::acos(0.0), Eigen::Vector3d::UnitX()));
    ShapePart box{{ShapeKind::kBox, {0.6, 0.4, 0.3}}, Rigid3(turn, Eigen::Vector3d::Zero())};
    ShapePart ball{{ShapeKind::kSphere, {0.4, 0.4, 0.4}}};
    ball.body_from_part.translation = {0, 0, 0.4};
    shape.parts = {box, ball};
  }
  return WithExtents(shape);
}

bool IsInside(const Shape& shape, const Eigen::Vector3d& x) {
  const Eigen::Vector3d half = shape.size_m / 2;
  const double round = x.head<2>().norm();
  const bool between = std::abs(x.z()) <= half.z();
  switch (shape.kind) {
    case ShapeKind::kSphere:
      return x.norm() <= half.x();
    case ShapeKind::kBox:
      return (x.cwiseAbs() - half).maxCoeff() <= 0;
    case ShapeKind::kCylinder:
      return between && round <= half.x();
    case ShapeKind::kCone:
      return between && round <= half.x() * (half.z() - x.z()) / (2 * half.z());
    case ShapeKind::kCapsule:
      return std::hypot(round, std::max(0.0, std::abs(x.z()) - (half.z() - half.x()))) <= half.x();
    case ShapeKind::kTorus:
      return std::hypot(round - (half.x() - half.z()), x.z()) <= half.z();
    case ShapeKind::kHoop:
      return between && round <= half.x() && round >= half.x() - shape.wall_m;
    case ShapeKind::kConvex: {
      // In no half space beyond a face through three of the points with all others on one side.
      const auto& p = shape.points_m;
      for (size_t a = 0; a < p.size(); ++a) {
        for (size_t b = 0; b < p.size(); ++b) {
          for (size_t c = 0; c < p.size(); ++c) {
            if (a == b || b == c || a == c) continue;
            const Eigen::Vector3d normal = (p[b] - p[a]).cross(p[c] - p[a]).normalized();
            const bool is_face = std::all_of(p.begin(), p.end(), [&](const Eigen::Vector3d& q) {
              return normal.dot(q - p[a]) <= 1e-12;
            });
            if (is_face && normal.dot(x - p[a]) > 0) return false;
          }
        }
      }
      return true;
    }
    case ShapeKind::kCompound:
      return std::any_of(shape.parts.begin(), shape.parts.end(), [&](const ShapePart& part) {
        return IsInside(part.shape, Inverse(part.body_from_part) * x);
      });
  }
  return false;
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
                             &truth.passes.flow_valid,
                             &truth.passes.backward_flow_px,
                             &truth.passes.backward_flow_valid,
                             &truth.passes.parts,
                             &truth.passes.albedo,
                             &truth.passes.tracks_px,
                             &truth.passes.track_states}) {
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
