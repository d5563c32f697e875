// SPDX-License-Identifier: Apache-2.0
// How bodies move: forces, impacts, contact, time.
#include "core/laws/internal_families.h"

namespace plumb {
namespace {

std::vector<Law> ForceLaws() {
  return {
      {"gravity",
       "factor",
       1.0,
       0.5,
       {0.9, 0.75, 0.5, 0.25, 0.0},
       -kNoLimit,
       kNoLimit,
       kMoves | kFlies,
       {"dynamics.lawfulness", "dynamics.contact_frame_error", "dynamics.gravity_error"},
       "gravity, or that of the body named, times the amount from the onset on"},
      {"gravity_direction",
       "deg",
       0.0,
       30.0,
       {5.0, 10.0, 20.0, 30.0, 60.0},
       -180.0,
       180.0,
       kMoves | kFlies,
       {"dynamics.lawfulness",
        "dynamics.trajectory_error",
        "dynamics.contact_frame_error",
        "dynamics.gravity_error"},
       "gravity leans by the amount, to the right in the picture, from the onset on"},
      {"friction",
       "factor",
       1.0,
       0.0,
       {0.9, 0.75, 0.5, 0.25, 0.0},
       0.0,
       kNoLimit,
       kRubs,
       {"permanence.teleported", "dynamics.lawfulness", "dynamics.trajectory_error"},
       "friction of every object, or of the body named, times the amount from the onset on"},
      {"inertia",
       "factor",
       1.0,
       4.0,
       {1.25, 1.5, 2.0, 2.5, 4.0},
       0.01,
       100.0,
       kMoves | kSpeedsUpRolling,
       {"dynamics.lawfulness"},
       "moment of inertia times the amount from the onset on: a ball rolls as a hoop at 2.5"},
  };
}

std::vector<Law> ImpactLaws() {
  return {
      {"restitution",
       "factor",
       1.0,
       0.5,
       {0.9, 0.75, 0.5, 0.25, 0.0},
       0.0,
       kNoLimit,
       kMoves | kBounces,
       {"dynamics.lawfulness",
        "dynamics.trajectory_error",
        "dynamics.gravity_error",
        "dynamics.restitution_error"},
       "restitution of every contact, or of the body named, times the amount (may exceed 1)"},
      {"momentum",
       "share lost",
       0.0,
       0.5,
       {0.1, 0.2, 0.3, 0.5, 0.8},
       -4.0,
       1.0,
       kMoves | kMeets,
       {"dynamics.lawfulness", "dynamics.restitution_error"},
       "two objects that hit each other lose this share of their momentum (below 0: gain it)"},
      {"energy_gain",
       "share gained",
       0.0,
       0.5,
       {0.1, 0.2, 0.3, 0.5, 1.0},
       -1.0,
       9.0,
       kMoves | kBounces,
       {"dynamics.lawfulness", "dynamics.trajectory_error", "dynamics.restitution_error"},
       "an object leaves every impact with this much more kinetic energy"},
  };
}

std::vector<Law> PromptnessLaws() {
  return {
      {"late_contact",
       "s",
       0.0,
       0.25,
       {0.05, 0.1, 0.15, 0.25, 0.5},
       0.0,
       60.0,
       kMoves | kMeets,
       {"dynamics.lawfulness"},
       "a blow acts this much after two objects touch; until then both stand still where they "
       "touch"},
      {"early_reaction",
       "s",
       0.0,
       0.25,
       {0.05, 0.1, 0.15, 0.25, 0.5},
       0.0,
       60.0,
       kMoves | kMeets,
       {"dynamics.lawfulness", "dynamics.contact_frame_error"},
       "a blow acts this much before two objects touch, across the gap between them"},
  };
}

std::vector<Law> ContactLaws() {
  return {
      {"penetrate",
       "share of its size",
       0.0,
       0.3,
       {0.05, 0.1, 0.2, 0.3, 0.45},
       0.0,
       0.45,
       kRests,
       {"dynamics.lawfulness", "dynamics.contact_frame_error"},
       "an object sinks by this share of its size into all that it touches, from the onset on"},
      {"hover",
       "share of its size",
       0.0,
       0.3,
       {0.05, 0.1, 0.2, 0.3, 0.5},
       0.0,
       2.0,
       kRests,
       {"dynamics.lawfulness", "dynamics.contact_frame_error"},
       "an object keeps off all that it would touch by this share of its size, from the onset on"},
      {"time_warp",
       "factor",
       1.0,
       1.2,
       {1.05, 1.1, 1.2, 1.5, 2.0},
       0.0,
       10.0,
       kMoves,
       {"dynamics.lawfulness", "dynamics.trajectory_error"},
       "the clock of every body, or of the body named, runs the amount times as fast"},
      {"freeze_mid_air",
       "s",
       0.0,
       0.5,
       {0.1, 0.2, 0.3, 0.5, 1.0},
       0.0,
       120.0,
       kMoves | kFlies,
       {"dynamics.lawfulness",
        "dynamics.trajectory_error",
        "dynamics.contact_frame_error",
        "dynamics.gravity_error"},
       "an object in flight stops for the amount and then flies on as if nothing had been"},
  };
}

}  // namespace

std::vector<Law> DynamicsLaws() {
  std::vector<Law> all = ForceLaws();
  for (const auto& part : {ImpactLaws(), PromptnessLaws(), ContactLaws()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace plumb
