// SPDX-License-Identifier: Apache-2.0
// What every scenario's test asks. Internal to the tests of the scenes room.
#pragma once

#include <cctype>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "scenes/catalogue.h"
#include "scenes/checks.h"
#include "scenes/simulate.h"

namespace plumb {

constexpr uint64_t kSuiteSeed = 47;

inline std::string FailuresOf(const std::vector<LawCheck>& checks) {
  std::string text;
  for (const LawCheck& check : checks) {
    if (check.passed) continue;
    text += check.name + ": expected " + std::to_string(check.expected) + ", measured " +
            std::to_string(check.measured) + " " + check.unit + "\n";
  }
  return text;
}

inline bool Fails(const std::vector<LawCheck>& checks, const std::string& part) {
  for (const LawCheck& check : checks) {
    if (!check.passed && check.name.find(part) != std::string::npos) return true;
  }
  return false;
}

inline void ExpectLawsKept(const std::string& scenario, int seeds) {
  for (int seed = 0; seed < seeds; ++seed) {
    const Scene scene = MakeScene(scenario, kSuiteSeed, seed);
    const auto checks = CheckMotion(scene, Simulate(scene, {}));
    EXPECT_GE(checks.size(), 2u);
    EXPECT_EQ(FailuresOf(checks), "") << scene.id;
  }
}

// The checks of the scenario's first seed with a deliberate change.
inline std::vector<LawCheck> ChecksWith(const std::string& scenario, const Intervention& change) {
  const Scene scene = MakeScene(scenario, kSuiteSeed, 1);
  return CheckMotion(scene, Simulate(scene, {.interventions = {change}}));
}

// Each telling names every object's colour, and none of them is the outcome.
inline void ExpectToldInManyWays(const std::string& scenario) {
  for (int seed = 0; seed < 6; ++seed) {
    const Scene scene = MakeScene(scenario, kSuiteSeed, seed);
    std::set<std::string> all(scene.paraphrases.begin(), scene.paraphrases.end());
    all.insert(scene.caption);
    EXPECT_GE(all.size(), 4u) << scene.id;
    EXPECT_EQ(all.count(scene.outcome), 0u);
    EXPECT_GT(scene.outcome.size(), 10u);
    EXPECT_EQ(scene.outcome.back(), '.');
    for (const std::string& text : all) {
      EXPECT_TRUE(std::isupper(static_cast<unsigned char>(text.front()))) << text;
      EXPECT_EQ(text.back(), '.') << text;
      EXPECT_THAT(text, ::testing::HasSubstr("camera"));
      for (const Body& body : scene.bodies) {
        if (body.role != Role::kObject) continue;
        EXPECT_THAT(text, ::testing::HasSubstr(body.name.substr(0, body.name.find(' '))));
        EXPECT_THAT(text, ::testing::HasSubstr(body.material.name));
      }
    }
  }
}

}  // namespace plumb
