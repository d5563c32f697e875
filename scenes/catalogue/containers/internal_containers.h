// SPDX-License-Identifier: Apache-2.0
// Makers and checks of the group "containers". Internal to the scenes room.
#pragma once

#include <vector>

#include "core/scene.h"
#include "core/seed.h"
#include "scenes/checks.h"

namespace plumb {

Scene MakeContain(Random& random);
Scene MakeCarryInBox(Random& random);
Scene MakeCupAndBall(Random& random);

std::vector<LawCheck> CheckContain(const Scene& scene, const Motion& motion);
std::vector<LawCheck> CheckCarryInBox(const Scene& scene, const Motion& motion);
std::vector<LawCheck> CheckCupAndBall(const Scene& scene, const Motion& motion);
std::vector<LawCheck> CheckCupAndBallSeen(const Truth& truth);

}  // namespace plumb
