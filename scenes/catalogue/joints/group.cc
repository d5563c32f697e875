// SPDX-License-Identifier: Apache-2.0
// The scenarios of the group "joints": held together or spinning.
#include "scenes/catalogue/internal_scenarios.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {

std::vector<ScenarioEntry> JointsScenarios() { return {}; }

}  // namespace plumb
