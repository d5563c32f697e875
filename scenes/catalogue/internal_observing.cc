// SPDX-License-Identifier: Apache-2.0
#include "scenes/catalogue/internal_observing.h"

#include <algorithm>
#include <cmath>

#include "core/check.h"
#include "core/mass_properties.h"

namespace plumb {

double LastTime_s(const Motion& motion) { return (motion.states.size() - 1) / motion.rate_hz; }

int StepNear(const Motion& motion, double time_s) {
  const int last = static_cast<int>(motion.states.size()) - 1;
  return std::clamp(static_cast<int>(std::lround(time_s * motion.rate_hz)), 0, last);
}

std::vector<int> BodiesWithRole(const Scene& scene, Role role) {
  std::vector<int> bodies;
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    if (scene.bodies[i].role == role) bodies.push_back(static_cast<int>(i));
  }
  return bodies;
}

Drift LargestDrift(const Motion& motion, int body) {
  const Rigid3& start = motion.states.front()[body].world_from_body;
  Drift drift;
  for (const auto& states : motion.states) {
    const Rigid3& pose = states[body].world_from_body;
    drift.moved_m = std::max(drift.moved_m, (pose.translation - start.translation).norm());
    drift.turned_rad = std::max(drift.turned_rad, pose.rotation.angularDistance(start.rotation));
  }
  return drift;
}

Eigen::Vector3d CentreOfMass(const Body& body, const BodyState& state) {
  return state.world_from_body * MassPropertiesOf(body.shape).centre_m;
}

Eigen::Vector3d CentreVelocity(const Body& body, const BodyState& state) {
  const Eigen::Vector3d offset =
      state.world_from_body.rotation * MassPropertiesOf(body.shape).centre_m;
  return state.velocity_mps + state.angular_velocity_radps.cross(offset);
}

Eigen::Vector3d SpinMomentum(const Body& body, const BodyState& state) {
  const Eigen::Matrix3d turn = state.world_from_body.rotation.toRotationMatrix();
  return body.mass_kg * (turn * MassPropertiesOf(body.shape).inertia_m2 *
                         (turn.transpose() * state.angular_velocity_radps));
}

double KineticEnergyOf_j(const Body& body, const BodyState& state) {
  return 0.5 * body.mass_kg * CentreVelocity(body, state).squaredNorm() +
         0.5 * SpinMomentum(body, state).dot(state.angular_velocity_radps);
}

double KineticEnergy_j(const Scene& scene, const Motion& motion, int step) {
  double sum = 0;
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    if (scene.bodies[i].fixed) continue;
    sum += KineticEnergyOf_j(scene.bodies[i], motion.states[step][i]);
  }
  return sum;
}

double EnergyOf_j(const Scene& scene, const BodyState& state, int body) {
  const Body& thing = scene.bodies[body];
  return KineticEnergyOf_j(thing, state) -
         thing.mass_kg * scene.gravity_mps2.dot(CentreOfMass(thing, state));
}

double TotalEnergy_j(const Scene& scene, const Motion& motion, int step) {
  double sum = 0;
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    if (scene.bodies[i].fixed) continue;
    sum += EnergyOf_j(scene, motion.states[step][i], static_cast<int>(i));
  }
  return sum;
}

double LargestEnergyRise_j(const Scene& scene, const Motion& motion) {
  const double start_j = TotalEnergy_j(scene, motion, 0);
  double rise_j = 0;
  for (size_t k = 0; k < motion.states.size(); k += 8) {
    rise_j = std::max(rise_j, TotalEnergy_j(scene, motion, static_cast<int>(k)) - start_j);
  }
  return rise_j;
}

double LargestJointGap_m(const Scene& scene, const Motion& motion) {
  double gap_m = 0;
  for (const Joint& joint : scene.joints) {
    const int a = FindBody(scene, joint.body_a);
    const int b = joint.body_b.empty() ? -1 : FindBody(scene, joint.body_b);
    PLUMB_CHECK(a >= 0, "joint '{}' names no body", joint.name);
    const Eigen::Vector3d x_in_a = Inverse(scene.bodies[a].world_from_body) * joint.anchor_m;
    const Eigen::Vector3d x_in_b =
        b < 0 ? joint.anchor_m : Inverse(scene.bodies[b].world_from_body) * joint.anchor_m;
    for (const auto& states : motion.states) {
      const Eigen::Vector3d on_a = states[a].world_from_body * x_in_a;
      const Eigen::Vector3d on_b = b < 0 ? x_in_b : states[b].world_from_body * x_in_b;
      gap_m = std::max(gap_m, (on_a - on_b).norm());
    }
  }
  return gap_m;
}

}  // namespace plumb
