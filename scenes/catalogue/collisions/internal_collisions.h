// SPDX-License-Identifier: Apache-2.0
// The scenarios of the group "collisions", one function each. Internal to the scenes room.
#pragma once

#include <string>

#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_scenarios.h"

namespace plumb {

// A camera that sees two metres and a half of floor.
StageLayout MeetingStage(Random& random);

// "left" for negative x.
std::string SideName(double side);

// A ball so smooth that floor and neighbours hardly grip it: it keeps its momentum to itself while
// it meets another.
Body MakePolishedBall(Random& random,
                      const std::string& matter,
                      double diameter_m,
                      const NamedColour& colour);

// A floor (and ramp) that gives nothing back: balls stay down, whatever their own restitution is.
void DeadenFixedBodies(Scene& scene);

// Bound on speeds and on momentum, as a share of the closing speed and of the momentum at it: the
// floor takes part in a blow through the friction of the friction between the balls.
constexpr double kBlowShare = 1e-3;

// Two bodies that meet for the first time, along the normal of their contact.
struct Meeting {
  int a = 0;
  int b = 0;
  double restitution = 1.0;
};
// Velocities after the blow, momentum, restitution.
std::vector<LawCheck> CheckMeeting(const Scene& scene, const Motion& motion, const Meeting& meet);

ScenarioEntry CollideScenario();
ScenarioEntry ElasticCollisionScenario();
ScenarioEntry BallChainScenario();
ScenarioEntry RampCollisionScenario();
ScenarioEntry RollIntoBlocksScenario();
ScenarioEntry UniformMotionScenario();

}  // namespace plumb
