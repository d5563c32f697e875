// SPDX-License-Identifier: Apache-2.0
// The scenarios of the group "gravity", one function each. Internal to the scenes room.
#pragma once

#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_scenarios.h"

namespace plumb {

// A camera that sees what hangs up to two metres above the floor.
StageLayout FallStage(Random& random);
// Any heading, leaning by up to `largest_tilt_rad`.
Eigen::Quaterniond TiltedPose(Random& random, double largest_tilt_rad);

ScenarioEntry DropScenario();
ScenarioEntry FreeFallPairScenario();
ScenarioEntry BounceScenario();
ScenarioEntry ProjectileScenario();
ScenarioEntry DropIntoClusterScenario();
ScenarioEntry WeightOnStackScenario();

}  // namespace plumb
