// SPDX-License-Identifier: Apache-2.0
// Motion: what a simulation says of a scene's bodies, step by step. World frame.
#pragma once

#include <vector>

#include "core/rigid3.h"

namespace plumb {

// One body at one physics step, in the world frame.
struct BodyState {
  Rigid3 world_from_body;
  Eigen::Vector3d velocity_mps = Eigen::Vector3d::Zero();
  Eigen::Vector3d angular_velocity_radps = Eigen::Vector3d::Zero();
};

// A pair of bodies begins to touch (one event per touch, not per step).
struct ContactEvent {
  double time_s = 0.0;
  int body_a = 0;  // index into Scene::bodies, a < b
  int body_b = 0;
  Eigen::Vector3d point_m = Eigen::Vector3d::Zero();
  Eigen::Vector3d normal = Eigen::Vector3d::Zero();  // on a, pointing away from b
  double impulse_ns = 0.0;                           // first step of the touch
  double approach_mps = 0.0;                         // closing speed along the normal before it
};

// A pair of bodies that pushed each other in one physics step.
struct StepContact {
  int step = 0;    // between states `step` and `step` + 1
  int body_a = 0;  // index into Scene::bodies, a < b
  int body_b = 0;
  Eigen::Vector3d point_m = Eigen::Vector3d::Zero();  // mean, weighted by impulse
  Eigen::Vector3d normal = Eigen::Vector3d::Zero();   // on a, pointing away from b
  double impulse_ns = 0.0;                            // along the normal
  double depth_m = 0.0;                               // deepest overlap
};

// Of a body that forces move; zero for fixed and guided ones.
struct BodyEnergy {
  double kinetic_j = 0.0;
  double potential_j = 0.0;  // 0 with the centre of mass at the world's origin
};

// The motion of all bodies. State k belongs to time k / rate_hz; state 0 is the scene as given.
struct Motion {
  double rate_hz = 960.0;
  std::vector<std::vector<BodyState>> states;  // [step][body]
  std::vector<ContactEvent> contacts;          // by time
  // What a simulation records beside; empty in a motion that was read from a file.
  std::vector<std::vector<BodyEnergy>> energies;  // [step][body], as states
  std::vector<StepContact> step_contacts;         // by step, then by bodies
};

}  // namespace plumb
