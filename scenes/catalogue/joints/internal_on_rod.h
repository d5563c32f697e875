// SPDX-License-Identifier: Apache-2.0
// Heads on wooden rods: bobs, discs and wheels on their axles. Internal to the scenes room.
#pragma once

#include "core/scene.h"

namespace plumb {

struct Rod {
  double width_m = 0.03;
  double length_m = 1.0;  // from the body's origin along its z axis
};

// The head, of one part so far, put where `body_from_head` says and joined to a rod: the compound
// of the two, each with its own density, in the head's material and bare wood.
Body OnRod(Body head, const Rigid3& body_from_head, const Rod& rod);

}  // namespace plumb
