// SPDX-License-Identifier: Apache-2.0
// The scenarios of the group "permanence": hidden, out of view, and back.
#include "scenes/catalogue/internal_scenarios.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {

std::vector<ScenarioEntry> PermanenceScenarios() {
  return {
      {{"occluder_pass",
        "permanence",
        "A ball rolls behind an occluder while another object stands by; the camera stands still.",
        "constant speed; visible, hidden, visible again at the times that lines of sight give"},
       MakeOccluderPass,
       CheckRoll,
       CheckOcclusion},
  };
}

}  // namespace plumb
