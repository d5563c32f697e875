// SPDX-License-Identifier: Apache-2.0
// Joints against closed forms: pendulum, gyroscope, slider, weld, chain.
#include <cmath>
#include <numbers>

#include <gmock/gmock.h>

#include "core/mass_properties.h"
#include "scenes/simulate.h"

namespace plumb {
namespace {

using Eigen::Vector3d;

constexpr double kGravity_mps2 = 9.81;
constexpr double kLargestGap_m = 1e-5;  // a hundredth of what is promised

Body Bob(const std::string& name, const Vector3d& place_m) {
  Body body;
  body.name = name;
  body.shape = {ShapeKind::kSphere, {0.2, 0.2, 0.2}};
  body.world_from_body.translation = place_m;
  return body;
}

Joint Link(const std::string& a, const std::string& b, const Vector3d& anchor_m) {
  Joint joint;
  joint.name = a + " link";
  joint.body_a = a;
  joint.body_b = b;
  joint.anchor_m = anchor_m;
  return joint;
}

Scene SceneOf(std::vector<Body> bodies, std::vector<Joint> joints) {
  Scene scene;
  scene.id = "joints-1";
  scene.bodies = std::move(bodies);
  scene.joints = std::move(joints);
  return scene;
}

double TotalEnergy(const std::vector<BodyEnergy>& energies) {
  double sum = 0;
  for (const BodyEnergy& energy : energies) sum += energy.kinetic_j + energy.potential_j;
  return sum;
}

double WorstEnergyChange(const Motion& motion) {
  double worst = 0;
  for (const auto& energies : motion.energies) {
    worst = std::max(worst, std::abs(TotalEnergy(energies) - TotalEnergy(motion.energies[0])));
  }
  return worst;
}

// The farthest that two points, fixed in two bodies (-1: the world), come apart.
double WorstGap(const Motion& motion, const Joint& joint, int a, int b) {
  const auto local = [&](int body) {
    return body < 0 ? joint.anchor_m
                    : Vector3d(Inverse(motion.states[0][body].world_from_body) * joint.anchor_m);
  };
  const Vector3d in_a = local(a);
  const Vector3d in_b = local(b);
  double worst = 0;
  for (const auto& states : motion.states) {
    const Vector3d at_b = b < 0 ? in_b : Vector3d(states[b].world_from_body * in_b);
    worst = std::max(worst, (states[a].world_from_body * in_a - at_b).norm());
  }
  return worst;
}

// Times at which the coordinate x rises through zero.
std::vector<double> Crossings(const Motion& motion) {
  std::vector<double> times_s;
  for (size_t k = 1; k < motion.states.size(); ++k) {
    const double before = motion.states[k - 1][0].world_from_body.translation.x();
    const double after = motion.states[k][0].world_from_body.translation.x();
    if (before < 0 && after >= 0) {
      times_s.push_back((k - 1 + before / (before - after)) / motion.rate_hz);
    }
  }
  return times_s;
}

// T = 4 √(I / m g l) K(sin(θ/2)); K by the arithmetic-geometric mean.
double PendulumPeriod(double amplitude_rad, double length_m, double inertia_m2) {
  double a = 1;
  double b = std::cos(amplitude_rad / 2);
  while (std::abs(a - b) > 1e-15) {
    const double mean = (a + b) / 2;
    b = std::sqrt(a * b);
    a = mean;
  }
  return 4 * std::sqrt(inertia_m2 / (kGravity_mps2 * length_m)) * std::numbers::pi / (2 * a);
}

TEST(JointsTest, APendulumHasThePeriodOfTheEllipticIntegral) {
  for (const JointKind kind : {JointKind::kHinge, JointKind::kBall}) {
    for (const double amplitude_rad : {0.2, 1.0, 2.0}) {
      const Vector3d place(std::sin(amplitude_rad), 0, -std::cos(amplitude_rad));
      Scene scene = SceneOf({Bob("bob", place)}, {Link("bob", "", Vector3d::Zero())});
      scene.joints[0].kind = kind;
      const Motion motion = Simulate(scene, {.duration_s = 6});
      const std::vector<double> times_s = Crossings(motion);
      ASSERT_GE(times_s.size(), 2u);
      const double period_s = (times_s.back() - times_s.front()) / (times_s.size() - 1);
      const double expected_s = PendulumPeriod(amplitude_rad, 1, 1 + 0.1 * 0.2 * 0.2);
      EXPECT_NEAR(period_s / expected_s, 1, 1e-5) << amplitude_rad;
      EXPECT_LT(WorstGap(motion, scene.joints[0], 0, -1), kLargestGap_m);
      EXPECT_LT(WorstEnergyChange(motion), 0.01);
    }
  }
}

TEST(JointsTest, ADoublePendulumKeepsItsEnergy) {
  Scene scene = SceneOf({Bob("first", {1, 0, 3}), Bob("second", {1.7, 0, 3.3})},
                        {Link("first", "", {0, 0, 3}), Link("second", "first", {1, 0, 3})});
  scene.joints[0].kind = scene.joints[1].kind = JointKind::kHinge;
  const Motion motion = Simulate(scene, {.duration_s = 4});
  EXPECT_LT(WorstEnergyChange(motion), 0.02);  // of 40 J that go to and fro
  EXPECT_LT(WorstGap(motion, scene.joints[0], 0, -1), kLargestGap_m);
  EXPECT_LT(WorstGap(motion, scene.joints[1], 1, 0), kLargestGap_m);
}

TEST(JointsTest, AChainHoldsAWeightTwentyTimesItsLinks) {
  Scene scene = SceneOf({}, {});
  const int count = 12;
  for (int i = 0; i <= count; ++i) {
    const std::string name = "link " + std::to_string(i);
    Body body = Bob(name, {0.1 + 0.2 * i, 0, 4});
    if (i < count) {
      body.mass_kg = 0.1;
      body.shape = {ShapeKind::kCapsule, {0.05, 0.05, 0.2}};
      body.world_from_body.rotation = Eigen::AngleAxisd(std::numbers::pi / 2, Vector3d::UnitY());
    } else {
      body.mass_kg = 2;
    }
    const std::string above = i > 0 ? scene.bodies[i - 1].name : "";
    scene.bodies.push_back(body);
    scene.joints.push_back(Link(name, above, {0.2 * i, 0, 4}));
  }
  const Motion motion = Simulate(scene, {.duration_s = 1});
  for (int i = 0; i <= count; ++i) {
    EXPECT_LT(WorstGap(motion, scene.joints[i], i, i - 1), kLargestGap_m) << i;
  }
  EXPECT_LT(WorstEnergyChange(motion), 0.02);
}

TEST(JointsTest, AGyroscopePrecessesAtTheTorqueOverItsSpin) {
  const double arm_m = 0.15;
  for (const double spin_radps : {60.0, 150.0}) {
    Body top = Bob("top", {arm_m, 0, 2});
    top.shape = {ShapeKind::kCylinder, {0.3, 0.3, 0.04}};
    top.world_from_body.rotation = Eigen::AngleAxisd(std::numbers::pi / 2, Vector3d::UnitY());
    const double inertia = MassPropertiesOf(top.shape).inertia_m2(2, 2);
    const double expected_radps = kGravity_mps2 * arm_m / (inertia * spin_radps);
    top.angular_velocity_radps = {spin_radps, 0, expected_radps};
    top.velocity_mps = {0, expected_radps * arm_m, 0};
    const Scene scene = SceneOf({top}, {Link("top", "", {0, 0, 2})});
    const Motion motion = Simulate(scene, {.duration_s = 1.2});
    const Vector3d end = motion.states.back()[0].world_from_body.translation;
    EXPECT_NEAR(std::atan2(end.y(), end.x()) / 1.2 / expected_radps, 1, 1e-3) << spin_radps;
    EXPECT_NEAR(end.z(), 2, 1e-4);  // it does not fall
    EXPECT_LT(WorstGap(motion, scene.joints[0], 0, -1), kLargestGap_m);
  }
}

TEST(JointsTest, ASliderFallsAlongItsRailOnly) {
  Body car = Bob("car", {0, 0, 2});
  car.shape = {ShapeKind::kBox, {0.2, 0.3, 0.1}};
  Scene scene = SceneOf({car}, {Link("car", "", {0.3, 0.2, 2})});
  scene.joints[0].kind = JointKind::kSlider;
  scene.joints[0].axis = {1, 0, -1};
  const BodyState end = Simulate(scene, {.duration_s = 1}).states.back()[0];
  const Vector3d rail = Vector3d(1, 0, -1).normalized();
  const Vector3d way = end.world_from_body.translation - car.world_from_body.translation;
  EXPECT_NEAR(end.velocity_mps.dot(rail), kGravity_mps2 * std::sqrt(0.5), 1e-6);
  EXPECT_NEAR(way.dot(rail), kGravity_mps2 * std::sqrt(0.5) / 2, 1e-3);
  EXPECT_LT(way.cross(rail).norm(), kLargestGap_m);
  EXPECT_LT(end.world_from_body.rotation.vec().norm(), 1e-9);
}

TEST(JointsTest, WeldedBodiesMoveAsOne) {
  const Vector3d turn(1, 3, 2);
  Body first = Bob("first", {0, 0, 2});
  first.shape = {ShapeKind::kBox, {0.2, 0.3, 0.1}};
  first.angular_velocity_radps = turn;
  Body second = Bob("second", {0.5, 0, 2});
  second.angular_velocity_radps = turn;
  second.velocity_mps = turn.cross(Vector3d(0.5, 0, 0));
  Scene scene = SceneOf({first, second}, {Link("first", "second", {0.2, 0, 2})});
  scene.joints[0].kind = JointKind::kWeld;
  scene.gravity_mps2.setZero();
  const Motion motion = Simulate(scene, {.duration_s = 3});
  const Rigid3 apart =
      Inverse(motion.states.back()[0].world_from_body) * motion.states.back()[1].world_from_body;
  EXPECT_LT((apart.translation - Vector3d(0.5, 0, 0)).norm(), kLargestGap_m);
  EXPECT_LT(apart.rotation.vec().norm(), 1e-5);
  EXPECT_NEAR(TotalEnergy(motion.energies.back()) / TotalEnergy(motion.energies[0]), 1, 1e-3);
}

TEST(JointsTest, JoinedBodiesMeetOnlyWhenAsked) {
  // A bob hangs by a joint inside a block that stands where the bob swings.
  for (const bool collide : {false, true}) {
    Body block = Bob("block", {0, 0, -1});
    block.shape = {ShapeKind::kBox, {0.3, 0.3, 0.3}};
    block.fixed = true;
    Scene scene = SceneOf({Bob("bob", {1, 0, 0}), block}, {Link("bob", "block", Vector3d::Zero())});
    scene.joints[0].bodies_collide = collide;
    const Motion motion = Simulate(scene, {.duration_s = 1});
    EXPECT_EQ(motion.contacts.empty(), !collide);
    double farthest_m = 1;
    for (const auto& states : motion.states) {
      farthest_m = std::min(farthest_m, states[0].world_from_body.translation.x());
    }
    if (collide) {
      EXPECT_NEAR(farthest_m, 0.25, 0.02);
    } else {
      EXPECT_LT(farthest_m, -0.5);
    }
  }
}

}  // namespace
}  // namespace plumb
