// SPDX-License-Identifier: Apache-2.0
// What happens in a scenario, as far as a plan must know it before anything is simulated: which
// laws can show there at all.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/scene.h"

namespace plumb {

// A set of the bits below.
using Traits = uint32_t;
inline constexpr Traits kMoves = 1;             // an object moves
inline constexpr Traits kFlies = 2;             // … freely through the air for a while
inline constexpr Traits kBounces = 4;           // … and parts again from what it hits
inline constexpr Traits kRubs = 8;              // … and friction decides how fast
inline constexpr Traits kSpeedsUpRolling = 16;  // … down or up a slope by rolling
inline constexpr Traits kMeets = 32;            // two objects hit each other, one of them free
inline constexpr Traits kRests = 64;            // an object comes to stand on something fixed
inline constexpr Traits kTwoObjects = 128;      // at least two objects
inline constexpr Traits kHides = 256;           // an object goes behind something and comes out
inline constexpr Traits kCameraMoves = 512;
inline constexpr Traits kParallax = 1024;  // … through space, not only turning
inline constexpr Traits kWalls = 2048;     // fixed boxes stand behind everything
inline constexpr Traits kObjects = 4096;   // at least one object

struct ScenarioTraits {
  std::string_view scenario;
  Traits traits;
};

// One row for each scenario of the catalogue, in its order.
std::span<const ScenarioTraits> AllScenarioTraits();

// The row of a scenario of the catalogue; 0 when there is none.
Traits TraitsOf(std::string_view scenario);
// The same, or, for a scene of another making, what its bodies and its camera allow: a free object
// may fly, bounce, rub and roll; two of them may meet.
Traits TraitsOf(const Scene& scene);

}  // namespace plumb
