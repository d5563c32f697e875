// SPDX-License-Identifier: Apache-2.0
// Things that fall into an open container of boards: a square box or a round tub of staves.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "scenes/catalogue/containers/internal_containers.h"
#include "scenes/catalogue/containers/internal_vessels.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_matter.h"
#include "scenes/catalogue/internal_observing.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/checks/internal_motion_laws.h"

namespace plumb {
namespace {

constexpr double kBoard_m = 0.04;
constexpr double kSquareReach_m = 0.05;  // boards of a box overlap at its corners

struct Container {
  std::string noun;  // "box"
  int sides = 4;
  double inner_m = 0.48;  // from the middle of the bottom to each side
  double height_m = 0.4;
  double tilt_rad = 0.0;  // of the sides, outwards
};

Container DrawContainer(Random& random) {
  Container result;
  result.height_m = random.Uniform(0.36, 0.44);
  result.noun = random.Uniform() < 0.5 ? "box" : "tub";
  if (result.noun == "tub") {
    result.sides = 12;
    result.tilt_rad = random.Uniform(0.12, 0.25);
  }
  return result;
}

// The bottom and the sides, which stand on the floor around it.
std::vector<Body> Boards(const Container& container) {
  const double step_rad = 2 * std::numbers::pi / container.sides;
  const double lean_m = container.height_m * std::tan(container.tilt_rad);
  // A round bottom reaches into the corners between the staves.
  const bool round = container.sides > 4;
  const double bottom_m = 2 * container.inner_m / (round ? std::cos(step_rad / 2) : 1);
  std::vector<Body> boards = {
      FixedBox("bottom", {0, 0, kBoard_m / 2}, {bottom_m, bottom_m, kBoard_m}, BareWood())};
  if (round) boards[0].shape.kind = ShapeKind::kCylinder;
  const double width_m = 2 * (container.inner_m + lean_m) * std::tan(step_rad / 2);
  const Eigen::Vector3d size(kBoard_m,
                             round ? width_m : width_m + 2 * kSquareReach_m,
                             container.height_m / std::cos(container.tilt_rad));
  for (int k = 0; k < container.sides; ++k) {
    Body side = FixedBox("side " + std::to_string(k + 1), {}, size, BareWood());
    const Eigen::Quaterniond around(Eigen::AngleAxisd(k * step_rad, Eigen::Vector3d::UnitZ()));
    const Eigen::Quaterniond turn =
        around * Eigen::AngleAxisd(container.tilt_rad, Eigen::Vector3d::UnitY());
    // The lower inner edge is where the bottom ends.
    const Eigen::Vector3d edge = around * Eigen::Vector3d(container.inner_m, 0, 0);
    side.world_from_body =
        Rigid3(turn, edge + turn * Eigen::Vector3d(kBoard_m / 2, 0, size.z() / 2));
    boards.push_back(side);
  }
  return boards;
}

std::vector<Body> DrawContents(Random& random, const std::vector<NamedColour>& colours) {
  std::vector<Body> things;
  const double turn_rad = random.Uniform(0.0, 2 * std::numbers::pi);
  const double step_rad = 2 * std::numbers::pi / static_cast<double>(colours.size());
  for (size_t i = 0; i < colours.size(); ++i) {
    const bool is_ball = random.Uniform() < 0.6;
    const double size_m = is_ball ? random.Uniform(0.26, 0.31) : random.Uniform(0.2, 0.24);
    Body thing = MakeObject(random,
                            {is_ball ? ShapeKind::kSphere : ShapeKind::kBox,
                             Eigen::Vector3d::Constant(size_m),
                             colours[i]});
    thing.material.restitution = random.Uniform(0.2, 0.45);
    thing.world_from_body.rotation =
        Eigen::AngleAxisd(random.Uniform(0.0, 0.4), Eigen::Vector3d(1, 1, 0).normalized()) *
        thing.world_from_body.rotation;
    const double at_rad = turn_rad + i * step_rad;
    HangAt(thing, 0.8 + 0.13 * i + random.Uniform(0.0, 0.06), 0.25 * std::cos(at_rad));
    thing.world_from_body.translation.y() = 0.25 * std::sin(at_rad);
    things.push_back(thing);
  }
  return things;
}

double InnerHeight_m(const Scene& scene) {
  const Body& side = scene.bodies[BodyNamed(scene, "side 1")];
  return side.world_from_body.translation.z() +
         (side.world_from_body.rotation * Eigen::Vector3d(0, 0, side.shape.size_m.z() / 2)).z();
}

// How far a point is outside of the sides' inner faces; negative inside.
double Outside_m(const Scene& scene, const Eigen::Vector3d& x_in_world) {
  double outside_m = -1e9;
  for (const Body& body : scene.bodies) {
    if (!body.name.starts_with("side ")) continue;
    const Eigen::Vector3d x = Inverse(body.world_from_body) * x_in_world;
    outside_m = std::max(outside_m, x.x() + body.shape.size_m.x() / 2);
  }
  return outside_m;
}

}  // namespace

Scene MakeContain(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.5, 2.3);
  stage.eye_m = {0, -3.35, 2.45};
  stage.target_m = {0, 0, 0.6};
  stage.fov_rad = 0.6;
  Scene scene = MakeStage(random, stage);
  const std::vector<NamedColour> colours = PickColours(random, 3 + random.Index(2));
  const Container container = DrawContainer(random);
  for (const Body& board : Boards(container)) scene.bodies.push_back(board);
  const std::vector<Body> things = DrawContents(random, colours);
  std::vector<std::string> names;
  for (const Body& thing : things) names.push_back(Describe(thing));
  const std::string all = Enumerate(names);
  Tell(
      scene,
      {DescribeStage(scene),
       {all + " hang in the air above an open wooden " + container.noun + " and are let go at once",
        "an open wooden " + container.noun + " stands there, and above it " + all +
            " are let go at the same time",
        "somebody lets go of " + all + " above a wooden " + container.noun + " without a lid"},
       "all of them fall into the " + container.noun + " and stay in it",
       {}});
  scene.bodies.insert(scene.bodies.end(), things.begin(), things.end());
  scene.duration_s = 2.5;
  return scene;
}

std::vector<LawCheck> CheckContain(const Scene& scene, const Motion& motion) {
  const int first = FirstMover(scene);
  const int count = static_cast<int>(scene.bodies.size());
  const double rim_m = InnerHeight_m(scene);
  int inside = 0;
  double outside_m = 0;
  for (int b = first; b < count; ++b) {
    for (const auto& states : motion.states) {
      const Eigen::Vector3d& x = states[b].world_from_body.translation;
      if (x.z() < rim_m) outside_m = std::max(outside_m, Outside_m(scene, x));
    }
    const Eigen::Vector3d& end = motion.states.back()[b].world_from_body.translation;
    inside += end.z() < rim_m && Outside_m(scene, end) < 0;
  }
  // The lowest thing meets nothing on its way to the bottom.
  const double fall_m = HeightAboveFloor(scene.bodies[first]) - kBoard_m;
  const double fall_s = std::sqrt(2 * fall_m / scene.gravity_mps2.norm());
  const auto touch = FirstContact(motion, first, -1);
  double scale_j = 0;
  for (int b = first; b < count; ++b) {
    scale_j += scene.bodies[b].mass_kg * scene.gravity_mps2.norm() *
               scene.bodies[b].world_from_body.translation.z();
  }
  return {
      Compare("time of first contact", "s", {fall_s, touch ? touch->time_s : 0.0, kFallTime_s}),
      Compare("things in the container at the end",
              "count",
              {static_cast<double>(count - first), static_cast<double>(inside), 0.0}),
      Compare("centre of a thing beyond a side", "m", {0.0, outside_m, 0.0}),
      Compare("deepest overlap at any step", "m", {0.0, DeepestContact_m(motion), kPenetration_m}),
      EnergyNeverRises(scene, motion, scale_j, 0.001)};
}

}  // namespace plumb
