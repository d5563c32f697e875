// SPDX-License-Identifier: Apache-2.0
// A spinning wheel whose axle rests with one end on a stand and goes round it.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/check.h"
#include "core/mass_properties.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_matter.h"
#include "scenes/catalogue/internal_observing.h"
#include "scenes/catalogue/joints/internal_frame.h"
#include "scenes/catalogue/joints/internal_joints.h"
#include "scenes/catalogue/joints/internal_on_rod.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {
namespace {

// What turns a symmetric top about a fixed point: moments of inertia for one kilogram.
struct Top {
  double spin_m2 = 0.0;    // about its axis
  double across_m2 = 0.0;  // across it, about the fixed point
  double arm_m = 0.0;      // from there to the centre of mass
};

Top TopOf(const Body& body, const Eigen::Vector3d& pivot) {
  const MassProperties mass = MassPropertiesOf(body.shape);
  const double arm_m = (body.world_from_body * mass.centre_m - pivot).norm();
  return {mass.inertia_m2(2, 2), mass.inertia_m2(0, 0) + arm_m * arm_m, arm_m};
}

// The slower of the two rates Ω of steady precession with the axis at the angle θ from the vertical
// and the spin ω₃ along the axis: I₁ Ω² cos θ − I₃ ω₃ Ω + g r = 0 (Goldstein, Classical Mechanics,
// section 5.7). Negative under the root: no steady precession.
double PrecessionRate_radps(const Top& top, double spin_radps, double cosine, double gravity_mps2) {
  const double momentum = top.spin_m2 * spin_radps;
  const double torque = gravity_mps2 * top.arm_m;
  const double root = momentum * momentum - 4 * top.across_m2 * cosine * torque;
  PLUMB_CHECK(root > 0, "too slow to precess steadily");
  return 2 * torque / (momentum + std::copysign(std::sqrt(root), momentum));
}

// The axle's lower end is at the origin of the body, its axis along z.
Body MakeWheel(Random& random, const NamedColour& colour, double arm_m) {
  const double diameter_m = random.Uniform(0.5, 0.6);
  Body body = MakeObject(random, {ShapeKind::kCylinder, {diameter_m, diameter_m, 0.07}, colour});
  body.name = colour.name + " wheel";
  // A pattern shows the turn.
  if (body.material.pattern == Pattern::kPlain) body.material.pattern = Pattern::kChecker;
  return OnRod(body, Rigid3(Eigen::Quaterniond::Identity(), {0, 0, arm_m}), {0.03, arm_m + 0.1});
}

// A post from the floor to the pivot, and the round foot that it stands in.
void AddStand(Scene& scene, const Eigen::Vector3d& pivot) {
  constexpr double kFootHeight_m = 0.06;
  const Eigen::Vector3d middle(pivot.x(), pivot.y(), 0);
  Body stand = FixedBox("stand", middle, {0.07, 0.07, pivot.z()}, BareWood());
  Body foot = FixedBox("foot", middle, {0.46, 0.46, kFootHeight_m}, BareWood());
  for (Body* body : {&stand, &foot}) {
    body->shape.kind = ShapeKind::kCylinder;
    body->world_from_body.translation.z() = body->shape.size_m.z() / 2;
    scene.bodies.push_back(*body);
  }
}

double Azimuth(const Scene& scene, const BodyState& state, int wheel) {
  const Eigen::Vector3d arm =
      CentreOfMass(scene.bodies[wheel], state) - scene.joints.front().anchor_m;
  return std::atan2(arm.y(), arm.x());
}

}  // namespace

Scene MakeGyroscope(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.5, 2.4);
  stage.eye_m = {0, -3.7, 1.6};
  stage.target_m = {0, 0, 0.85};
  Scene scene = MakeStage(random, stage);
  const NamedColour colour = PickColours(random, 1).front();
  const Eigen::Vector3d pivot(random.Uniform(-0.1, 0.1), 0, random.Uniform(0.95, 1.1));
  const double arm_m = random.Uniform(0.3, 0.36);
  Body wheel = MakeWheel(random, colour, arm_m);
  const double lean_rad = random.Uniform(1.1, 1.5);
  const double heading_rad = random.Uniform(-std::numbers::pi, std::numbers::pi);
  wheel.world_from_body =
      Rigid3(Eigen::AngleAxisd(heading_rad, Eigen::Vector3d::UnitZ()) *
                 Eigen::Quaterniond(Eigen::AngleAxisd(lean_rad, Eigen::Vector3d::UnitY())),
             pivot);
  const Eigen::Vector3d axis = wheel.world_from_body.rotation * Eigen::Vector3d::UnitZ();
  const double spin_radps = random.Uniform(36.0, 50.0) * (random.Uniform() < 0.5 ? -1 : 1);
  const double rate_radps =
      PrecessionRate_radps(TopOf(wheel, pivot), spin_radps, axis.z(), scene.gravity_mps2.norm());
  wheel.angular_velocity_radps =
      rate_radps * Eigen::Vector3d::UnitZ() + (spin_radps - rate_radps * axis.z()) * axis;
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {
      "the axle of " + Describe(wheel) +
          " rests with one end on a wooden stand, its other end free, while the wheel spins fast",
      Describe(wheel) + " spins on an axle that leans out from the top of a wooden post",
      "a gyroscope, " + Describe(wheel) +
          " on a thin axle, spins with one end of the axle on a post"};
  words.outcome = "the axle goes round the stand without sinking";
  Tell(scene, words);
  AddStand(scene, pivot);
  scene.bodies.push_back(wheel);
  Joint bearing;
  bearing.name = "bearing";
  bearing.body_a = wheel.name;
  bearing.body_b = "stand";
  bearing.anchor_m = pivot;
  scene.joints.push_back(bearing);
  scene.duration_s = 4.0;
  return scene;
}

std::vector<LawCheck> CheckGyroscope(const Scene& scene, const Motion& motion) {
  PLUMB_CHECK(scene.joints.size() == 1, "{} joints", scene.joints.size());
  const Eigen::Vector3d pivot = scene.joints[0].anchor_m;
  const int wheel = FindBody(scene, scene.joints[0].body_a);
  const Body& body = scene.bodies[wheel];
  const Top top = TopOf(body, pivot);
  const Eigen::Vector3d axis = body.world_from_body.rotation * Eigen::Vector3d::UnitZ();
  const double expected_radps = PrecessionRate_radps(
      top, body.angular_velocity_radps.dot(axis), axis.z(), scene.gravity_mps2.norm());
  double turned_rad = 0, nodding_m = 0;
  for (size_t k = 1; k < motion.states.size(); ++k) {
    turned_rad += std::remainder(Azimuth(scene, motion.states[k][wheel], wheel) -
                                     Azimuth(scene, motion.states[k - 1][wheel], wheel),
                                 2 * std::numbers::pi);
    const double height_m = CentreOfMass(body, motion.states[k][wheel]).z() - pivot.z();
    nodding_m = std::max(nodding_m, std::abs(height_m - top.arm_m * axis.z()));
  }
  return {
      Compare("rate of precession",
              "rad/s",
              {expected_radps, turned_rad / LastTime_s(motion), 0.01 * std::abs(expected_radps)}),
      Compare("rise or fall of the wheel", "m", {0, nodding_m, 0.001}),
      Compare("gap in the bearing", "m", {0, LargestJointGap_m(scene, motion), 0.001}),
      Compare("rise of the total energy, share of the spin's",
              "share",
              {0, LargestEnergyRise_j(scene, motion) / KineticEnergy_j(scene, motion, 0), 0.001})};
}

}  // namespace plumb
