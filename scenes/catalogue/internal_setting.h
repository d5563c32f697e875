// SPDX-License-Identifier: Apache-2.0
// Where a scenario takes place: under which light and film, inside of walls or under an open sky.
// Internal to the scenes room.
#pragma once

#include <string_view>

#include "core/scene.h"
#include "core/seed.h"

namespace plumb {

enum class Setting {
  kPlain,    // as the maker leaves it: the first six scenarios, which models were trained on
  kRoom,     // a room under its lamp, with bright walls around, on film
  kStudio,   // the same under a large soft box
  kOutdoors  // a terrace in the sun: low walls, hills and sky behind them
};

// By group: what rolls, slides and collides does so outdoors, what hangs or balances in a studio,
// everything else in rooms.
Setting SettingOf(std::string_view scenario, std::string_view group);

// Gives a finished scene the light, the film and the height of walls of a setting. Bodies keep
// their places, sizes and materials but for the walls' height, so the caption stays true.
void Dress(Random& random, Setting setting, Scene& scene);

}  // namespace plumb
