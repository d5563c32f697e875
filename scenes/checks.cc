// SPDX-License-Identifier: Apache-2.0
#include "scenes/checks.h"

#include <algorithm>
#include <cmath>

#include "core/check.h"
#include "scenes/internal_checks.h"

namespace plumb {
namespace {

// Presses the check of a scenario's own law into one table.
struct LawOf {
  std::string_view scenario;
  std::vector<LawCheck> (*check)(const Scene&, const Motion&);
};
constexpr LawOf kLaws[] = {{"drop", CheckDrop},
                           {"bounce", CheckBounce},
                           {"collide", CheckCollide},
                           {"incline_slide", CheckInclineSlide},
                           {"occluder_pass", CheckRoll},
                           {"orbit_room", CheckStillness}};

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
  for (const LawOf& law : kLaws) {
    if (law.scenario == scene.scenario) return law.check(scene, motion);
  }
  return {};
}

std::vector<LawCheck> CheckTruth(const Truth& truth) {
  std::vector<LawCheck> checks = CheckMotion(truth.scene, truth.motion);
  for (const LawCheck& check : CheckPictures(truth)) checks.push_back(check);
  if (truth.scene.scenario == "occluder_pass") {
    for (const LawCheck& check : CheckOcclusion(truth)) checks.push_back(check);
  }
  return checks;
}

bool AllPassed(const std::vector<LawCheck>& checks) {
  return std::all_of(checks.begin(), checks.end(), [](const LawCheck& c) { return c.passed; });
}

}  // namespace plumb
