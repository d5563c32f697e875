// SPDX-License-Identifier: Apache-2.0
// Makers and checks of the group "permanence". Internal to the scenes room.
#pragma once

#include <vector>

#include "core/scene.h"
#include "core/seed.h"
#include "scenes/checks.h"

namespace plumb {

Scene MakeOccluderStop(Random& random);
Scene MakeOccluderTwo(Random& random);
Scene MakeTunnel(Random& random);
Scene MakeScreenFalls(Random& random);
Scene MakeRotatingScreen(Random& random);
Scene MakeLookAway(Random& random);
Scene MakeCrowdCount(Random& random);

std::vector<LawCheck> CheckOccluderStop(const Scene& scene, const Motion& motion);
// Lanes, and the panel's energy on its way down.
std::vector<LawCheck> CheckScreenFalls(const Scene& scene, const Motion& motion);
// Lanes, and the panel's even turn.
std::vector<LawCheck> CheckRotatingScreen(const Scene& scene, const Motion& motion);
// Lines of sight, and a camera that only turns and comes back.
std::vector<LawCheck> CheckLookAway(const Truth& truth);

}  // namespace plumb
