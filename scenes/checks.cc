// SPDX-License-Identifier: Apache-2.0
#include "scenes/checks.h"

#include <algorithm>
#include <cmath>

#include "core/check.h"
#include "scenes/catalogue/internal_scenarios.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {
namespace {

const ScenarioEntry* EntryOf(std::string_view scenario) {
  for (const ScenarioEntry& entry : AllScenarios()) {
    if (entry.info.id == scenario) return &entry;
  }
  return nullptr;
}

}  // namespace

LawCheck Compare(const std::string& name, const std::string& unit, Measured value) {
  LawCheck check;
  check.name = name;
  check.unit = unit;
  check.expected = value.expected;
  check.measured = value.measured;
  check.tolerance = value.tolerance;
  check.passed = std::abs(value.measured - value.expected) <= value.tolerance;
  return check;
}

std::vector<LawCheck> CheckMotion(const Scene& scene, const Motion& motion) {
  PLUMB_CHECK(!motion.states.empty() && motion.states.front().size() == scene.bodies.size());
  const ScenarioEntry* entry = EntryOf(scene.scenario);
  return entry == nullptr ? std::vector<LawCheck>() : entry->check_motion(scene, motion);
}

std::vector<LawCheck> CheckTruth(const Truth& truth) {
  std::vector<LawCheck> checks = CheckMotion(truth.scene, truth.motion);
  for (const LawCheck& check : CheckPictures(truth)) checks.push_back(check);
  const ScenarioEntry* entry = EntryOf(truth.scene.scenario);
  if (entry == nullptr || entry->check_truth == nullptr) return checks;
  for (const LawCheck& check : entry->check_truth(truth)) checks.push_back(check);
  return checks;
}

bool NeedsPictures(std::string_view scenario) {
  const ScenarioEntry* entry = EntryOf(scenario);
  return entry != nullptr && entry->check_truth != nullptr;
}

bool AllPassed(const std::vector<LawCheck>& checks) {
  return std::all_of(checks.begin(), checks.end(), [](const LawCheck& c) { return c.passed; });
}

}  // namespace plumb
