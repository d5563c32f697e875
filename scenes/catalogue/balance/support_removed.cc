// SPDX-License-Identifier: Apache-2.0
// A thing on the two flaps of a trapdoor that swing open faster than anything falls.
#include <cmath>
#include <numbers>

#include "core/check.h"
#include "scenes/catalogue/balance/internal_balance.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_matter.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/checks/internal_motion_laws.h"

namespace plumb {
namespace {

constexpr double kThick_m = 0.04;
constexpr double kGap_m = 0.002;  // between the flaps
constexpr double kDepth_m = 0.56;
constexpr double kRail_m = 0.06;
// Where the thing stands, at least 0.12 m from a hinge, the flaps drop at 1.5 m/s from the start,
// and they hang down before it could reach that speed.
constexpr double kOpening_s = 0.12;
constexpr int kOpeningKeys = 16;

struct Trapdoor {
  double width_m = 0.66;
  double height_m = 1.1;
  double opens_s = 0.5;
};

// A flap with its hinge on the side `side` (-1: left), turned down by `angle_rad`.
Rigid3 FlapPose(const Trapdoor& door, double side, double angle_rad) {
  const Eigen::Vector3d hinge(side * door.width_m / 2, 0, door.height_m);
  const Eigen::Vector3d centre(-side * (door.width_m / 4 - kGap_m / 4), 0, -kThick_m / 2);
  const Eigen::Quaterniond turn(Eigen::AngleAxisd(-side * angle_rad, Eigen::Vector3d::UnitY()));
  return Rigid3(turn, hinge + turn * centre);
}

Body Flap(const Trapdoor& door, double side, const Material& material) {
  Body flap = FixedBox(side < 0 ? "left flap" : "right flap",
                       {},
                       {door.width_m / 2 - kGap_m / 2, kDepth_m, kThick_m},
                       material);
  flap.world_from_body = FlapPose(door, side, 0);
  flap.path.push_back({0.0, flap.world_from_body});
  for (int k = 0; k <= kOpeningKeys; ++k) {
    const double share = static_cast<double>(k) / kOpeningKeys;
    flap.path.push_back(
        {door.opens_s + share * kOpening_s, FlapPose(door, side, share * std::numbers::pi / 2)});
  }
  return flap;
}

// The rails that carry the hinges, each on two posts.
std::vector<Body> Frame(const Trapdoor& door, const Material& material) {
  std::vector<Body> frame;
  for (const double side : {-1.0, 1.0}) {
    const std::string where = side < 0 ? "left" : "right";
    const double x_m = side * (door.width_m / 2 + kRail_m / 2 + 0.005);
    const double rail_z_m = door.height_m - kRail_m / 2;
    frame.push_back(
        FixedBox(where + " rail", {x_m, 0, rail_z_m}, {kRail_m, kDepth_m, kRail_m}, material));
    for (const double y : {-1.0, 1.0}) {
      const double height_m = door.height_m - kRail_m;
      frame.push_back(FixedBox(where + (y < 0 ? " front post" : " rear post"),
                               {x_m, y * (kDepth_m - kRail_m) / 2, height_m / 2},
                               {kRail_m, kRail_m, height_m},
                               material));
    }
  }
  return frame;
}

void Caption(Scene& scene, const Body& thing) {
  const std::string it = Describe(thing);
  Tell(scene,
       {DescribeStage(scene),
        {it + " stands on the two closed flaps of a wooden trapdoor high above the floor, and the "
              "flaps are about to swing open",
         "there is a wooden frame on four posts with a trapdoor of two flaps that will soon open, "
         "and " +
             it + " rests on them",
         "the flaps of a wooden trapdoor on four posts carry " + it +
             " until they are let go a moment later"},
        "the flaps swing down, and the " + thing.name + " falls between them to the floor",
        {}});
}

}  // namespace

Scene MakeSupportRemoved(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.5, 2.3);
  stage.eye_m = {0, -4.6, 1.75};
  stage.target_m = {0, 0, 0.78};
  stage.fov_rad = 0.6;
  Scene scene = MakeStage(random, stage);
  const NamedColour colour = PickColours(random, 1).front();
  Trapdoor door;
  door.width_m = random.Uniform(0.64, 0.72);
  door.height_m = random.Uniform(0.95, 1.15);
  door.opens_s = (10 + random.Index(8)) / 24.0;
  const double size_m = random.Uniform(0.32, 0.38);
  const bool upright = random.Uniform() < 0.5;
  Body thing =
      upright
          ? MakeObject(
                random,
                {ShapeKind::kCylinder, {size_m, size_m, size_m * random.Uniform(0.9, 1.2)}, colour})
          : MakeObject(
                random,
                {ShapeKind::kBox, {size_m, size_m * random.Uniform(0.8, 1.0), size_m}, colour});
  thing.material.restitution = random.Uniform(0.05, 0.3);
  StandOnFloor(thing, {0, random.Uniform(-0.04, 0.04)}, 0);
  thing.world_from_body.translation.z() += door.height_m;
  const Material wood = BareWood();
  for (const Body& body : Frame(door, wood)) scene.bodies.push_back(body);
  for (const double side : {-1.0, 1.0}) scene.bodies.push_back(Flap(door, side, wood));
  Caption(scene, thing);
  scene.bodies.push_back(thing);
  return scene;
}

std::vector<LawCheck> CheckSupportRemoved(const Scene& scene, const Motion& motion) {
  const int thing = FirstMover(scene);
  const Body& flap = scene.bodies[BodyNamed(scene, "left flap")];
  PLUMB_CHECK(flap.path.size() > 1, "scene '{}': the flap has no path", scene.id);
  // The flaps drop faster than the thing in the very step in which they start.
  const double opens_s = std::floor(flap.path[1].time_s * motion.rate_hz + 1e-6) / motion.rate_hz;
  double moved_m = 0;
  for (int k = 0; k < static_cast<int>(opens_s * motion.rate_hz); ++k) {
    const Eigen::Vector3d& x = motion.states[k][thing].world_from_body.translation;
    moved_m = std::max(moved_m, (x - scene.bodies[thing].world_from_body.translation).norm());
  }
  const double fall_s = FallTime(scene, scene.bodies[thing]);
  const auto landing = FirstContact(motion, thing, BodyNamed(scene, "floor"));
  const double probe_s = std::round((opens_s + 0.9 * fall_s) * motion.rate_hz) / motion.rate_hz;
  const double fallen_m = scene.bodies[thing].world_from_body.translation.z() -
                          StateAt(motion, probe_s, thing).world_from_body.translation.z();
  const double expected_m = 0.5 * scene.gravity_mps2.norm() * std::pow(probe_s - opens_s, 2);
  return {Compare("movement while the flaps are closed", "m", {0.0, moved_m, kDrift_m}),
          Compare("time from the opening to the floor",
                  "s",
                  {fall_s, landing ? landing->time_s - opens_s : 0.0, kFallTime_s}),
          Compare("way fallen between the flaps", "m", {expected_m, fallen_m, 1e-4})};
}

}  // namespace plumb
