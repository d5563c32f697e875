// SPDX-License-Identifier: Apache-2.0
// One Bullet world with the settings that make it a trustworthy truth. Internal to the scenes room.
#pragma once

#include <memory>
#include <vector>

#include "core/scene.h"
#include "core/truth.h"
#include "scenes/simulate.h"

namespace plumb {

// How long the solver tries in each step: as long as a truth needs, or until velocities change by
// less than what the rollouts of an ensemble differ in. Nor are a rollout's steps divided where
// something strikes.
enum class SolverEffort { kTruth, kRollout };

class BulletWorld {
 public:
  BulletWorld(const Scene& scene, double rate_hz, SolverEffort effort = SolverEffort::kTruth);
  ~BulletWorld();
  BulletWorld(const BulletWorld&) = delete;
  BulletWorld& operator=(const BulletWorld&) = delete;

  void Apply(const Intervention& change);
  // Advances by one step (the step'th, from 0), the scene's events due at its start first, and
  // returns the touches that began in it, by (body_a, body_b).
  std::vector<ContactEvent> Step(int step);
  // Every pair that pushed in the last step.
  std::vector<StepContact> Contacts() const;
  std::vector<BodyState> States() const;
  // Of the bodies that forces move; zero for others and for those that are gone.
  std::vector<BodyEnergy> Energies() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace plumb
