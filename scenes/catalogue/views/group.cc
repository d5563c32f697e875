// SPDX-License-Identifier: Apache-2.0
// The scenarios of the group "views": a camera in a room.
#include "scenes/catalogue/internal_scenarios.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {

std::vector<ScenarioEntry> ViewsScenarios() {
  return {
      {{"orbit_room",
        "views",
        "The camera moves on an arc through a furnished room in which nothing moves.",
        "stillness; every point reprojects through the cameras"},
       MakeOrbitRoom,
       CheckStillness,
       nullptr},
  };
}

}  // namespace plumb
