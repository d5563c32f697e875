// SPDX-License-Identifier: Apache-2.0
// The scenarios of the group "gravity": falling and resting on one another.
#include "scenes/catalogue/gravity/internal_gravity.h"

namespace plumb {

std::vector<ScenarioEntry> GravityScenarios() {
  return {DropScenario(),
          FreeFallPairScenario(),
          BounceScenario(),
          ProjectileScenario(),
          DropIntoClusterScenario(),
          WeightOnStackScenario()};
}

}  // namespace plumb
