// SPDX-License-Identifier: Apache-2.0
// The matrix of a plan as people read it (declared in plan.h).
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "app/plan.h"

namespace plumb {

std::string LeftOutText(const std::vector<LeftOut>& left_out) {
  std::map<std::string, std::string> scenes;  // model → its scenes
  for (const LeftOut& entry : left_out) {
    std::string& list = scenes[entry.model];
    list += (list.empty() ? "" : ", ") + entry.scene;
  }
  std::string text;
  for (const auto& [model, list] : scenes) {
    text += fmt::format("  {} cannot show in {}\n", model, list);
  }
  return text;
}

std::string PlanText(const Plan& plan) {
  std::map<std::string, std::map<std::string, int>> counts;  // model → scenario → cells
  for (const PlannedCell& cell : plan.cells) ++counts[cell.key.model][cell.scenario];
  size_t width = 5;
  for (const std::string& model : plan.models) width = std::max(width, model.size());
  std::string text = fmt::format("{:<{}}", "model", width);
  std::vector<std::string> scenarios;
  for (const SceneSet& set : plan.suite.scenes) {
    const std::string name = ScenarioOf(set);
    if (std::find(scenarios.begin(), scenarios.end(), name) != scenarios.end()) continue;
    scenarios.push_back(name);
  }
  for (const std::string& name : scenarios) text += fmt::format("  {}", name);
  text += '\n';
  for (const std::string& model : plan.models) {
    text += fmt::format("{:<{}}", model, width);
    for (const std::string& name : scenarios) {
      const int count = counts[model][name];
      text += fmt::format("  {:>{}}", count > 0 ? fmt::format("{}", count) : "-", name.size());
    }
    text += '\n';
  }
  text += fmt::format("{} cells", plan.cells.size());
  if (!plan.left_out.empty()) text += fmt::format(", {} pairs left out", plan.left_out.size());
  return text + "\n" + LeftOutText(plan.left_out);
}

}  // namespace plumb
