// SPDX-License-Identifier: Apache-2.0
// The scenarios of the group "views": a camera in a room.
#include "scenes/catalogue/internal_scenarios.h"
#include "scenes/catalogue/permanence/internal_permanence.h"
#include "scenes/catalogue/views/internal_camera_checks.h"
#include "scenes/catalogue/views/internal_makers.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {
namespace {

// A furnished room in which nothing moves.
std::vector<ScenarioEntry> RoomScenarios() {
  return {
      {{"orbit_room",
        "views",
        "The camera moves on an arc through a furnished room in which nothing moves.",
        "stillness; every point reprojects through the cameras"},
       MakeOrbitRoom,
       CheckStillness,
       CheckView},
      {{"dolly_room",
        "views",
        "The camera travels sideways or forwards through a furnished room in which nothing moves.",
        "stillness; a straight way; every point reprojects through the cameras"},
       MakeDollyRoom,
       CheckStillness,
       CheckView},
      {{"loop_room",
        "views",
        "The camera goes once round in a furnished room and returns to where it began.",
        "stillness; last camera equals first; every point reprojects through the cameras"},
       MakeLoopRoom,
       CheckStillness,
       CheckLoopRoom},
      {{"yaw_room",
        "views",
        "The camera turns on the spot in a furnished room in which nothing moves.",
        "stillness; no parallax; every point reprojects through the cameras"},
       MakeYawRoom,
       CheckStillness,
       CheckView},
      {{"static_room",
        "views",
        "The camera stands still in a furnished room in which nothing moves.",
        "stillness; every frame the same bytes"},
       MakeStaticRoom,
       CheckStillness,
       CheckStaticRoom},
      {{"handheld_room",
        "views",
        "A camera held by hand sways in a furnished room in which nothing moves.",
        "stillness; sway within its bounds; every point reprojects through the cameras"},
       MakeHandheldRoom,
       CheckStillness,
       CheckView},
  };
}

std::vector<ScenarioEntry> OtherViewScenarios() {
  return {
      {{"planar_wall",
        "views",
        "The camera travels along a flat wall that fills the picture.",
        "stillness; flow equals the homography of the wall's plane"},
       MakePlanarWall,
       CheckStillness,
       CheckPlanarWall},
      {{"low_texture_room",
        "views",
        "The camera moves on an arc through a room in which everything has one even colour.",
        "stillness; every point reprojects through the cameras"},
       MakeLowTextureRoom,
       CheckStillness,
       CheckView},
      {{"dynamic_room",
        "views",
        "Two balls roll past each other in a furnished room while the camera moves on an arc.",
        "constant speeds; presence by lines of sight; every point reprojects through the cameras"},
       MakeDynamicRoom,
       CheckLanes,
       CheckDynamicRoom},
      {{"corridor",
        "views",
        "The camera travels forwards along a corridor with doors, pictures and objects.",
        "stillness; a straight way; every point reprojects through the cameras"},
       MakeCorridor,
       CheckStillness,
       CheckView},
  };
}

}  // namespace

std::vector<ScenarioEntry> ViewsScenarios() {
  std::vector<ScenarioEntry> scenarios = RoomScenarios();
  for (const ScenarioEntry& entry : OtherViewScenarios()) scenarios.push_back(entry);
  return scenarios;
}

}  // namespace plumb
