// SPDX-License-Identifier: Apache-2.0
// The catalogue: families of scenes (scenarios) with seeded parameter ranges.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/scene.h"

namespace plumb {

struct ScenarioInfo {
  std::string_view id;       // "drop"
  std::string_view group;    // "gravity"
  std::string_view summary;  // what stands there and what the camera does, in one sentence
  std::string_view check;    // the closed form or conserved quantity that tests the truth
};

// All scenarios, group by group.
std::span<const ScenarioInfo> ListScenarios();

// "<scenario>-<seed>".
std::string SceneId(std::string_view scenario, uint64_t seed);

// One scene of a scenario. Every choice (sizes, colours, materials, heights, camera) is a function
// of (suite_seed, scenario, seed); equal arguments give equal scenes. The result passes Validate().
// Throws UsageError with the nearest name when there is no such scenario.
Scene MakeScene(std::string_view scenario, uint64_t suite_seed, uint64_t seed);

}  // namespace plumb
