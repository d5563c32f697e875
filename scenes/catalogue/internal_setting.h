// SPDX-License-Identifier: Apache-2.0
// Where a scenario takes place: under which light and film, inside of walls or under an open sky.
// Internal to the scenes room.
#pragma once

#include <string_view>

#include "core/scene.h"
#include "core/seed.h"

namespace plumb {

enum class Setting {
  kRoom,     // a room under its lamp, with bright walls around
  kStudio,   // the same under a larger, softer lamp
  kOutdoors  // a terrace in the sun: low walls, hills and sky behind them
};

// By group: what rolls, slides and collides does so outdoors, what hangs or balances in a studio,
// everything else in rooms.
Setting SettingOf(std::string_view group);

// Gives a finished scene the light, the film and the height of walls of a setting. Outdoors a
// camera that looks down on the scene is brought nearer to the ground, at the same distance, until
// hills and sky are in the picture; one that looks from far above stays. Bodies keep their places,
// sizes and materials but for the walls' height, so the caption stays true.
void Dress(Random& random, Setting setting, Scene& scene);

}  // namespace plumb
