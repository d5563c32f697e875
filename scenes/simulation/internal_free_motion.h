// SPDX-License-Identifier: Apache-2.0
// What Bullet's steps leave inexact where nothing strikes. Internal to the scenes room.
#pragma once

#include <memory>
#include <vector>

#include "scenes/simulation/internal_rigid_body.h"
#include "scenes/simulation/internal_touches.h"

namespace plumb {

// After a step of `step_s` from where bodies were `before`.
void AlignPoses(const std::vector<std::unique_ptr<RigidBody>>& bodies,
                const std::vector<Kinematics>& before,
                double step_s);
void TurnFreeBodies(const std::vector<std::unique_ptr<RigidBody>>& bodies,
                    const std::vector<Kinematics>& before,
                    const Touches& touches,
                    double step_s);

}  // namespace plumb
