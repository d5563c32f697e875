// SPDX-License-Identifier: Apache-2.0
#include "scenes/catalogue.h"

#include <array>
#include <string>
#include <vector>

#include "core/document.h"
#include "core/errors.h"
#include "core/seed.h"
#include "scenes/internal_scenarios.h"

namespace plumb {
namespace {

constexpr std::array<ScenarioInfo, 6> kScenarios = {{
    {"drop",
     "An object is let go above a floor; the camera stands still.",
     "fall time t = sqrt(2 h / g), position and speed of free fall"},
    {"bounce",
     "A ball is let go above a floor and comes back; the camera stands still.",
     "ratio of speeds at each impact = restitution, intervals t(k+1) = e t(k)"},
    {"collide",
     "A rolling ball meets one at rest; the camera stands still.",
     "momentum before = after, separation speed = e times closing speed"},
    {"incline_slide",
     "A block is let go on a ramp; the camera stands still.",
     "acceleration a = g (sin t - mu cos t)"},
    {"occluder_pass",
     "A ball rolls behind an occluder while another object stands by; the camera stands still.",
     "constant speed; visible, hidden, visible again at the times that lines of sight give"},
    {"orbit_room",
     "The camera moves on an arc through a furnished room in which nothing moves.",
     "stillness; every point reprojects through the cameras"},
}};

using Maker = Scene (*)(Random&);
constexpr std::array<Maker, kScenarios.size()> kMakers = {
    MakeDrop, MakeBounce, MakeCollide, MakeInclineSlide, MakeOccluderPass, MakeOrbitRoom};

}  // namespace

std::span<const ScenarioInfo> ListScenarios() { return kScenarios; }

std::string SceneId(std::string_view scenario, uint64_t seed) {
  return std::string(scenario) + "-" + std::to_string(seed);
}

Scene MakeScene(std::string_view scenario, uint64_t suite_seed, uint64_t seed) {
  std::vector<std::string> names;
  for (size_t i = 0; i < kScenarios.size(); ++i) {
    names.emplace_back(kScenarios[i].id);
    if (kScenarios[i].id != scenario) continue;
    Random random(DeriveSeed(suite_seed, SceneId(scenario, seed), "scene parameters"));
    Scene scene = kMakers[i](random);
    scene.id = SceneId(scenario, seed);
    scene.scenario = scenario;
    scene.seed = seed;
    Validate(scene, scene.id);
    return scene;
  }
  const std::string nearest = NearestName(scenario, names);
  throw UsageError("unknown scenario '" + std::string(scenario) + "'" +
                   (nearest.empty() ? std::string() : "; did you mean '" + nearest + "'?"));
}

}  // namespace plumb
