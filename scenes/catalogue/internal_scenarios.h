// SPDX-License-Identifier: Apache-2.0
// One entry for each scenario: how it is made and which laws check it; one list for each group,
// in scenes/catalogue/<group>/group.cc. Internal to the scenes room.
#pragma once

#include <vector>

#include "core/scene.h"
#include "core/seed.h"
#include "scenes/catalogue.h"
#include "scenes/checks.h"

namespace plumb {

struct ScenarioEntry {
  ScenarioInfo info;
  // Fills bodies, light, camera, captions and duration.
  Scene (*make)(Random& random);
  // Closed forms and conserved quantities on the simulated motion; at least one check.
  std::vector<LawCheck> (*check_motion)(const Scene& scene, const Motion& motion);
  // What needs pictures and holds for this scenario only; null where there is nothing.
  std::vector<LawCheck> (*check_truth)(const Truth& truth) = nullptr;
};

std::vector<ScenarioEntry> GravityScenarios();
std::vector<ScenarioEntry> PlanesScenarios();
std::vector<ScenarioEntry> CollisionsScenarios();
std::vector<ScenarioEntry> BalanceScenarios();
std::vector<ScenarioEntry> JointsScenarios();
std::vector<ScenarioEntry> ContainersScenarios();
std::vector<ScenarioEntry> PermanenceScenarios();
std::vector<ScenarioEntry> ViewsScenarios();

// All of them, in the order of the groups above.
const std::vector<ScenarioEntry>& AllScenarios();

Scene MakeOccluderPass(Random& random);
Scene MakeOrbitRoom(Random& random);

}  // namespace plumb
