// SPDX-License-Identifier: Apache-2.0
// The single checks behind CheckMotion and CheckTruth. Internal to the scenes room.
#pragma once

#include <string>
#include <vector>

#include "scenes/checks.h"

namespace plumb {

struct Measured {
  double expected = 0.0;
  double measured = 0.0;
  double tolerance = 0.0;
};
LawCheck Compare(const std::string& name, const std::string& unit, Measured value);

// Laws of motion that several scenarios share; the others stand beside their makers.
std::vector<LawCheck> CheckRoll(const Scene& scene, const Motion& motion);
std::vector<LawCheck> CheckStillness(const Scene& scene, const Motion& motion);

// Laws of sight.
std::vector<LawCheck> CheckPictures(const Truth& truth);
std::vector<LawCheck> CheckOcclusion(const Truth& truth);

}  // namespace plumb
