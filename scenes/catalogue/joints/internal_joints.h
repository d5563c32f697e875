// SPDX-License-Identifier: Apache-2.0
// Makers and checks of the group "joints". Internal to the scenes room.
#pragma once

#include <vector>

#include "core/scene.h"
#include "core/seed.h"
#include "scenes/checks.h"

namespace plumb {

Scene MakePendulum(Random& random);
Scene MakeDoublePendulum(Random& random);
Scene MakeLinkedChain(Random& random);
Scene MakeGyroscope(Random& random);
Scene MakeSpinningBox(Random& random);

std::vector<LawCheck> CheckPendulum(const Scene& scene, const Motion& motion);
// Double pendulum and chain.
std::vector<LawCheck> CheckLinks(const Scene& scene, const Motion& motion);
std::vector<LawCheck> CheckGyroscope(const Scene& scene, const Motion& motion);
std::vector<LawCheck> CheckSpinningBox(const Scene& scene, const Motion& motion);

}  // namespace plumb
