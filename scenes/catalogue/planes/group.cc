// SPDX-License-Identifier: Apache-2.0
// The scenarios of the group "planes": on ramps and floors, against friction.
#include "scenes/catalogue/planes/internal_planes.h"

namespace plumb {

std::vector<ScenarioEntry> PlanesScenarios() {
  return {InclineSlideScenario(),
          InclineHoldScenario(),
          InclineRollScenario(),
          USlopeScenario(),
          SlideStopScenario(),
          RampLaunchScenario()};
}

}  // namespace plumb
