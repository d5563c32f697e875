// SPDX-License-Identifier: Apache-2.0
// The scenarios of the group "balance": standing, leaning, falling over.
#include "scenes/catalogue/internal_scenarios.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {

std::vector<ScenarioEntry> BalanceScenarios() { return {}; }

}  // namespace plumb
