// SPDX-License-Identifier: Apache-2.0
// The scenarios of the group "balance": standing, leaning, falling over.
#include "scenes/catalogue/balance/internal_balance.h"
#include "scenes/catalogue/internal_scenarios.h"

namespace plumb {

std::vector<ScenarioEntry> BalanceScenarios() {
  return {
      {{"stable_stack",
        "balance",
        "Blocks are stacked in balance; the camera stands still.",
        "nothing moves by more than 1 mm in 5 s"},
       MakeStableStack,
       CheckStack,
       nullptr},
      {{"unstable_stack",
        "balance",
        "Blocks are stacked out of balance; the camera stands still.",
        "falls when a centre of mass leaves its support; energy never rises"},
       MakeUnstableStack,
       CheckStack,
       nullptr},
      {{"dominoes",
        "balance",
        "A row of dominoes, the first leaning towards the next; the camera stands still.",
        "time of the first fall about the lower edge; one after the other; energy never rises"},
       MakeDominoes,
       CheckDominoes,
       nullptr},
      {{"overhang",
        "balance",
        "A plank lies over the edge of a table; the camera stands still.",
        "tips when its centre of mass leaves the table, as fast as the torque says"},
       MakeOverhang,
       CheckOverhang,
       nullptr},
      {{"seesaw",
        "balance",
        "Two blocks stand on a level seesaw; the camera stands still.",
        "tips to the side of the larger torque, as fast as the torque says, or stays level"},
       MakeSeesaw,
       CheckSeesaw,
       nullptr},
      {{"support_removed",
        "balance",
        "Something stands on a trapdoor whose flaps swing open; the camera stands still.",
        "stillness until the flaps open, then fall time t = sqrt(2 h / g) and free fall"},
       MakeSupportRemoved,
       CheckSupportRemoved,
       nullptr},
  };
}

}  // namespace plumb
