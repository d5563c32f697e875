// SPDX-License-Identifier: Apache-2.0
// Makers and checks of the group "views". Internal to the scenes room.
#pragma once

#include <vector>

#include "core/scene.h"
#include "core/seed.h"
#include "core/truth.h"
#include "scenes/checks.h"

namespace plumb {

Scene MakeDollyRoom(Random& random);
Scene MakeLoopRoom(Random& random);
Scene MakeYawRoom(Random& random);
Scene MakeStaticRoom(Random& random);
Scene MakeHandheldRoom(Random& random);
Scene MakePlanarWall(Random& random);
Scene MakeLowTextureRoom(Random& random);
Scene MakeDynamicRoom(Random& random);
Scene MakeCorridor(Random& random);

// CheckView, and the last camera where the first was.
std::vector<LawCheck> CheckLoopRoom(const Truth& truth);
// CheckView, and every frame the same picture.
std::vector<LawCheck> CheckStaticRoom(const Truth& truth);
// CheckView, and flow as one plane gives it.
std::vector<LawCheck> CheckPlanarWall(const Truth& truth);
// CheckView and presence by lines of sight.
std::vector<LawCheck> CheckDynamicRoom(const Truth& truth);

}  // namespace plumb
