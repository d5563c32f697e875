// SPDX-License-Identifier: Apache-2.0
// The scenarios of the group "collisions", one function each. Internal to the scenes room.
#pragma once

#include "scenes/catalogue/internal_scenarios.h"

namespace plumb {

ScenarioEntry CollideScenario();
ScenarioEntry ElasticCollisionScenario();
ScenarioEntry BallChainScenario();
ScenarioEntry RampCollisionScenario();
ScenarioEntry RollIntoBlocksScenario();
ScenarioEntry UniformMotionScenario();

}  // namespace plumb
