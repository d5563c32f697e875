// SPDX-License-Identifier: Apache-2.0
// A ball on a rod that hangs from a beam by a hinge.
#include <algorithm>
#include <cmath>

#include "core/check.h"
#include "core/mass_properties.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_observing.h"
#include "scenes/catalogue/internal_swing.h"
#include "scenes/catalogue/joints/internal_frame.h"
#include "scenes/catalogue/joints/internal_joints.h"
#include "scenes/catalogue/joints/internal_on_rod.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {
namespace {

constexpr double kRod_m = 0.03;

// A ball at the origin of the body and a rod up to the pivot, a bit lighter than the ball.
Body MakeBob(Random& random, const NamedColour& colour, double length_m) {
  const double diameter_m = random.Uniform(0.26, 0.34);
  Body bob =
      MakeObject(random, {ShapeKind::kSphere, Eigen::Vector3d::Constant(diameter_m), colour});
  return OnRod(bob, Rigid3(), {kRod_m, length_m});
}

}  // namespace

Scene MakePendulum(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.5, 2.4);
  stage.eye_m = {0, -4.9, 1.4};
  stage.target_m = {0, 0, 0.95};
  Scene scene = MakeStage(random, stage);
  const NamedColour colour = PickColours(random, 1).front();
  const double length_m = random.Uniform(0.7, 1.0);
  const Eigen::Vector3d pivot(random.Uniform(-0.15, 0.15), 0, random.Uniform(1.5, 1.6));
  AddFrame(scene, pivot);
  AddBracket(scene, pivot);
  Body bob = MakeBob(random, colour, length_m);
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  const double amplitude_rad = random.Uniform(0.35, 1.0);
  // Turned about -y by a positive angle the ball hangs out to the right.
  const Eigen::Quaterniond turn(Eigen::AngleAxisd(-side * amplitude_rad, Eigen::Vector3d::UnitY()));
  bob.world_from_body = Rigid3(turn, pivot - turn * Eigen::Vector3d(0, 0, length_m));
  const std::string where = side > 0 ? "right" : "left";
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {"a pendulum hangs from a wooden frame: " + Describe(bob) +
                        " on a rod, held out to the " + where + " and let go",
                    Describe(bob) + " on a thin rod is drawn aside to the " + where +
                        " under a wooden beam and released",
                    "a rod with " + Describe(bob) + " at its lower end turns about a hinge on a " +
                        "wooden frame, starting from the " + where};
  words.outcome = DescribeThe(bob) + " swings to and fro, with the same period each time";
  Tell(scene, words);
  scene.bodies.push_back(bob);
  Joint hinge;
  hinge.name = "hinge";
  hinge.kind = JointKind::kHinge;
  hinge.body_a = bob.name;
  hinge.anchor_m = pivot;
  scene.joints.push_back(hinge);
  scene.duration_s = 4.0;
  return scene;
}

std::vector<LawCheck> CheckPendulum(const Scene& scene, const Motion& motion) {
  PLUMB_CHECK(scene.joints.size() == 1, "{} joints", scene.joints.size());
  const Eigen::Vector3d pivot = scene.joints[0].anchor_m;
  const int bob = FindBody(scene, scene.joints[0].body_a);
  const Body& body = scene.bodies[bob];
  const MassProperties mass = MassPropertiesOf(body.shape);
  const Eigen::Vector3d arm = body.world_from_body * mass.centre_m - pivot;
  const double inertia_m2 = mass.inertia_m2(1, 1) + arm.squaredNorm();
  const double rate = std::sqrt(scene.gravity_mps2.norm() * arm.norm() / inertia_m2);
  const double amplitude_rad = std::acos(std::clamp(-arm.z() / arm.norm(), -1.0, 1.0));
  const auto lean_m = [&](int k) {
    return motion.states[k][bob].world_from_body.translation.x() - pivot.x();
  };
  const Crossing first = FirstCrossing(motion, 0, lean_m);
  const Crossing second = FirstCrossing(motion, std::max(0, first.step), lean_m);
  const double expected_s = PendulumPeriod_s(rate, amplitude_rad);
  return {Compare("period by two passages of the lowest point",
                  "s",
                  {expected_s, 2 * (second.time_s - first.time_s), 0.001 * expected_s}),
          Compare("gap in the hinge", "m", {0, LargestJointGap_m(scene, motion), 0.001}),
          Compare("rise of the total energy, share of the swing's",
                  "share",
                  {0,
                   LargestEnergyRise_j(scene, motion) /
                       (body.mass_kg * scene.gravity_mps2.norm() * (arm.norm() + arm.z())),
                   0.005})};
}

}  // namespace plumb
