// SPDX-License-Identifier: Apache-2.0
// The scenarios of the group "gravity": falling and resting on one another.
#include "scenes/catalogue/internal_scenarios.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {

std::vector<ScenarioEntry> GravityScenarios() {
  return {
      {{"drop",
        "gravity",
        "An object is let go above a floor; the camera stands still.",
        "fall time t = sqrt(2 h / g), position and speed of free fall"},
       MakeDrop,
       CheckDrop,
       nullptr},
      {{"bounce",
        "gravity",
        "A ball is let go above a floor and comes back; the camera stands still.",
        "ratio of speeds at each impact = restitution, intervals t(k+1) = e t(k)"},
       MakeBounce,
       CheckBounce,
       nullptr},
  };
}

}  // namespace plumb
