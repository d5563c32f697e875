// SPDX-License-Identifier: Apache-2.0
// The scenarios of the group "planes": on ramps and floors, against friction.
#include "scenes/catalogue/internal_scenarios.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {

std::vector<ScenarioEntry> PlanesScenarios() {
  return {
      {{"incline_slide",
        "planes",
        "A block is let go on a ramp; the camera stands still.",
        "acceleration a = g (sin t - mu cos t)"},
       MakeInclineSlide,
       CheckInclineSlide,
       nullptr},
  };
}

}  // namespace plumb
