// SPDX-License-Identifier: Apache-2.0
// The scenarios of the group "collisions": bodies that meet.
#include "scenes/catalogue/collisions/internal_collisions.h"

namespace plumb {

std::vector<ScenarioEntry> CollisionsScenarios() {
  return {CollideScenario(),
          ElasticCollisionScenario(),
          BallChainScenario(),
          RampCollisionScenario(),
          RollIntoBlocksScenario(),
          UniformMotionScenario()};
}

}  // namespace plumb
