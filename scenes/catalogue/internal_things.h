// SPDX-License-Identifier: Apache-2.0
// Things that everybody knows, built of simple shapes, with the mass that their parts have.
// Internal to the scenes room.
#pragma once

#include <array>

#include "core/scene.h"
#include "core/seed.h"
#include "scenes/catalogue/internal_look.h"

namespace plumb {

enum class Familiar { kTable, kMug, kToyCar, kLamp, kDuck };
constexpr std::array<Familiar, 5> kFamiliarThings = {
    Familiar::kTable, Familiar::kMug, Familiar::kToyCar, Familiar::kLamp, Familiar::kDuck};

struct FamiliarSpec {
  Familiar kind = Familiar::kMug;
  NamedColour colour;   // of its largest part
  double size_m = 0.4;  // about its longest extent
};

// A compound that can move, named "<colour> <noun>" ("red toy car"), upright, its origin at half of
// its height. Its parts have closed forms for lines of sight.
Body MakeFamiliar(Random& random, const FamiliarSpec& spec);

}  // namespace plumb
