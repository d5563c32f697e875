// SPDX-License-Identifier: Apache-2.0
// The scenarios of the group "permanence": hidden, out of view, and back.
#include "scenes/catalogue/internal_lines_of_sight.h"
#include "scenes/catalogue/internal_scenarios.h"
#include "scenes/catalogue/permanence/internal_makers.h"
#include "scenes/catalogue/permanence/internal_permanence.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {

std::vector<ScenarioEntry> PermanenceScenarios() {
  return {
      {{"occluder_pass",
        "permanence",
        "A ball rolls behind an occluder while another object stands by; the camera stands still.",
        "constant speed; visible, hidden, visible again at the times that lines of sight give"},
       MakeOccluderPass,
       CheckRoll,
       CheckOcclusion},
      {{"occluder_stop",
        "permanence",
        "A ball rolls behind a screen and is kept there by a post; the camera stands still.",
        "constant speed, time and place of rest at the post; presence by lines of sight"},
       MakeOccluderStop,
       CheckOccluderStop,
       CheckPresence},
      {{"occluder_two",
        "permanence",
        "A ball and a cylinder cross behind one screen; the camera stands still.",
        "constant speeds; presence of both by lines of sight"},
       MakeOccluderTwo,
       CheckLanes,
       CheckPresence},
      {{"tunnel",
        "permanence",
        "A ball rolls through a tunnel; the camera stands still.",
        "constant speed; presence by lines of sight"},
       MakeTunnel,
       CheckLanes,
       CheckPresence},
      {{"screen_falls",
        "permanence",
        "A ball rolls behind a screen that topples and uncovers it; the camera stands still.",
        "constant speed; fall of the screen from its energy; presence by lines of sight"},
       MakeScreenFalls,
       CheckScreenFalls,
       CheckPresence},
      {{"rotating_screen",
        "permanence",
        "A screen makes half a turn in front of an object at rest; the camera stands still.",
        "even turn and stillness; presence by lines of sight"},
       MakeRotatingScreen,
       CheckRotatingScreen,
       CheckPresence},
      {{"look_away",
        "permanence",
        "The camera turns away from two objects at rest and a rolling ball, and back again.",
        "constant speed; a pure turn that returns; presence by lines of sight"},
       MakeLookAway,
       CheckLanes,
       CheckLookAway},
      {{"crowd_count",
        "permanence",
        "Three balls roll behind a screen before three objects at rest; the camera stands still.",
        "constant speeds; presence of all six by lines of sight"},
       MakeCrowdCount,
       CheckLanes,
       CheckPresence},
  };
}

}  // namespace plumb
