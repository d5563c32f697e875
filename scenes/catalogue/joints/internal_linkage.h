// SPDX-License-Identifier: Apache-2.0
// A row of rigid links that hang from each other and swing in the plane y = const: the reference
// that double pendulum and chain are checked against. Internal to the scenes room.
#pragma once

#include <vector>

#include "core/scene.h"
#include "core/truth.h"
#include "scenes/checks.h"

namespace plumb {

// One link, seen along y. Its axis leads from its upper joint towards its lower one (the last
// link's: to its centre of mass), and its centre of mass lies on that axis.
struct Link {
  double mass_kg = 1.0;
  double inertia_kgm2 = 0.0;  // about its centre of mass and y
  double length_m = 1.0;      // from joint to joint
  double centre_m = 0.5;      // from the upper joint to the centre of mass
};

// Angles of the axes from straight down, positive towards +x, and their rates.
struct LinkageState {
  Eigen::VectorXd angles_rad;
  Eigen::VectorXd rates_radps;
};

// The bodies that the scene's joints hang on each other, each joint the next body on the one
// before.
std::vector<Link> LinksOf(const Scene& scene);
// Of the simulated bodies at one step.
LinkageState LinkageAt(const Scene& scene, const Motion& motion, int step);

// Lagrange's equations of the linkage, M(θ) θ″ + C(θ) θ′² + G(θ) = 0, by Runge and Kutta's rule of
// fourth order.
class Linkage {
 public:
  Linkage(std::vector<Link> links, double gravity_mps2);
  Eigen::VectorXd Accelerations(const LinkageState& state) const;
  LinkageState Advance(const LinkageState& state, double step_s) const;
  // Places of the centres of mass under the pivot, (x, z) by columns.
  Eigen::Matrix2Xd Centres_m(const Eigen::VectorXd& angles_rad) const;
  // Height energy above hanging straight down.
  double Swing_j(const Eigen::VectorXd& angles_rad) const;

 private:
  std::vector<Link> links_;
  Eigen::MatrixXd coupling_kgm2_;  // M(θ)ᵢⱼ = couplingᵢⱼ cos(θᵢ − θⱼ)
  Eigen::VectorXd weight_nm_;      // torque of gravity on axis i when it is level
};

// The farthest that a centre of mass is from where the equations lead, until `until_s`.
double LargestLinkageError_m(const Scene& scene, const Motion& motion, double until_s);

// Gaps and energy, as every scenario of links must keep them, and the way above.
std::vector<LawCheck> CheckLinkage(const Scene& scene, const Motion& motion, double until_s);

}  // namespace plumb
