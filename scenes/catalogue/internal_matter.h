// SPDX-License-Identifier: Apache-2.0
// What things are made of: density, grip and bounce by the figures of handbooks, and the looks that
// suit them. Internal to the scenes room.
#pragma once

#include <string>
#include <vector>

#include "core/scene.h"
#include "core/seed.h"
#include "scenes/catalogue/internal_look.h"

namespace plumb {

// Friction and restitution as against a hard dry floor whose own values are 1.
struct Matter {
  std::string name;  // as captions say it: "steel", "wooden"
  double density_kgpm3 = 1000.0;
  double friction = 0.5;
  double restitution = 0.5;
  double gloss = 0.2;
  std::vector<Pattern> patterns;
  double reflection = 0.0;  // as in Material
  double metal = 0.0;
};

// rubber, wooden, plastic, ceramic, glass, steel, ice, cork. Throws CheckFailure for another name.
const Matter& MatterNamed(const std::string& name);

// What PickObjectMaterial picks from: rubber, plastic, painted wooden and ceramic things that are
// hollow, so lighter than their stuff.
const std::vector<Matter>& HollowMatter();

// The matter's material in shades of one colour; patterns are scaled to `look.size_m`.
Material MaterialOf(Random& random, const Matter& matter, const ObjectLook& look);

// Bare wood of frames, stands and boards, with a friction of 1.
Material BareWood();

struct ThingSpec {
  std::string matter;
  std::string noun;  // "ball": the body is named "<colour> <noun>"
  Shape shape;
  NamedColour colour;
};

// A thing that can move, its mass by volume and density.
Body MakeThing(Random& random, const ThingSpec& spec);

}  // namespace plumb
