// SPDX-License-Identifier: Apache-2.0
// What the scenarios about permanence share: the stage, balls that roll in lanes, screens, objects
// that stand by, and the check of rolling. Internal to the scenes room.
#pragma once

#include <string>
#include <vector>

#include "core/seed.h"
#include "core/truth.h"
#include "scenes/catalogue/internal_look.h"
#include "scenes/checks.h"

namespace plumb {

// A camera that looks slightly down on a floor with lanes along x; lane y = 0 runs through the
// middle of the picture and about 1.5 m of it to either side are in view.
Scene PermanenceStage(Random& random);

// −1 or 1.
double PickSide(Random& random);
// "left" for −1, "right" for 1.
std::string LaneSide(double side);

// A ball that starts at `from_x_m` in the lane at `lane_y_m` and rolls towards the other side.
struct Lane {
  double from_x_m = -1.25;
  double lane_y_m = 0.0;
  double speed_mps = 1.3;
  double diameter_m = 0.4;
};
Body LaneBall(Random& random, const NamedColour& colour, const Lane& lane);

// An upright panel on the floor that hides what is behind it; its name is "screen".
struct Panel {
  Eigen::Vector2d place_m = {0.0, -0.75};
  Eigen::Vector3d size_m = {0.8, 0.12, 1.1};
};
Body MakeScreen(Random& random, const Panel& panel);

// A fixed box, cylinder, cone or familiar thing on the floor; turned anyhow.
struct Standing {
  Eigen::Vector2d place_m = {0.0, 1.2};
  double size_m = 0.42;
};
Body MakeStander(Random& random, const NamedColour& colour, const Standing& standing);

// Every object that rolls keeps its velocity until it meets something (a cylinder within one
// percent beyond the tolerance); the others stay. One line for each quantity, over all objects.
std::vector<LawCheck> CheckLanes(const Scene& scene, const Motion& motion);

}  // namespace plumb
