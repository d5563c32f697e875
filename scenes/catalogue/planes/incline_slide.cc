// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/catalogue/internal_scenarios.h"

namespace plumb {
namespace {

constexpr double kRampLength_m = 3.2;
constexpr double kRampThick_m = 0.14;

// How a ramp leans; `side` +1: downhill to the right.
struct Lean {
  double angle_rad;
  double side;
  Eigen::Quaterniond Tilt() const {
    return Eigen::Quaterniond(Eigen::AngleAxisd(side * angle_rad, Eigen::Vector3d::UnitY()));
  }
};

// A slab whose lower end stands on the floor.
Body MakeRamp(const Lean& lean) {
  Material wood;
  wood.name = "wooden";
  wood.pattern = Pattern::kWood;
  wood.colour = {0.70, 0.58, 0.44};
  wood.second_colour = {0.46, 0.35, 0.25};
  wood.pattern_size_m = 0.24;
  wood.gloss = 0.1;
  wood.friction = 1;
  wood.restitution = 1;
  const double height_m = kRampLength_m / 2 * std::sin(lean.angle_rad) + 0.02;
  Body ramp = FixedBox("ramp", {0, 0, height_m}, {kRampLength_m, 0.95, kRampThick_m}, wood);
  ramp.world_from_body.rotation = lean.Tilt();
  return ramp;
}

// The two posts that carry the upper end.
std::vector<Body> MakePosts(const Body& ramp, const Lean& lean) {
  std::vector<Body> posts;
  const double along_m = 0.36 * kRampLength_m;
  const double height_m = ramp.world_from_body.translation.z() + along_m * std::sin(lean.angle_rad);
  for (const double y : {-0.36, 0.36}) {
    posts.push_back(FixedBox(y < 0 ? "front post" : "rear post",
                             {-lean.side * along_m * std::cos(lean.angle_rad), y, height_m / 2},
                             {0.12, 0.12, height_m},
                             ramp.material));
  }
  return posts;
}

// A flat block near the upper end of the ramp.
Body BlockOnRamp(Random& random, const Body& ramp, const Lean& lean, const NamedColour& colour) {
  const Eigen::Vector3d size{
      random.Uniform(0.46, 0.56), random.Uniform(0.36, 0.46), random.Uniform(0.32, 0.38)};
  Body block = MakeObject(random, {ShapeKind::kBox, size, colour});
  const Eigen::Vector3d x_in_ramp(
      -lean.side * (kRampLength_m / 2 - 0.42), 0, kRampThick_m / 2 + size.z() / 2 - kSeat_m);
  block.world_from_body = Rigid3(lean.Tilt(), ramp.world_from_body * x_in_ramp);
  block.material.restitution = 0;
  return block;
}

}  // namespace

Scene MakeInclineSlide(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.3, 2.0);
  stage.eye_m = {0, -5.6, 1.7};
  stage.target_m = {0, 0, 0.75};
  stage.fov_rad = 0.6;
  Scene scene = MakeStage(random, stage);
  const NamedColour colour = PickColours(random, 1).front();
  const Lean lean{random.Uniform(0.36, 0.5), random.Uniform() < 0.5 ? -1.0 : 1.0};
  const Body ramp = MakeRamp(lean);
  Body block = BlockOnRamp(random, ramp, lean, colour);
  // Angle and acceleration are chosen; the friction follows from a = g (sin t - mu cos t).
  const double acceleration_mps2 = random.Uniform(0.7, 1.05);
  block.material.friction =
      std::tan(lean.angle_rad) -
      acceleration_mps2 / (scene.gravity_mps2.norm() * std::cos(lean.angle_rad));
  scene.caption = "On " + DescribeStage(scene) + " stands a wooden ramp; " +
                  Describe(block, colour.name) +
                  " lies near its upper end and is let go. The camera does not move.";
  for (const Body& post : MakePosts(ramp, lean)) scene.bodies.push_back(post);
  scene.bodies.push_back(ramp);
  scene.bodies.push_back(block);
  return scene;
}

}  // namespace plumb
