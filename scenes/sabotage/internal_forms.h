// SPDX-License-Identifier: Apache-2.0
// Bodies of another colour, form and size. Internal to the scenes room.
#pragma once

#include <vector>

#include "core/scene.h"
#include "scenes/sabotage/internal_sabotage.h"

namespace plumb {

// Turns all colours of a body by a share of half the colour wheel. What has next to no colour of
// its own takes some on the way.
void TurnColours(Body& body, double share);
void TurnColours(Material& material, double share);
// The same without taking on any: greys stay grey.
void TurnHues(Material& material, double share);

// The same kind of shape, longer by a share along its own axis and thinner, with the same volume. A
// sphere becomes a capsule. Throws UsageError for compounds.
Shape Lengthened(const Body& body, double share);

// Gives a body another shape; one that rests on something stays standing on it.
void Reshape(const Shape& shape, bool rests, Body& body);

// Several bodies take other shapes at the job's first frame and move on in them.
struct NewForm {
  int body;
  Shape shape;
  double mass_factor;
};
BrokenVideo InNewForms(const SabotageJob& job, const std::vector<NewForm>& forms);

}  // namespace plumb
