// SPDX-License-Identifier: Apache-2.0
// The scenarios of the group "containers": in bowls, boxes and cups.
#include "scenes/catalogue/internal_scenarios.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {

std::vector<ScenarioEntry> ContainersScenarios() { return {}; }

}  // namespace plumb
