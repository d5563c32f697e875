// SPDX-License-Identifier: Apache-2.0
// The scenarios of the group "gravity", one function each. Internal to the scenes room.
#pragma once

#include "scenes/catalogue/internal_scenarios.h"

namespace plumb {

ScenarioEntry DropScenario();
ScenarioEntry FreeFallPairScenario();
ScenarioEntry BounceScenario();
ScenarioEntry ProjectileScenario();
ScenarioEntry DropIntoClusterScenario();
ScenarioEntry WeightOnStackScenario();

}  // namespace plumb
