// SPDX-License-Identifier: Apache-2.0
// Makers and checks of the group "balance". Internal to the scenes room.
#pragma once

#include <vector>

#include "core/scene.h"
#include "core/seed.h"
#include "scenes/checks.h"

namespace plumb {

Scene MakeStableStack(Random& random);
Scene MakeUnstableStack(Random& random);
Scene MakeDominoes(Random& random);
Scene MakeSeesaw(Random& random);
Scene MakeOverhang(Random& random);
Scene MakeSupportRemoved(Random& random);

std::vector<LawCheck> CheckStack(const Scene& scene, const Motion& motion);
std::vector<LawCheck> CheckDominoes(const Scene& scene, const Motion& motion);
std::vector<LawCheck> CheckSeesaw(const Scene& scene, const Motion& motion);
std::vector<LawCheck> CheckOverhang(const Scene& scene, const Motion& motion);
std::vector<LawCheck> CheckSupportRemoved(const Scene& scene, const Motion& motion);

// How far inside its support the centre of mass of everything above each joint of an upright stack
// lies, horizontally; negative: outside. Boxes from bottom to top.
std::vector<double> StackMargins_m(const std::vector<Body>& stack);

}  // namespace plumb
