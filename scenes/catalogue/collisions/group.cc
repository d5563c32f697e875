// SPDX-License-Identifier: Apache-2.0
// The scenarios of the group "collisions": bodies that meet.
#include "scenes/catalogue/internal_scenarios.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {

std::vector<ScenarioEntry> CollisionsScenarios() {
  return {
      {{"collide",
        "collisions",
        "A rolling ball meets one at rest; the camera stands still.",
        "momentum before = after, separation speed = e times closing speed"},
       MakeCollide,
       CheckCollide,
       nullptr},
  };
}

}  // namespace plumb
