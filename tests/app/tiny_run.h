// SPDX-License-Identifier: Apache-2.0
// A suite small enough for tests, its plan, and a program that stands in for the workers.
#pragma once

#include <string>
#include <vector>

#include "app/plan.h"
#include "app/run_folder.h"
#include "core/suite.h"
#include "tests/app/run_program.h"

namespace plumb {

// Two scenes of 48 x 48 pixels and 8 frames, scored by one family.
inline Suite TinySuite() {
  Suite suite;
  suite.name = "tiny";
  suite.seed = 3;
  suite.scenes = {{"drop", {1}}, {"orbit_room", {1}}};
  suite.protocol = {48, 48, 8, 24.0, 3, 1};
  suite.models = {"oracle", "frozen", "sabotage:gravity=0.25"};
  suite.families = {"permanence"};
  return suite;
}

inline Plan TinyPlan(const std::vector<std::string>& models = {}) {
  PlanOptions options;
  options.models = models;
  return MakePlan(TinySuite(), options);
}

// What `call` throws, as text; "no error" when it throws nothing.
template <typename Call>
std::string ErrorTextOf(const Call& call) {
  try {
    call();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "no error";
}

// A shell script that stands where a worker would: reads requests as `$line`, answers on descriptor
// 3.
inline std::string WriteWorkerScript(const std::filesystem::path& path, const std::string& body) {
  WriteText(path, "#!/bin/sh\n" + body);
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  return path.string();
}

}  // namespace plumb
