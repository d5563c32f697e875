// SPDX-License-Identifier: Apache-2.0
// Which objects there are and what they look like.
#include "core/laws/internal_families.h"

namespace plumb {
namespace {

std::vector<Law> ExistenceLaws() {
  return {
      {"vanish",
       "share gone",
       0.0,
       1.0,
       {0.2, 0.4, 0.6, 0.8, 1.0},
       0.0,
       1.0,
       kMoves,
       {"permanence.persistence",
        "permanence.kept",
        "permanence.vanished",
        "permanence.reacquired",
        "dynamics.lawfulness",
        "dynamics.trajectory_error"},
       "an object is gone after the onset, or after the occluder where there is one",
       {"behind", "open"}},
      {"appear",
       "share there",
       0.0,
       1.0,
       {0.2, 0.4, 0.6, 0.8, 1.0},
       0.0,
       1.0,
       kObjects,
       {},
       "an object that was nowhere stands there in this share of the frames, up to the last"},
      {"duplicate",
       "copies",
       0.0,
       1.0,
       {1.0, 2.0, 3.0, 4.0, 5.0},
       0.0,
       8.0,
       kObjects,
       {"permanence.persistence",
        "permanence.duplicated",
        "dynamics.lawfulness",
        "dynamics.trajectory_error",
        "dynamics.contact_frame_error"},
       "so many copies of an object, whole ones, move beside it from the onset on"},
      {"count_drift",
       "objects/s",
       0.0,
       2.0,
       {0.5, 1.0, 2.0, 3.0, 4.0},
       0.0,
       30.0,
       kObjects,
       {"permanence.persistence", "permanence.duplicated"},
       "so many objects a second come to stand there one by one, the first at the onset"},
  };
}

std::vector<Law> UnityLaws() {
  return {
      {"merge",
       "share taken over",
       0.0,
       1.0,
       {0.2, 0.4, 0.6, 0.8, 1.0},
       0.0,
       1.0,
       kMoves | kTwoObjects,
       {"permanence.persistence",
        "permanence.kept",
        "permanence.vanished",
        "dynamics.lawfulness",
        "dynamics.trajectory_error"},
       "an object takes over this share of another's volume; at 1 the other is gone"},
      {"split",
       "m/s",
       0.0,
       0.5,
       {0.1, 0.2, 0.35, 0.5, 1.0},
       -20.0,
       20.0,
       kMoves,
       {"permanence.persistence",
        "permanence.duplicated",
        "dynamics.lawfulness",
        "dynamics.contact_frame_error"},
       "an object becomes two halves of its form that part at this speed"},
  };
}

std::vector<Law> IdentityLaws() {
  return {
      {"teleport",
       "m",
       0.0,
       1.0,
       {0.1, 0.25, 0.5, 0.75, 1.0},
       -kNoLimit,
       kNoLimit,
       kMoves,
       {"permanence.persistence",
        "permanence.teleported",
        "dynamics.lawfulness",
        "dynamics.trajectory_error",
        "dynamics.contact_frame_error"},
       "an object jumps sideways at the onset"},
      {"swap",
       "share mixed",
       0.0,
       1.0,
       {0.2, 0.4, 0.6, 0.8, 1.0},
       0.0,
       1.0,
       kMoves | kTwoObjects,
       {"permanence.persistence",
        "permanence.kept",
        "permanence.swapped",
        "permanence.reacquired",
        "dynamics.lawfulness",
        "dynamics.trajectory_error"},
       "two objects exchange their looks at the onset, or behind the occluder"},
  };
}

std::vector<Law> FormLaws() {
  return {
      {"mutate_colour",
       "share changed",
       0.0,
       0.5,
       {0.1, 0.2, 0.35, 0.5, 1.0},
       0.0,
       1.0,
       kObjects,
       {"permanence.persistence", "permanence.colour_shift"},
       "an object's colours turn by this share of half the colour wheel"},
      {"mutate_shape",
       "share longer",
       0.0,
       0.5,
       {0.1, 0.2, 0.3, 0.5, 1.0},
       0.0,
       4.0,
       kObjects,
       {},
       "an object grows longer along its axis by this share and thinner, its volume kept"},
      {"mutate_size",
       "factor",
       1.0,
       1.3,
       {1.05, 1.1, 1.2, 1.3, 1.5},
       0.1,
       3.0,
       kObjects,
       {"dynamics.lawfulness",
        "dynamics.trajectory_error",
        "dynamics.contact_frame_error",
        "dynamics.restitution_error"},
       "an object's size times the amount, standing where it stood"},
  };
}

}  // namespace

std::vector<Law> PermanenceLaws() {
  std::vector<Law> all = ExistenceLaws();
  for (const auto& part : {UnityLaws(), IdentityLaws(), FormLaws()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace plumb
