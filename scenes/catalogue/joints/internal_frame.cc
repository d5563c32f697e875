// SPDX-License-Identifier: Apache-2.0
#include "scenes/catalogue/joints/internal_frame.h"

#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_matter.h"

namespace plumb {

void AddFrame(Scene& scene, const Eigen::Vector3d& pivot) {
  const double half_m = 1.25;
  const double top_m = pivot.z() + 0.06;
  for (const double side : {-1.0, 1.0}) {
    scene.bodies.push_back(FixedBox(side < 0 ? "left post" : "right post",
                                    {pivot.x() + side * half_m, pivot.y() + 0.25, top_m / 2},
                                    {0.09, 0.09, top_m},
                                    BareWood()));
  }
  scene.bodies.push_back(FixedBox(
      "beam", {pivot.x(), pivot.y() + 0.25, top_m}, {2 * half_m + 0.09, 0.1, 0.1}, BareWood()));
}

void AddBracket(Scene& scene, const Eigen::Vector3d& pivot) {
  scene.bodies.push_back(
      FixedBox("bracket", {pivot.x(), pivot.y() + 0.12, pivot.z()}, {0.05, 0.2, 0.05}, BareWood()));
}

}  // namespace plumb
