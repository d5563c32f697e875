// SPDX-License-Identifier: Apache-2.0
// The scenarios of the group "planes", one function each. Internal to the scenes room.
#pragma once

#include "scenes/catalogue/internal_scenarios.h"

namespace plumb {

// Walls, floor and a camera that sees a ramp of usual length.
Scene RampStage(Random& random);

ScenarioEntry InclineSlideScenario();
ScenarioEntry InclineHoldScenario();
ScenarioEntry InclineRollScenario();
ScenarioEntry USlopeScenario();
ScenarioEntry SlideStopScenario();
ScenarioEntry RampLaunchScenario();

}  // namespace plumb
