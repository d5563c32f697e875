// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>

#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_matter.h"
#include "scenes/catalogue/internal_ramp.h"
#include "scenes/catalogue/planes/internal_planes.h"
#include "scenes/checks/internal_motion_laws.h"

namespace plumb {
namespace {

Scene MakeInclineHold(Random& random) {
  Scene scene = RampStage(random);
  const NamedColour colour = PickColours(random, 1).front();
  static constexpr std::array kMatters = {"rubber", "cork", "wooden", "plastic"};
  const Eigen::Vector3d size{
      random.Uniform(0.46, 0.58), random.Uniform(0.36, 0.46), random.Uniform(0.28, 0.36)};
  Body block =
      MakeThing(random, {kMatters[random.Index(4)], "block", {ShapeKind::kBox, size}, colour});
  block.material.restitution = 0;
  // Between half and nine tenths of the angle at which the block would give way.
  Ramp ramp;
  ramp.angle_rad = random.Uniform(0.5, 0.9) * std::atan(std::min(0.62, block.material.friction));
  ramp.side = random.Uniform() < 0.5 ? -1.0 : 1.0;
  block.world_from_body = ramp.Place(random.Uniform(0.7, 1.3), 0, size.z() / 2);
  for (const Body& post : ramp.Posts()) scene.bodies.push_back(post);
  scene.bodies.push_back(ramp.Slab());
  scene.bodies.push_back(block);
  const std::string uphill = ramp.side > 0 ? "left" : "right";
  Tell(
      scene,
      {DescribeStage(scene),
       {"there is a wooden ramp that rises to the " + uphill + ", and " + Describe(block) +
            " is put down on it and let go",
        Describe(block) + " is released on the slope of a wooden ramp that rises to the " + uphill},
       "friction holds the " + block.name + "; nothing moves",
       {}});
  return scene;
}

std::vector<LawCheck> CheckInclineHold(const Scene& scene, const Motion& motion) {
  const int body = FirstMover(scene);
  const double end_mps = motion.states.back()[body].velocity_mps.norm();
  return {Compare("largest movement", "m", {0.0, LargestDrift(motion, body).moved_m, kDrift_m}),
          Compare("speed at the end", "m/s", {0.0, end_mps, 0.001})};
}

}  // namespace

ScenarioEntry InclineHoldScenario() {
  return {{"incline_hold",
           "planes",
           "A block is put on a ramp flatter than its friction angle; the camera stands still.",
           "tan t < mu, so nothing moves"},
          MakeInclineHold,
          CheckInclineHold};
}

}  // namespace plumb
