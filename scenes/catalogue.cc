// SPDX-License-Identifier: Apache-2.0
#include "scenes/catalogue.h"

#include <string>
#include <vector>

#include "core/document.h"
#include "core/errors.h"
#include "core/seed.h"
#include "scenes/catalogue/internal_scenarios.h"
#include "scenes/catalogue/internal_setting.h"

namespace plumb {

const std::vector<ScenarioEntry>& AllScenarios() {
  static const std::vector<ScenarioEntry> all = [] {
    std::vector<ScenarioEntry> entries;
    for (const auto& group : {GravityScenarios(),
                              PlanesScenarios(),
                              CollisionsScenarios(),
                              BalanceScenarios(),
                              JointsScenarios(),
                              ContainersScenarios(),
                              PermanenceScenarios(),
                              ViewsScenarios()}) {
      entries.insert(entries.end(), group.begin(), group.end());
    }
    return entries;
  }();
  return all;
}

std::span<const ScenarioInfo> ListScenarios() {
  static const std::vector<ScenarioInfo> infos = [] {
    std::vector<ScenarioInfo> list;
    for (const ScenarioEntry& entry : AllScenarios()) list.push_back(entry.info);
    return list;
  }();
  return infos;
}

std::string SceneId(std::string_view scenario, uint64_t seed) {
  return std::string(scenario) + "-" + std::to_string(seed);
}

Scene MakeScene(std::string_view scenario, uint64_t suite_seed, uint64_t seed) {
  std::vector<std::string> names;
  for (const ScenarioEntry& entry : AllScenarios()) {
    names.emplace_back(entry.info.id);
    if (entry.info.id != scenario) continue;
    Random random(DeriveSeed(suite_seed, SceneId(scenario, seed), "scene parameters"));
    Scene scene = entry.make(random);
    Random light(DeriveSeed(suite_seed, SceneId(scenario, seed), "light and walls"));
    Dress(light, SettingOf(entry.info.group), scene);
    scene.id = SceneId(scenario, seed);
    scene.scenario = scenario;
    scene.seed = seed;
    Validate(scene, scene.id);
    return scene;
  }
  const std::string nearest = NearestName(scenario, names);
  throw UsageError("unknown scenario '" + std::string(scenario) + "'" +
                   (nearest.empty() ? std::string() : "; did you mean '" + nearest + "'?"));
}

}  // namespace plumb
