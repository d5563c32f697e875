// SPDX-License-Identifier: Apache-2.0
// The truth tested against closed forms and conserved quantities: the simulator is not believed, it
// is checked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/scene.h"
#include "core/truth.h"

namespace plumb {

struct LawCheck {
  std::string name;  // "time of first contact"
  double expected = 0.0;
  double measured = 0.0;
  double tolerance = 0.0;  // passed means |measured - expected| ≤ tolerance
  std::string unit;        // "s", "m", "m/s^2", "px", "share"
  bool passed = false;
};

// The scenario's own law on the simulated motion: fall time, bounce ladder, momentum, sliding
// acceleration, constant speed, stillness. At least one check for every scenario of the catalogue;
// none for a scene of another origin.
std::vector<LawCheck> CheckMotion(const Scene& scene, const Motion& motion);

// CheckMotion and what needs pictures: start inside the picture, occlusion events, reprojection of
// the flow pass (when present), picture and masks that belong together.
std::vector<LawCheck> CheckTruth(const Truth& truth);

// Whether the scenario has laws that only pictures can show, beyond those that hold for every
// truth.
bool NeedsPictures(std::string_view scenario);

bool AllPassed(const std::vector<LawCheck>& checks);

}  // namespace plumb
