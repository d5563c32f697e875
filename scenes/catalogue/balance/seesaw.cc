// SPDX-License-Identifier: Apache-2.0
// A plank on an axle with a block on either side.
#include <algorithm>
#include <array>
#include <cmath>

#include "core/check.h"
#include "core/mass_properties.h"
#include "scenes/catalogue/balance/internal_balance.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_matter.h"
#include "scenes/catalogue/internal_observing.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/catalogue/internal_swing.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {
namespace {

constexpr double kTipped_rad = 0.08;
constexpr double kThick_m = 0.06;

// A wedge whose edge is under the axle.
Body MakeStand(double height_m) {
  const double half_m = 0.22;
  const double deep_m = 0.16;
  const double edge_m = height_m - kThick_m / 2 - 0.004;
  Body stand;
  stand.name = "stand";
  stand.role = Role::kStructure;
  stand.material = BareWood();
  stand.fixed = true;
  stand.shape.kind = ShapeKind::kConvex;
  for (const double y : {-deep_m, deep_m}) {
    stand.shape.points_m.push_back({-half_m, y, 0});
    stand.shape.points_m.push_back({half_m, y, 0});
    stand.shape.points_m.push_back({0, y, edge_m});
  }
  stand.shape = WithExtents(stand.shape);
  return stand;
}

// Torque about the axle over its inertia; blocks and plank turn as one.
struct Balance {
  double torque_nm = 0.0;  // positive: the right side goes down
  double above_nm = 0.0;   // weight times height of the centre of mass above the axle
  double inertia_kgm2 = 0.0;
};

Balance BalanceOf(const Scene& scene) {
  const Eigen::Vector3d axle = scene.joints.front().anchor_m;
  Balance balance;
  for (const Body& body : scene.bodies) {
    if (body.fixed) continue;
    const Eigen::Vector3d x = body.world_from_body.translation - axle;
    const double weight_n = body.mass_kg * scene.gravity_mps2.norm();
    balance.torque_nm += weight_n * x.x();
    balance.above_nm += weight_n * x.z();
    balance.inertia_kgm2 += body.mass_kg * (MassPropertiesOf(body.shape).inertia_m2(1, 1) +
                                            x.x() * x.x() + x.z() * x.z());
  }
  return balance;
}

Body MakePlank(double height_m, double length_m) {
  Body plank;
  plank.name = "plank";
  plank.role = Role::kStructure;
  plank.material = BareWood();
  plank.shape.size_m = {length_m, 0.3, kThick_m};
  plank.mass_kg = 600 * VolumeOf(plank.shape);
  plank.material.restitution = 0.1;
  plank.world_from_body.translation = {0, 0, height_m};
  return plank;
}

// The block on one side, as far out as the torque asks for.
Body MakeRider(Random& random, const NamedColour& colour, double top_m) {
  const Eigen::Vector3d size{
      random.Uniform(0.2, 0.27), random.Uniform(0.2, 0.26), random.Uniform(0.18, 0.26)};
  Body rider = MakeObject(random, {ShapeKind::kBox, size, colour});
  rider.material.friction = 0.9;
  rider.material.restitution = 0.1;
  StandOnFloor(rider, {0, 0}, 0);
  rider.world_from_body.translation.z() += top_m;
  return rider;
}

void Caption(Scene& scene, const std::array<Body, 2>& riders, double torque_nm) {
  const std::string left = Describe(riders[0]);
  const std::string right = Describe(riders[1]);
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {
      "a wooden seesaw is level; " + left + " stands on its left side and " + right +
          " on its right side",
      "on the two arms of a level wooden seesaw stand " + left + ", left, and " + right + ", right",
      "a plank on a wedge carries " + left + " on the left and " + right + " on the right"};
  words.outcome = torque_nm == 0
                      ? "the seesaw is in balance and stays level"
                      : "the seesaw tips towards " + DescribeThe(riders[torque_nm > 0 ? 1 : 0]);
  Tell(scene, words);
}

}  // namespace

Scene MakeSeesaw(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.4, 2.2);
  stage.eye_m = {0, -4.5, 1.4};
  stage.target_m = {0, 0, 0.5};
  stage.fov_rad = 0.56;
  Scene scene = MakeStage(random, stage);
  const double height_m = random.Uniform(0.38, 0.46);
  const double length_m = random.Uniform(2.0, 2.3);
  const std::vector<NamedColour> colours = PickColours(random, 2);
  const double top_m = height_m + kThick_m / 2 - kSeat_m;
  std::array<Body, 2> riders = {MakeRider(random, colours[0], top_m),
                                MakeRider(random, colours[1], top_m)};
  const bool level = random.Uniform() < 1.0 / 3;
  // The heavier block stands nearer to the axle; for a level seesaw the torques are equal.
  const int heavy = riders[0].mass_kg > riders[1].mass_kg ? 0 : 1;
  const double far_m = random.Uniform(0.34, 0.4) * length_m;
  const double equal_m = far_m * riders[1 - heavy].mass_kg / riders[heavy].mass_kg;
  const double near_m =
      level || equal_m < 0.3 ? std::max(0.2, equal_m) : equal_m * random.Uniform(0.6, 0.85);
  riders[heavy].world_from_body.translation.x() = (heavy == 0 ? -1 : 1) * near_m;
  riders[1 - heavy].world_from_body.translation.x() = (heavy == 0 ? 1 : -1) * far_m;
  scene.bodies.push_back(MakeStand(height_m));
  scene.bodies.push_back(MakePlank(height_m, length_m));
  scene.bodies.insert(scene.bodies.end(), riders.begin(), riders.end());
  Joint axle;
  axle.name = "axle";
  axle.kind = JointKind::kHinge;
  axle.body_a = "plank";
  axle.anchor_m = {0, 0, height_m};
  scene.joints.push_back(axle);
  const double torque_nm = BalanceOf(scene).torque_nm;
  Caption(scene, riders, std::abs(torque_nm) < 1e-9 ? 0.0 : torque_nm);
  return scene;
}

std::vector<LawCheck> CheckSeesaw(const Scene& scene, const Motion& motion) {
  const Balance balance = BalanceOf(scene);
  const int plank = FindBody(scene, "plank");
  const auto angle_rad = [&](int k) {
    const Eigen::Vector3d along =
        motion.states[k][plank].world_from_body.rotation * Eigen::Vector3d::UnitX();
    return std::atan2(-along.z(), along.x());  // positive: the right side is down
  };
  std::vector<LawCheck> checks = {
      Compare("gap in the axle", "m", {0, LargestJointGap_m(scene, motion), 0.001}),
      Compare("rise of the total energy", "J", {0, LargestEnergyRise_j(scene, motion), 0.02})};
  if (std::abs(balance.torque_nm) < 1e-9) {
    checks.push_back(Compare(
        "turn of the level plank", "rad", {0, LargestDrift(motion, plank).turned_rad, 1e-3}));
    return checks;
  }
  const double side = balance.torque_nm > 0 ? 1 : -1;
  const TurnLaw law = [&](double angle) {
    return (std::abs(balance.torque_nm) * std::cos(angle) + balance.above_nm * std::sin(angle)) /
           balance.inertia_kgm2;
  };
  const Crossing tipped =
      FirstCrossing(motion, 0, [&](int k) { return side * angle_rad(k) - kTipped_rad; });
  const double expected_s = TimeToTurn_s(law, 0.0, kTipped_rad);
  checks.push_back(Compare("time until it has tipped to the heavy side by 0.08 rad",
                           "s",
                           {expected_s, tipped.time_s, 0.01 * expected_s}));
  return checks;
}

}  // namespace plumb
