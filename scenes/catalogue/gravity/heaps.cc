// SPDX-License-Identifier: Apache-2.0
// Something falls onto things that lie there: a cluster of balls, a stack of blocks.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "scenes/catalogue/gravity/internal_gravity.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_matter.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/checks/internal_motion_laws.h"

namespace plumb {
namespace {

constexpr double kClusterGap_m = 0.004;

// One ball in the middle and the others in a ring around it, almost touching.
std::vector<Body> Cluster(Random& random, const std::vector<NamedColour>& colours) {
  static constexpr std::array kMatters = {"wooden", "plastic", "rubber"};
  const std::string matter = kMatters[random.Index(3)];
  const double diameter_m = random.Uniform(0.25, 0.29);
  const double turn_rad = random.Uniform(0.0, 2 * std::numbers::pi);
  std::vector<Body> balls;
  for (size_t i = 0; i < colours.size(); ++i) {
    Body ball = MakeThing(
        random,
        {matter, "ball", {ShapeKind::kSphere, Eigen::Vector3d::Constant(diameter_m)}, colours[i]});
    const double at_rad = turn_rad + (i - 1.0) * std::numbers::pi / 3;
    const double out_m = i == 0 ? 0.0 : diameter_m + kClusterGap_m;
    StandOnFloor(ball,
                 out_m * Eigen::Vector2d(std::cos(at_rad), std::sin(at_rad)),
                 random.Uniform(-3.0, 3.0));
    ball.material.restitution = std::sqrt(0.4);
    balls.push_back(ball);
  }
  return balls;
}

std::string ColoursOf(const std::vector<NamedColour>& colours) {
  std::vector<std::string> names;
  for (const NamedColour& colour : colours) names.push_back(colour.name);
  return Enumerate(names);
}

Scene MakeDropIntoCluster(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.6, 2.4);
  stage.eye_m = {0, -4.1, 2.1};
  stage.target_m = {0, 0, 0.75};
  stage.fov_rad = 0.6;
  Scene scene = MakeStage(random, stage);
  std::vector<NamedColour> colours = PickColours(random, 5 + random.Index(4));
  const NamedColour own = colours.back();
  colours.pop_back();
  const std::vector<Body> cluster = Cluster(random, colours);
  static constexpr std::array kMatters = {"steel", "glass", "ceramic"};
  const double diameter_m = random.Uniform(0.32, 0.38);
  Body falling = MakeThing(random,
                           {kMatters[random.Index(3)],
                            "ball",
                            {ShapeKind::kSphere, Eigen::Vector3d::Constant(diameter_m)},
                            own});
  falling.material.restitution = std::sqrt(0.4);
  HangAt(falling, random.Uniform(1.1, 1.35), random.Uniform(-0.1, 0.1));
  falling.world_from_body.translation.y() = random.Uniform(-0.1, 0.1);
  const std::string many = NumberWord(static_cast<int>(cluster.size())) + " smaller " +
                           cluster.front().material.name + " balls";
  Tell(scene,
       {DescribeStage(scene),
        {many + ", " + ColoursOf(colours) + ", lie close together, and " + Describe(falling) +
             " hangs above them and is let go",
         Describe(falling) + " is let go above a cluster of " + many + ", " + ColoursOf(colours)},
        "the " + falling.name + " falls into the cluster and drives the balls apart",
        {}});
  for (const Body& ball : cluster) scene.bodies.push_back(ball);
  scene.bodies.push_back(falling);
  return scene;
}

// How far the last body falls until it touches one of the balls below.
double FallToCluster(const Scene& scene) {
  const Body& falling = scene.bodies.back();
  double stop_z_m = falling.shape.size_m.x() / 2;
  for (size_t b = FirstMover(scene); b + 1 < scene.bodies.size(); ++b) {
    const Body& ball = scene.bodies[b];
    const double reach_m = (falling.shape.size_m.x() + ball.shape.size_m.x()) / 2;
    const Eigen::Vector3d gap =
        falling.world_from_body.translation - ball.world_from_body.translation;
    const double aside_m = gap.head<2>().norm();
    if (aside_m >= reach_m) continue;
    stop_z_m = std::max(
        stop_z_m,
        ball.world_from_body.translation.z() + std::sqrt(reach_m * reach_m - aside_m * aside_m));
  }
  return falling.world_from_body.translation.z() - stop_z_m;
}

std::vector<LawCheck> CheckDropIntoCluster(const Scene& scene, const Motion& motion) {
  const int last = static_cast<int>(scene.bodies.size()) - 1;
  const auto touch = FirstContact(motion, last, -1);
  const double g = scene.gravity_mps2.norm();
  const double fall_m = FallToCluster(scene);
  const double scale_j = scene.bodies.back().mass_kg * g * fall_m;
  return {Compare("time of first contact",
                  "s",
                  {std::sqrt(2 * fall_m / g), touch ? touch->time_s : 0.0, kFallTime_s}),
          EnergyNeverRises(scene, motion, scale_j, 0.001),
          BallsApartAtTheEnd(scene, motion)};
}

// Blocks one upon the other, a little turned.
std::vector<Body> Stack(Random& random, const std::vector<NamedColour>& colours) {
  std::vector<Body> blocks;
  double top_m = 0;
  const double side_m = random.Uniform(0.5, 0.58);
  for (const NamedColour& colour : colours) {
    const Eigen::Vector3d size{side_m * random.Uniform(0.92, 1.08),
                               side_m * random.Uniform(0.92, 1.08),
                               random.Uniform(0.24, 0.32)};
    Body block = MakeThing(random, {"wooden", "block", {ShapeKind::kBox, size}, colour});
    StandOnFloor(block,
                 {random.Uniform(-0.02, 0.02), random.Uniform(-0.02, 0.02)},
                 random.Uniform(-0.2, 0.2));
    block.world_from_body.translation.z() += top_m;
    top_m += size.z() - kSeat_m;
    block.material.restitution = 0;
    blocks.push_back(block);
  }
  return blocks;
}

Scene MakeWeightOnStack(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.6, 2.4);
  stage.eye_m = {0, -4.8, 1.7};
  stage.target_m = {0, 0, 0.85};
  stage.fov_rad = 0.6;
  Scene scene = MakeStage(random, stage);
  const std::vector<NamedColour> colours = PickColours(random, 4);
  const std::vector<Body> blocks =
      Stack(random, std::vector<NamedColour>(colours.begin(), colours.end() - 1));
  const double diameter_m = random.Uniform(0.22, 0.26);
  Body weight = MakeThing(
      random,
      {"steel",
       "weight",
       {ShapeKind::kCylinder, {diameter_m, diameter_m, diameter_m * random.Uniform(0.6, 0.75)}},
       colours.back()});
  weight.material.restitution = 0;
  const Body& top = blocks.back();
  const double top_m = top.world_from_body.translation.z() + top.shape.size_m.z() / 2;
  HangAt(weight, top_m + random.Uniform(0.2, 0.35), random.Uniform(-0.03, 0.03));
  std::vector<std::string> names;
  for (const Body& block : blocks) names.push_back(Describe(block));
  Tell(scene,
       {DescribeStage(scene),
        {Enumerate(names) + " are stacked from bottom to top, and " + Describe(weight) +
             " hangs a little above the stack and is let go",
         Describe(weight) + " is let go a little above a stack made of " + Enumerate(names) +
             ", from bottom to top"},
        "the " + weight.name + " drops onto the stack and rests there; the stack stands",
        {}});
  for (const Body& block : blocks) scene.bodies.push_back(block);
  scene.bodies.push_back(weight);
  return scene;
}

std::vector<LawCheck> CheckWeightOnStack(const Scene& scene, const Motion& motion) {
  const int weight = static_cast<int>(scene.bodies.size()) - 1;
  const Body& top = scene.bodies[weight - 1];
  const double g = scene.gravity_mps2.norm();
  const double fall_m = HeightAboveFloor(scene.bodies[weight]) -
                        top.world_from_body.translation.z() - top.shape.size_m.z() / 2;
  const auto touch = FirstContact(motion, weight, -1);
  const double scale_j = scene.bodies[weight].mass_kg * g * fall_m;
  // The blow shifts the blocks a little; then nothing moves any more.
  const double settled_s = (touch ? touch->time_s : 0.0) + 0.5;
  double shifted_m = 0;
  double drift_m = 0;
  for (int b = FirstMover(scene); b < weight; ++b) {
    const Eigen::Vector3d end = motion.states.back()[b].world_from_body.translation;
    const Eigen::Vector3d settled = StateAt(motion, settled_s, b).world_from_body.translation;
    shifted_m = std::max(shifted_m, (end - scene.bodies[b].world_from_body.translation).norm());
    drift_m = std::max(drift_m, (end - settled).norm());
  }
  const Eigen::Vector3d end = motion.states.back()[weight].world_from_body.translation;
  const double sunk_m = scene.bodies[weight].world_from_body.translation.z() - end.z();
  return {Compare("time of first contact",
                  "s",
                  {std::sqrt(2 * fall_m / g), touch ? touch->time_s : 0.0, kFallTime_s}),
          EnergyNeverRises(scene, motion, scale_j, 0.002),
          Compare("shift of the stack by the blow", "m", {0.0, shifted_m, 0.02}),
          Compare("drift of the stack after it", "m", {0.0, drift_m, kDrift_m}),
          Compare("height from which the weight came down", "m", {fall_m, sunk_m, kPenetration_m})};
}

}  // namespace

ScenarioEntry DropIntoClusterScenario() {
  return {{"drop_into_cluster",
           "gravity",
           "A heavy ball is let go above a cluster of small ones; the camera stands still.",
           "time of first contact, energy never rises, no overlap"},
          MakeDropIntoCluster,
          CheckDropIntoCluster};
}

ScenarioEntry WeightOnStackScenario() {
  return {{"weight_on_stack",
           "gravity",
           "A steel weight is let go above a stack of blocks; the camera stands still.",
           "fall time, energy never rises, the stack keeps its place"},
          MakeWeightOnStack,
          CheckWeightOnStack};
}

}  // namespace plumb
