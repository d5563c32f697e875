// SPDX-License-Identifier: Apache-2.0
// The scenarios of the group "containers": in bowls, boxes and cups.
#include "scenes/catalogue/containers/internal_containers.h"
#include "scenes/catalogue/internal_scenarios.h"

namespace plumb {

std::vector<ScenarioEntry> ContainersScenarios() {
  return {
      {{"contain",
        "containers",
        "A few things are let go above an open box or tub; the camera stands still.",
        "time of first contact, no overlap above 1 mm, all stay inside, energy never rises"},
       MakeContain,
       CheckContain,
       nullptr},
      {{"carry_in_box",
        "containers",
        "An open box is lifted and carried sideways with a ball and a block or a mug in it; the "
        "camera stands still.",
        "the ball rolls 2/7 of the box's way; the other keeps its place; no overlap, all stay in"},
       MakeCarryInBox,
       CheckCarryInBox,
       nullptr},
      {{"cup_and_ball",
        "containers",
        "Three cups, one over a ball, are put down, shuffled and lifted; the camera stands still.",
        "the ball stays in its cup without overlap; presence by lines of sight"},
       MakeCupAndBall,
       CheckCupAndBall,
       CheckCupAndBallSeen},
  };
}

}  // namespace plumb
