// SPDX-License-Identifier: Apache-2.0
// The scenarios of the group "joints": hinged, chained and spinning bodies.
#include "scenes/catalogue/internal_scenarios.h"
#include "scenes/catalogue/joints/internal_joints.h"

namespace plumb {

std::vector<ScenarioEntry> JointsScenarios() {
  return {
      {{"pendulum",
        "joints",
        "A ball on a rod swings from a frame; the camera stands still.",
        "period by the elliptic integral; hinge closed within 1 mm"},
       MakePendulum,
       CheckPendulum,
       nullptr},
      {{"double_pendulum",
        "joints",
        "Two discs on rods hinged one below the other swing from a frame; the camera stands still.",
        "way by Lagrange's equations in the first 1.5 s; energy; hinges closed within 1 mm"},
       MakeDoublePendulum,
       CheckLinks,
       nullptr},
      {{"linked_chain",
        "joints",
        "A chain of rings swings from a frame; the camera stands still.",
        "way by Lagrange's equations in the first 1.5 s; energy; joints closed within 1 mm"},
       MakeLinkedChain,
       CheckLinks,
       nullptr},
      {{"gyroscope",
        "joints",
        "A spinning wheel goes round the stand on which its axle rests; the camera stands still.",
        "rate of steady precession I1 W^2 cos t - I3 w W + m g r = 0; bearing closed within 1 mm"},
       MakeGyroscope,
       CheckGyroscope,
       nullptr},
      {{"spinning_box",
        "joints",
        "A weightless box spins about its middle axis; the camera stands still.",
        "angular momentum and energy in free flight"},
       MakeSpinningBox,
       CheckSpinningBox,
       nullptr},
  };
}

}  // namespace plumb
