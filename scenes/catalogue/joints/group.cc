// SPDX-License-Identifier: Apache-2.0
// The scenarios of the group "joints": hinged, chained and spinning bodies.
#include "scenes/catalogue/internal_scenarios.h"
#include "scenes/catalogue/joints/internal_joints.h"

namespace plumb {

std::vector<ScenarioEntry> JointsScenarios() {
  return {
      {{"pendulum",
        "joints",
        "A ball on a rod swings from a frame; the camera stands still.",
        "period by the elliptic integral; hinge closed within 1 mm"},
       MakePendulum,
       CheckPendulum,
       nullptr},
      {{"spinning_box",
        "joints",
        "A weightless box spins about its middle axis; the camera stands still.",
        "angular momentum and energy in free flight"},
       MakeSpinningBox,
       CheckSpinningBox,
       nullptr},
  };
}

}  // namespace plumb
