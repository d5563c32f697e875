// SPDX-License-Identifier: Apache-2.0
// A box with three different edges spins in weightlessness about its middle axis, which tumbles.
#include <algorithm>
#include <cmath>

#include "core/check.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_observing.h"
#include "scenes/catalogue/joints/internal_joints.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {

Scene MakeSpinningBox(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.5, 2.4);
  stage.eye_m = {0, -4.6, 1.5};
  stage.target_m = {0, 0, 1.05};
  Scene scene = MakeStage(random, stage);
  scene.gravity_mps2.setZero();
  const NamedColour colour = PickColours(random, 1).front();
  // Longest edge x (least inertia), shortest y (largest inertia), the middle one up.
  const Eigen::Vector3d size{
      random.Uniform(0.7, 0.85), random.Uniform(0.12, 0.18), random.Uniform(0.4, 0.5)};
  Body box = MakeObject(random, {ShapeKind::kBox, size, colour});
  if (box.material.pattern == Pattern::kPlain) box.material.pattern = Pattern::kChecker;
  box.world_from_body.rotation =
      Eigen::AngleAxisd(random.Uniform(-0.3, 0.3), Eigen::Vector3d::UnitY()) *
      Eigen::Quaterniond(Eigen::AngleAxisd(random.Uniform(-0.3, 0.3), Eigen::Vector3d::UnitX()));
  box.world_from_body.translation = {random.Uniform(-0.2, 0.2), 0, random.Uniform(1.0, 1.15)};
  const double spin_radps = random.Uniform(6.0, 9.0) * (random.Uniform() < 0.5 ? -1 : 1);
  const double stray_radps = random.Uniform(0.02, 0.06) * std::abs(spin_radps);
  box.angular_velocity_radps =
      box.world_from_body.rotation * Eigen::Vector3d(stray_radps, stray_radps / 2, spin_radps);
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {"without gravity " + Describe(box) +
                        " floats in the air and spins about its middle axis, set a little askew",
                    Describe(box) +
                        " with three different edges turns weightless in the air, about the axis "
                        "that is neither the longest nor the shortest",
                    "in weightlessness " + Describe(box) +
                        " has been set spinning about its middle"
                        " axis"};
  words.outcome = DescribeThe(box) + " turns over again and again while it spins in its place";
  Tell(scene, words);
  scene.bodies.push_back(box);
  scene.duration_s = 5.0;
  return scene;
}

std::vector<LawCheck> CheckSpinningBox(const Scene& scene, const Motion& motion) {
  const int box = BodiesWithRole(scene, Role::kObject).front();
  const Body& body = scene.bodies[box];
  const Eigen::Vector3d start = SpinMomentum(body, motion.states[0][box]);
  const double start_j = KineticEnergy_j(scene, motion, 0);
  double momentum_share = 0, energy_share = 0, least = 1;
  for (size_t k = 0; k < motion.states.size(); k += 4) {
    const BodyState& state = motion.states[k][box];
    momentum_share =
        std::max(momentum_share, (SpinMomentum(body, state) - start).norm() / start.norm());
    energy_share = std::max(
        energy_share, std::abs(KineticEnergy_j(scene, motion, static_cast<int>(k)) / start_j - 1));
    const Eigen::Vector3d middle = state.world_from_body.rotation * Eigen::Vector3d::UnitZ();
    least = std::min(least, std::abs(middle.dot(start.normalized())));
  }
  std::vector<LawCheck> checks = {
      Compare("change of the angular momentum", "share", {0, momentum_share, 1e-3}),
      Compare("change of the kinetic energy", "share", {0, energy_share, 1e-3}),
      Compare("way of the centre", "m", {0, LargestDrift(motion, box).moved_m, 1e-6})};
  // The middle axis leaves the momentum's direction: it stands across it at some time.
  if (LastTime_s(motion) > scene.duration_s - 1e-6) {
    checks.push_back(Compare("turns over", "count", {1.0, least < 0.2 ? 1.0 : 0.0, 0.0}));
  }
  return checks;
}

}  // namespace plumb
